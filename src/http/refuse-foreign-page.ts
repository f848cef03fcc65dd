import type { FastifyRequest } from "fastify";
import { GatewayError } from "../gateway-error.ts";

/**
 * Refuses a browser's request for a page of another origin without a bearer token. A GET needs no
 * preflight request: any page could let its visitors query an API that answers anonymous callers,
 * from within their networks. A POST has a JSON body, which a browser sends after a preflight
 * request only; a bearer token no browser attaches by itself. Without `Origin` and `Sec-Fetch-Site`
 * it is no browser.
 *
 * @param corsOrigins those whose pages may; `*` for any.
 * @throws GatewayError FORBIDDEN
 */
export function refuseForeignPage(
  { method, headers, host }: FastifyRequest,
  corsOrigins: readonly string[],
): void {
  if (method === "POST" || headers.authorization !== undefined || corsOrigins.includes("*")) {
    return;
  }
  const { origin } = headers;
  if (origin !== undefined && corsOrigins.includes(origin)) {
    return;
  }
  const isForeign = origin !== undefined && hostOf(origin) !== withoutUsualPort(host);
  if (isForeign || headers["sec-fetch-site"] === "cross-site") {
    throw new GatewayError(
      "FORBIDDEN",
      "A page of another origin can't send this GET without a bearer token. Send a POST, or let the operator name the origin in server.corsOrigins.",
      { logReason: "an anonymous GET from a page of another origin" },
    );
  }
}

/**
 * Without the scheme: behind a proxy that ends TLS, the gateway doesn't know it. Undefined for text
 * that is not a URL, such as `null`, the origin of a page in a sandbox.
 */
function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? withoutUsualPort(new URL(origin).host) : undefined;
}

function withoutUsualPort(host: string): string {
  return host.toLowerCase().replace(/:(80|443)$/, "");
}
