import { request as httpRequest } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { errorCodes, type GatewayUnderTest, startGatewayUnderTest } from "./gateway-under-test.ts";

let gateway: GatewayUnderTest;
beforeAll(async () => {
  gateway = await startGatewayUnderTest();
});
afterAll(() => gateway.stop());

/** What no answer may hold: a stack trace, a path of the machine, the name of a file of ours. */
const INSIDES = /\n\s+at |node_modules|\.ts:\d|\.js:\d/;

async function signedIn(): Promise<Record<string, string>> {
  return { authorization: `Bearer ${await gateway.bearerTokenOf("contoso-manager")}` };
}

describe("a body that is no GraphQL request is a 4xx with a GraphQL error", () => {
  test.each([
    ["cut JSON", '{"query": "{', 400],
    ["an empty body", "", 400],
    ["a number", "1", 400],
    ["a list", '[{"query": "{ __typename }"}]', 400],
    ["no query", "{}", 400],
    ["a query that is a number", '{"query": 1}', 400],
    ["variables that are text", '{"query": "{ __typename }", "variables": "{}"}', 400],
    ["a poisoned prototype", '{"query": "{ __typename }", "__proto__": {"a": 1}}', 400],
    ["more bytes than allowed", JSON.stringify({ query: "x".repeat(2_000_000) }), 413],
  ])("%s", async (_name, body, status) => {
    const headers = await signedIn();
    // With the media type that has status codes: for application/json some of these are 200.
    const answer = await gateway.post(body, {
      ...headers,
      accept: "application/graphql-response+json",
    });
    expect(answer.status).toBe(status);
    expect(answer.errors.length).toBeGreaterThan(0);
    expect(answer.text).not.toMatch(INSIDES);
  });

  test("another media type", async () => {
    const headers = { ...(await signedIn()), "content-type": "text/plain" };
    const answer = await gateway.post("{ __typename }", headers);
    expect(answer.status).toBe(415);
    expect(answer.errors.length).toBeGreaterThan(0);
  });
});

describe("an operation with a fault is answered with the place and the fault", () => {
  test.each([
    ["does not parse", "{ orders( }", "GRAPHQL_PARSE_FAILED"],
    ["an unknown field", "{ orders { nodes { nope } } }", "GRAPHQL_VALIDATION_FAILED"],
    ["an unknown argument", "{ orders(nope: 1) { totalCount } }", "GRAPHQL_VALIDATION_FAILED"],
    ["a wrong type", '{ orders(first: "ten") { totalCount } }', "GRAPHQL_VALIDATION_FAILED"],
    [
      "an unknown enum value",
      "{ orders(filter: { status: { eq: GONE } }) { totalCount } }",
      "GRAPHQL_VALIDATION_FAILED",
    ],
    ["too many tokens", `{ ${"__typename ".repeat(10_001)} }`, "QUERY_TOO_EXPENSIVE"],
    [
      "too many fields",
      `{ ${Array.from({ length: 200 }, (_, index) => `a${index}: orders { totalCount }`).join(" ")} }`,
      "QUERY_TOO_EXPENSIVE",
    ],
    ["a negative page", "{ orders(first: -1) { totalCount } }", "BAD_USER_INPUT"],
    ["too large a page", "{ orders(first: 100000) { totalCount } }", "BAD_USER_INPUT"],
    ["a cursor of nowhere", '{ orders(after: "x") { totalCount } }', "BAD_USER_INPUT"],
  ])("%s", async (_name, query, code) => {
    const manager = await gateway.as("contoso-manager");
    const answer = await manager.post(query);
    expect(errorCodes(answer)[0]).toBe(code);
    expect(answer.errors[0]?.message).toBeTruthy();
    expect(answer.text).not.toMatch(INSIDES);
  });

  test("a variable of a wrong type", async () => {
    const manager = await gateway.as("contoso-manager");
    const query = "query ($first: Int) { orders(first: $first) { totalCount } }";
    const answer = await manager.post(query, { first: "ten" });
    expect(errorCodes(answer)).toEqual(["BAD_USER_INPUT"]);
    expect(answer.errors[0]?.message).toContain("$first");
  });

  test("ids that Cosmos DB could take for something else", async () => {
    const manager = await gateway.as("contoso-manager");
    for (const id of ["", "a/b", "a\\b", "a?b", "a#b", "..", ".", "x ", "%2e%2e", "../../colls"]) {
      const answer = await manager.post("query ($id: ID!) { order(id: $id) { id } }", { id });
      expect(answer.status).toBe(200);
      expect(answer.data?.order ?? null, id).toBeNull();
      expect(["BAD_USER_INPUT", undefined], id).toContain(errorCodes(answer)[0]);
    }
  });
});

test("odd requests get an answer, and the gateway stays up", async () => {
  const odd = (path: string, options: { method?: string; headers?: Record<string, string> } = {}) =>
    new Promise<number>((resolve, reject) => {
      const request = httpRequest(new URL(gateway.address), { path, ...options }, (response) => {
        response.resume().on("end", () => resolve(response.statusCode ?? 0));
      });
      request.on("error", reject).end();
    });
  expect(await odd("/graphql?query=%", { headers: await signedIn() })).toBeLessThan(500);
  expect(await odd("//graphql", {})).toBeLessThan(500);
  expect(await odd("/graphql", { headers: { host: "[" } })).toBe(400);
  expect(await odd("/graphql", { headers: { host: "a b" } })).toBe(400);
  expect(await odd("/%E0%A4%A", {})).toBeLessThan(500);
  expect(await odd("/graphql", { method: "PUT", headers: await signedIn() })).toBeLessThan(500);
  expect(await odd("/nope", {})).toBe(404);
  const stillUp = await fetch(`${gateway.address}/healthz`);
  expect(stillUp.status).toBe(200);
});
