import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { IncomingMessage } from "node:http";

/**
 * Tells every token that an HTTP server of this process is shown: bearer tokens, resource tokens
 * and signatures of the account key, as they stand in `authorization`, decoded. Reads the headers
 * where Node.js has them, so neither gateway nor emulator is changed or asked.
 *
 * @returns what ends it.
 */
export function watchUsedTokens(report: (token: string, url: string) => void): () => void {
  const channel = "http.server.request.start";
  const onRequest = (message: unknown): void => {
    // The channel's documentation: `request` is the http.IncomingMessage.
    const { request } = message as { readonly request: IncomingMessage };
    const token = tokenIn(request.headers.authorization);
    if (token !== undefined) {
      report(token, request.url ?? "");
    }
  };
  subscribe(channel, onRequest);
  return () => {
    unsubscribe(channel, onRequest);
  };
}

function tokenIn(authorization: string | undefined): string | undefined {
  if (authorization === undefined) {
    return undefined;
  }
  const [, bearerToken] = /^bearer +(\S+)$/i.exec(authorization) ?? [];
  if (bearerToken !== undefined) {
    return bearerToken;
  }
  try {
    return decodeURIComponent(authorization);
  } catch {
    return authorization;
  }
}
