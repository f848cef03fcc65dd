import { once } from "node:events";
import http from "node:http";
import type { AddressInfo } from "node:net";

/** A request that came to the proxy, and what became of it. */
export interface ProxiedRequest {
  readonly method: string;
  readonly path: string;
  readonly outcome: "under way" | "answered" | "cut";
}

/** Answers in place of Cosmos DB, or undefined to pass the request on. */
export type Interception = (request: {
  readonly method: string;
  readonly path: string;
}) => { readonly status: number; readonly retryAfterMs: number } | undefined;

export interface ProxyOptions {
  /** Milliseconds by which an answer is held back. Default 0. */
  readonly delayMs?: (request: { readonly method: string; readonly path: string }) => number;
  readonly intercept?: Interception;
  /** Told of every answer of Cosmos DB that is passed on. */
  readonly onAnswer?: (answer: { readonly path: string; readonly requestCharge: number }) => void;
}

/** An HTTP server between the gateway and the emulator, which sees what the emulator does not: cut connections. */
export async function startRecordingProxy(target: () => string, options: ProxyOptions = {}) {
  const { delayMs = () => 0, intercept = () => undefined, onAnswer = () => {} } = options;
  const requests: { method: string; path: string; outcome: ProxiedRequest["outcome"] }[] = [];
  const agent = new http.Agent({ keepAlive: true, maxSockets: 512 });

  const server = http.createServer((request, response) => {
    const { method = "", url: path = "" } = request;
    const record = { method, path, outcome: "under way" as ProxiedRequest["outcome"] };
    requests.push(record);
    response.on("close", () => {
      record.outcome = response.writableFinished ? "answered" : "cut";
    });
    const refusal = intercept({ method, path });
    if (refusal !== undefined) {
      request.resume();
      response.writeHead(refusal.status, {
        "content-type": "application/json",
        "x-ms-retry-after-ms": String(refusal.retryAfterMs),
      });
      response.end(JSON.stringify({ code: String(refusal.status), message: "Refused for now." }));
      return;
    }
    const upstream = http.request(
      new URL(path, target()),
      { method, headers: request.headers, agent },
      (answer) => {
        onAnswer({ path, requestCharge: Number(answer.headers["x-ms-request-charge"]) || 0 });
        setTimeout(() => {
          response.writeHead(answer.statusCode ?? 500, answer.headers);
          answer.pipe(response);
        }, delayMs(record));
      },
    );
    upstream.on("error", () => response.destroy());
    request.pipe(upstream);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;

  return {
    endpoint: `http://127.0.0.1:${port}/`,
    requests: (): readonly ProxiedRequest[] => requests,
    forget: () => {
      requests.length = 0;
    },
    stop: async () => {
      agent.destroy();
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
