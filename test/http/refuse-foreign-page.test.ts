import fastify, { type FastifyInstance } from "fastify";
import { afterAll, beforeAll, expect, test } from "vitest";
import { refuseForeignPage } from "../../src/http/refuse-foreign-page.ts";

let server: FastifyInstance;
beforeAll(() => {
  server = fastify();
  server.route({
    method: ["GET", "POST"],
    url: "/graphql",
    onRequest: async (request) => refuseForeignPage(request, ["https://app.example.com"]),
    handler: async () => "taken",
  });
  server.setErrorHandler((error, _request, reply) => {
    reply.status(403).send(String((error as { code?: unknown }).code));
  });
});
afterAll(() => server.close());

const FOREIGN = { origin: "https://elsewhere.example.com" };

test.each<[string, "GET" | "POST", Record<string, string>]>([
  ["a program that is no browser", "GET", {}],
  ["a page of the gateway's own origin", "GET", { origin: "http://gateway.example.com" }],
  ["the same, its usual port named", "GET", { origin: "https://gateway.example.com:443" }],
  ["a page of a named origin", "GET", { origin: "https://app.example.com" }],
  ["a page that has a bearer token", "GET", { ...FOREIGN, authorization: "Bearer x" }],
  ["a page whose POST the browser asked about first", "POST", FOREIGN],
])("%s may send a request", async (_, method, headers) => {
  const { body } = await send(method, headers);
  expect(body).toBe("taken");
});

test.each<[string, Record<string, string>]>([
  ["of another origin", FOREIGN],
  ["of another port", { origin: "http://gateway.example.com:8080" }],
  ["in a sandbox", { origin: "null" }],
  ["of another site, whose browser names no origin", { "sec-fetch-site": "cross-site" }],
])("a page %s can't send a GET without a bearer token", async (_, headers) => {
  const { body } = await send("GET", headers);
  expect(body).toBe("FORBIDDEN");
});

function send(method: "GET" | "POST", headers: Record<string, string>) {
  return server.inject({
    method,
    url: "/graphql",
    headers: { host: "gateway.example.com", ...headers },
  });
}
