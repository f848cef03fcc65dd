import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** An issuer's key set over HTTP, as tests need it: it counts requests, and can change or fail. */
export interface KeyServer {
  readonly jwksUri: string;
  /** How many requests came. */
  requests(): number;
  answerWith(status: number, body: unknown): void;
  stop(): Promise<void>;
}

export async function startKeyServer(keys: readonly object[]): Promise<KeyServer> {
  let requests = 0;
  let answer: { status: number; body: unknown } = { status: 200, body: { keys } };
  const server = createServer((_request, response) => {
    requests += 1;
    response.writeHead(answer.status, { "content-type": "application/json" });
    response.end(typeof answer.body === "string" ? answer.body : JSON.stringify(answer.body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    jwksUri: `http://127.0.0.1:${port}/keys`,
    requests: () => requests,
    answerWith: (status, body) => {
      answer = { status, body };
    },
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
