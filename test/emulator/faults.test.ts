import { createConnection } from "node:net";
import type { Container } from "@azure/cosmos";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startEmulator } from "../../src/emulator/start-emulator.ts";
import { errorOf, startTestAccount, type TestAccount } from "./test-account.ts";

let account: TestAccount;
let container: Container;

beforeAll(async () => {
  account = await startTestAccount();
  container = await account.createContainer({ id: "c" });
  await container.items.create({ id: "1", pk: "a" });
});
afterAll(() => account.stop());
beforeEach(() => account.clearRequests());
afterEach(async () => {
  await account.send("DELETE", "/_emulator/faults");
});

const item = "/dbs/db/colls/c/docs/1";
const headers = { "x-ms-documentdb-partitionkey": '["a"]' };
const read = () => account.send("GET", item, { headers });

describe("faults", () => {
  test.each([
    [429, 3200],
    [503, 0],
    [408, 0],
    [449, 0],
    [403, 3],
    [410, 1002],
  ])("a request is answered %i/%i once, then served", async (status, substatus) => {
    await account.addFault({ match: { method: "GET", path: "/docs/" }, status, substatus });
    const fault = await read();
    expect([fault.status, fault.headers["x-ms-substatus"]]).toEqual([status, String(substatus)]);
    expect(fault.body).toEqual({ code: expect.any(String), message: expect.any(String) });
    expect((await read()).status).toBe(200);
  });

  test("the SDK waits as told and repeats a throttled request", async () => {
    await account.addFault({ match: { path: "/docs/1$" }, times: 2, status: 429, retryAfterMs: 5 });
    expect((await container.item("1", "a").read()).statusCode).toBe(200);
    const statuses = (await account.requests()).map(({ status }) => status);
    expect(statuses).toEqual([429, 429, 200]);
  });

  test("a fault is only for the requests that it matches", async () => {
    await account.addFault({ match: { method: "PUT", path: "/docs/1$" }, status: 503 });
    expect((await read()).status).toBe(200);
    await account.addFault({ match: { path: "/docs/2$" }, status: 503 });
    expect((await read()).status).toBe(200);
  });

  test("a connection is dropped before the request takes effect", async () => {
    await account.addFault({ match: { method: "DELETE" }, drop: true });
    await expect(account.send("DELETE", item, { headers })).rejects.toThrow();
    expect((await read()).status).toBe(200);
  });

  test("a connection is dropped after the request took effect", async () => {
    await container.items.upsert({ id: "lost", pk: "a" });
    await account.addFault({ match: { method: "DELETE" }, drop: "response" });
    const lost = account.send("DELETE", "/dbs/db/colls/c/docs/lost", { headers });
    await expect(lost).rejects.toThrow();
    expect((await container.item("lost", "a").read()).statusCode).toBe(404);
  });

  test("a delayed request is served", async () => {
    await account.addFault({ match: { path: "/docs/1$" }, delayMs: 5 });
    expect((await read()).status).toBe(200);
  });

  test("a slow body comes whole", async () => {
    await account.addFault({ match: { path: "/docs/1$" }, slowBodyMs: 5 });
    expect((await read()).body).toMatchObject({ id: "1" });
  });

  test("faults are cleared", async () => {
    await account.addFault({ match: {}, times: 100, status: 503 });
    expect((await read()).status).toBe(503);
    await account.send("DELETE", "/_emulator/faults");
    expect((await read()).status).toBe(200);
  });

  test.each([
    { match: { path: "(" } },
    { match: { method: 5 } },
    { status: "503" },
    { status: 42 },
    { times: -1, status: 503 },
    { times: 0, status: 503 },
    { drop: "now" },
  ])("the fault %j is refused", async (fault) => {
    expect((await errorOf(account.addFault(fault))).message).toBeTruthy();
  });
});

describe("the request log", () => {
  test("tells of each request what the contract says, and no token", async () => {
    await container.items.query("SELECT * FROM c", { partitionKey: "a" }).fetchAll();
    await container.items.create({ id: "2", pk: "a" });
    await container.item("2", "a").delete();
    await account.send("GET", item, { headers, authorization: null });
    const log = await account.requests();
    expect(log.map(({ kind }) => kind).sort()).toEqual(
      ["create", "delete", "query", "query-plan", "read"].sort(),
    );
    const query = log.find(({ kind }) => kind === "query");
    expect(query).toEqual({
      method: "POST",
      path: "/dbs/db/colls/c/docs",
      partitionKey: ["a"],
      kind: "query",
      authorization: "master",
      cosmosUser: null,
      permissionId: null,
      query: "SELECT * FROM c",
      status: 200,
      requestCharge: expect.any(Number),
    });
    expect(log.at(-1)).toMatchObject({ authorization: "none", status: 401 });
    expect(JSON.stringify(log)).not.toMatch(/sig=|type%3D/i);
  });

  test("names the Cosmos DB user and the permission of a resource token", async () => {
    const { users } = account.client.database("db");
    await users.create({ id: "ann" });
    const { resource } = await account.client
      .database("db")
      .user("ann")
      .permissions.create({
        id: "reader",
        permissionMode: "Read" as never,
        resource: container.url,
      });
    await account.clearRequests();
    const client = account.createClient({
      key: undefined as never,
      tokenProvider: async () => resource?._token ?? "",
    });
    await client.database("db").container("c").item("1", "a").read();
    await account.client.database("db").user("ann").permissions.readAll().fetchAll();
    const log = await account.requests();
    expect(log.filter(({ kind }) => kind === "read" || kind === "permission-feed")).toMatchObject([
      { authorization: "resource", cosmosUser: "ann", permissionId: "reader", partitionKey: ["a"] },
      { authorization: "master", kind: "permission-feed", requestCharge: 2 },
    ]);
  });

  test("holds metadata requests as well", async () => {
    await container.read();
    await container.getFeedRanges();
    const kinds = (await account.requests()).map(({ kind }) => kind);
    expect(kinds).toEqual(expect.arrayContaining(["read", "partition-key-ranges"]));
  });
});

describe("test controls", () => {
  test("the clock moves every time the service writes", async () => {
    const before = await container.items.upsert({ id: "t", pk: "a" });
    await account.advanceClock(3600);
    const after = await container.items.upsert({ id: "t", pk: "a" });
    const moved = Number(after.resource?._ts) - Number(before.resource?._ts);
    expect(moved).toBeGreaterThanOrEqual(3600);
    await account.advanceClock(-3600);
  });

  test.each([{ advanceSeconds: "1" }, {}])("the clock refuses %j", async (body) => {
    expect((await account.send("POST", "/_emulator/clock", { body })).status).toBe(400);
  });

  test("there are none without being asked for", async () => {
    const plain = await startEmulator({ port: 0 });
    const response = await fetch(`${plain.endpoint}_emulator/requests`);
    expect(response.status).toBe(401);
    await plain.stop();
  });

  test("what is not HTTP is answered with 400", async () => {
    const { hostname, port } = new URL(account.endpoint);
    const answer = await new Promise<string>((resolve, reject) => {
      let text = "";
      const socket = createConnection(Number(port), hostname, () => socket.end("nonsense\r\n\r\n"));
      socket.on("data", (chunk) => {
        text += chunk.toString();
      });
      socket.on("end", () => resolve(text));
      socket.on("error", reject);
    });
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  });
});
