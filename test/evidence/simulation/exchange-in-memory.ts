import { IncomingMessage, ServerResponse } from "node:http";
import { Socket } from "node:net";
import type { PipelineRequest } from "@azure/core-rest-pipeline";
import type { RequestHandler } from "../../../src/emulator/http/server.ts";

export interface WireMessage {
  readonly method: string;
  /** Path as sent, still encoded. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

export interface WireAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What a request of the SDK is on the wire. */
export function messageOf({ method, url, headers, body }: PipelineRequest): WireMessage {
  const { host } = new URL(url);
  return {
    method,
    path: url.replace(/^[a-z]+:\/\/[^/]*/i, "") || "/",
    headers: { ...headers.toJSON(), host },
    body: typeof body === "string" ? body : undefined,
  };
}

/**
 * One HTTP request to a server's handler and its answer, in Node.js' own classes but on a socket
 * that is connected to nothing.
 */
export async function exchangeInMemory(
  handle: RequestHandler,
  { method, path, headers, body }: WireMessage,
): Promise<WireAnswer> {
  const request = new IncomingMessage(new Socket());
  request.method = method;
  request.url = path;
  request.headers = { ...headers };
  if (body !== undefined) {
    request.push(Buffer.from(body));
  }
  request.push(null);
  request.complete = true;
  const response = new AnswerInMemory(request);
  await handle(request, response);
  return response.answer();
}

/** Keeps what is written to it. */
class AnswerInMemory extends ServerResponse {
  #headers: Record<string, string> = {};
  #body = "";

  override writeHead(status: number, ...rest: readonly unknown[]): this {
    this.statusCode = status;
    const headers = rest.find((each) => typeof each === "object" && each !== null) ?? {};
    for (const [name, value] of Object.entries(headers)) {
      this.#headers[name.toLowerCase()] = String(value);
    }
    return this;
  }

  override end(chunk?: unknown): this {
    this.#body = typeof chunk === "string" ? chunk : "";
    return this;
  }

  answer(): WireAnswer {
    return { status: this.statusCode, headers: this.#headers, body: this.#body };
  }
}
