import { once } from "node:events";
import { type AddressInfo, connect } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDrain } from "../../src/http/drain.ts";
import { createHttpServer } from "../../src/http/http-server.ts";

const RECEIVE_TIMEOUT_MS = 400;

let server: FastifyInstance;
let port: number;
/** Bodies that arrived as a whole. */
const arrived: unknown[] = [];
beforeAll(async () => {
  server = createHttpServer({
    requestBytes: 10_000,
    challengeFor: () => "Bearer",
    observe: () => {},
    receiveTimeoutMs: RECEIVE_TIMEOUT_MS,
    drain: createDrain(),
    routes: [
      async (routes: FastifyInstance) => {
        routes.post("/graphql", async ({ body }) => {
          arrived.push(body);
          await wait(2 * RECEIVE_TIMEOUT_MS);
          return { data: null };
        });
      },
    ],
  });
  await server.listen({ port: 0, host: "127.0.0.1" });
  port = (server.server.address() as AddressInfo).port;
});
afterAll(() => server.close());

const HEAD = "POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n";

/** What the server answers until it closes the connection, while the client goes on sending. */
async function dribble(start: string, next: string): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  let text = "";
  socket.on("data", (part) => {
    text += part.toString();
  });
  // A write after the server has closed is no failure of the test.
  socket.on("error", () => {});
  socket.write(start);
  const timer = setInterval(() => socket.write(next), 50);
  await once(socket, "close");
  clearInterval(timer);
  return text;
}

test.each([
  ["body", `${HEAD}content-length: 9000\r\n\r\n{`, " "],
  ["body in chunks", `${HEAD}transfer-encoding: chunked\r\n\r\n1\r\n{\r\n`, "1\r\n \r\n"],
  ["line of headers", HEAD, "x"],
])("a client that dribbles a %s is cut off with 408", async (_name, start, next) => {
  const answer = await dribble(start, next);
  expect(answer).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/);
  expect(answer).toMatch(/\r\nconnection: close\r\n/i);
  const body = JSON.parse(answer.slice(answer.indexOf("\r\n\r\n") + 4));
  expect(body).toEqual({
    errors: [{ message: "The request did not arrive in time.", extensions: { code: "TIMEOUT" } }],
  });
  expect(arrived).toEqual([]);
});

test("a request that has arrived may take longer to be answered", async () => {
  const answer = await fetch(`http://127.0.0.1:${port}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: "{}",
  });
  expect(answer.status).toBe(200);
  expect(arrived).toEqual([{}]);
});

test.each([
  ["what is no HTTP", "hello\r\n\r\n", "400 Bad Request"],
  ["headers without an end", `${HEAD}x: ${"y".repeat(40_000)}\r\n\r\n`, "431 Request Header"],
])("%s is answered as a GraphQL response", async (_name, text, status) => {
  const answer = await dribble(text, "");
  expect(answer).toContain(`HTTP/1.1 ${status}`);
  expect(answer).toContain('"code":"BAD_USER_INPUT"');
});
