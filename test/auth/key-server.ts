import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** An issuer's key set over HTTP, as tests need it: it counts requests, and can change or fail. */
export interface KeyServer {
  readonly jwksUri: string;
  /** How many requests came. */
  requests(): number;
  answerWith(status: number, body: unknown): void;
  /** From now on a body has no end: it goes on as fast as it is read, or a byte every 100 ms. */
  answerWithoutEnd(pace: "fast" | "slow"): void;
  /** How many bytes of endless bodies were taken by clients or their connections. */
  bytesSent(): number;
  /** Resolves when the client has ended a connection with an endless body. */
  givenUp(): Promise<void>;
  stop(): Promise<void>;
}

export async function startKeyServer(keys: readonly object[]): Promise<KeyServer> {
  let requests = 0;
  let answer: { status: number; body: unknown } = { status: 200, body: { keys } };
  let pace: "fast" | "slow" | undefined;
  let bytesSent = 0;
  const givenUp = Promise.withResolvers<void>();
  const server = createServer((_request, response) => {
    requests += 1;
    if (pace !== undefined) {
      const part = " ".repeat(pace === "fast" ? 65_536 : 1);
      let isOpen = true;
      response.once("close", () => {
        isOpen = false;
        givenUp.resolve();
      });
      const send = () => {
        if (isOpen) {
          bytesSent += part.length;
          response.write(part, () => setTimeout(send, pace === "fast" ? 0 : 100));
        }
      };
      response.writeHead(200, { "content-type": "application/json" });
      send();
      return;
    }
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
    answerWithoutEnd: (wanted) => {
      pace = wanted;
    },
    bytesSent: () => bytesSent,
    givenUp: () => givenUp.promise,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
