import { once } from "node:events";
import { createServer, request, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startRequestLifetime } from "../../src/http/request-lifetime.ts";

let server: Server;
let port: number;
beforeEach(async () => {
  server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  port = (server.address() as AddressInfo).port;
});
afterEach(() => server.close());

/** The response to a request that a client has just sent, and a way for the client to leave. */
async function openResponse(): Promise<{ response: ServerResponse; leave: () => void }> {
  const client = request({ port, host: "127.0.0.1", agent: false });
  client.on("error", () => {});
  client.end();
  const [, response] = (await once(server, "request")) as [unknown, ServerResponse];
  return { response, leave: () => client.destroy() };
}

test("ends with a TimeoutError when the deadline passes", async () => {
  const { response } = await openResponse();
  const { signal } = startRequestLifetime(response, 1);
  await once(signal, "abort");
  expect(signal.reason).toMatchObject({ name: "TimeoutError" });
  response.end();
});

test("ends when the client leaves before the answer", async () => {
  const { response, leave } = await openResponse();
  const { signal } = startRequestLifetime(response, 60_000);
  leave();
  await once(signal, "abort");
  expect(signal.reason).toMatchObject({ code: "TIMEOUT" });
});

test("is not aborted by an answer that was sent, and tells those who come late as well", async () => {
  const { response } = await openResponse();
  const lifetime = startRequestLifetime(response, 60_000);
  const told: string[] = [];
  lifetime.onAnswered(() => told.push("answered"));
  lifetime.onEnd(() => told.push("ended"));
  lifetime.markAnswered();
  expect(told).toEqual(["answered"]);
  response.end();
  await once(response, "close");
  lifetime.onEnd(() => told.push("late"));
  expect(told).toEqual(["answered", "ended", "late"]);
  expect(lifetime.signal.aborted).toBe(false);
});
