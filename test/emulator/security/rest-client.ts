import { createHmac } from "node:crypto";
import { request as httpRequest } from "node:http";
import { text } from "node:stream/consumers";
import type { Emulator } from "../../../src/emulator/start-emulator.ts";

export interface RestAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** JSON; undefined if there is none. Tests look into it. */
  // biome-ignore lint/suspicious/noExplicitAny: the body is whatever the emulator answers
  readonly body: any;
}

export interface RestRequest {
  /** An array sends the header several times. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** Sent as JSON; a string as it is. */
  readonly body?: unknown;
  /** The path as it travels, where it isn't the link with its segments escaped. */
  readonly rawPath?: string;
  /** When the signature with an account key says it is made. Default: now. */
  readonly dateMs?: number;
}

/** Sends requests as they are given, without the normalization that fetch and the SDKs do. */
export interface RestClient {
  /** With an account key, the primary one unless another is given. */
  withKey(method: string, link: string, request?: RestRequest, key?: string): Promise<RestAnswer>;
  /** With a resource token, unescaped as permissions carry it. */
  withToken(
    resourceToken: string,
    method: string,
    link: string,
    request?: RestRequest,
  ): Promise<RestAnswer>;
  /** With whatever headers are given. */
  send(method: string, link: string, request?: RestRequest): Promise<RestAnswer>;
}

export function createRestClient(emulator: Pick<Emulator, "endpoint" | "keys">): RestClient {
  const { hostname, port } = new URL(emulator.endpoint);

  function send(method: string, link: string, request: RestRequest = {}): Promise<RestAnswer> {
    const { headers = {}, body, rawPath } = request;
    const path = rawPath ?? `/${link.split("/").map(encodeURIComponent).join("/")}`;
    return new Promise((resolve, reject) => {
      const outgoing = httpRequest({ hostname, port, method, path, agent: false }, (incoming) => {
        text(incoming).then((content) => {
          resolve({
            status: incoming.statusCode ?? 0,
            headers: incoming.headers,
            body: content === "" ? undefined : JSON.parse(content),
          });
        }, reject);
      });
      for (const [name, value] of Object.entries(headers)) {
        outgoing.setHeader(name, value);
      }
      outgoing.on("error", reject);
      const content = typeof body === "string" ? body : JSON.stringify(body ?? "");
      if (body !== undefined) {
        outgoing.setHeader("content-length", Buffer.byteLength(content));
      }
      outgoing.end(body === undefined ? undefined : content);
    });
  }

  return {
    send,
    withKey: (method, link, request = {}, key = emulator.keys[0]) =>
      send(method, link, {
        ...request,
        headers: {
          ...masterKeyHeaders(method, link, key, request.dateMs ?? Date.now()),
          ...request.headers,
        },
      }),
    withToken: (resourceToken, method, link, request = {}) =>
      send(method, link, {
        ...request,
        headers: { authorization: encodeURIComponent(resourceToken), ...request.headers },
      }),
  };
}

/** Microsoft's REST reference, "Access control in the Azure Cosmos DB SQL API", once more and by itself. */
function masterKeyHeaders(method: string, link: string, key: string, dateMs: number) {
  const segments = link === "" ? [] : link.split("/");
  const isFeed = segments.length % 2 === 1;
  const resourceType = segments.at(isFeed ? -1 : -2) ?? "";
  const resourceLink = (isFeed ? segments.slice(0, -1) : segments).join("/");
  const date = new Date(dateMs).toUTCString();
  const payload = `${method.toLowerCase()}\n${resourceType.toLowerCase()}\n${resourceLink}\n${date.toLowerCase()}\n\n`;
  const signature = createHmac("sha256", Buffer.from(key, "base64")).update(payload);
  return {
    authorization: encodeURIComponent(`type=master&ver=1.0&sig=${signature.digest("base64")}`),
    "x-ms-date": date,
  };
}
