import { X509Certificate } from "node:crypto";
import { Agent } from "node:https";
import { createConnection } from "node:net";
import { CosmosClient } from "@azure/cosmos";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startEmulator } from "../../src/emulator/start-emulator.ts";
import { errorOf, startTestAccount, type TestAccount } from "./test-account.ts";

let account: TestAccount;

beforeAll(async () => {
  account = await startTestAccount({ partitions: 2 });
  const container = await account.createContainer({ id: "c" });
  await container.items.create({ id: "1", pk: "a", n: 1, list: [1, 2] });
  await container.items.create({ id: "2", pk: "b" });
  await container.scripts.storedProcedures.create({ id: "s", body: "function () {}" });
  await account.client.database("db").users.create({ id: "u" });
});
afterAll(() => account.stop());

describe("the account document", () => {
  test("advertises the host that the client used", async () => {
    const { port } = new URL(account.endpoint);
    const { body } = await account.send("GET", "/", { headers: { host: `localhost:${port}` } });
    expect(body.writableLocations).toEqual([
      { name: expect.any(String), databaseAccountEndpoint: `http://localhost:${port}/` },
    ]);
    expect(body.userConsistencyPolicy).toEqual({ defaultConsistencyLevel: "Session" });
  });

  test("does not repeat a host that is none", async () => {
    const { body } = await account.send("GET", "/", { headers: { host: 'evil"><script>' } });
    expect(JSON.stringify(body)).not.toContain("script");
  });

  test("lets a default client of the SDK work", async () => {
    const { resource } = await account.client.getDatabaseAccount();
    expect(resource?.consistencyPolicy).toBe("Session");
  });
});

describe("answers", () => {
  test("have the service's headers", async () => {
    const { headers } = await account.send("GET", "/dbs/db");
    expect(headers).toMatchObject({
      "content-type": "application/json",
      "x-ms-activity-id": expect.stringMatching(/^[0-9a-f-]{36}$/),
      "x-ms-request-charge": "1",
      etag: expect.any(String),
    });
  });

  test("to what is not there are 404 in the service's shape", async () => {
    const { status, headers, body } = await account.send("GET", "/dbs/none");
    expect(status).toBe(404);
    expect(body).toEqual({
      code: "NotFound",
      message: expect.stringContaining("\r\nActivityId: "),
    });
    expect(body.message).toContain(headers["x-ms-activity-id"]);
  });

  test.each([
    ["GET", "/nothing"],
    ["PUT", "/dbs"],
    ["DELETE", "/dbs"],
    ["PATCH", "/dbs/db"],
    ["GET", "/dbs/db/colls/c/nothing"],
    ["GET", "/dbs/db/colls/c/docs/1/nothing"],
    ["OPTIONS", "/"],
    ["TRACE", "/dbs"],
  ])("%s %s is 405 or 404, never a wrong answer", async (method, path) => {
    const { status } = await account.send(method, path);
    expect([404, 405]).toContain(status);
  });

  test("slashes around a path don't matter, empty segments in it are 400", async () => {
    expect((await account.send("GET", "/dbs/db/")).status).toBe(200);
    expect((await account.send("GET", "/dbs//colls")).status).toBe(400);
  });

  test("a query string is no part of a path, but where an item's id stands", async () => {
    const { status } = await account.send("GET", "/dbs/db?x=/y", {
      authorization: (await import("./test-account.ts")).sign(
        account.key,
        "GET",
        "/dbs/db",
        new Date().toUTCString(),
      ),
    });
    expect(status).toBe(200);
  });

  test.each(["", "{", "[]", '"x"', "5", "null", '{"id":1e999}', "\ufeff{}", "[".repeat(100_000)])(
    "the body %j for a new item is 400",
    async (body) => {
      const headers = { "x-ms-documentdb-partitionkey": '["a"]' };
      const answer = await account.send("POST", "/dbs/db/colls/c/docs", { headers, body });
      expect(answer.status).toBe(400);
      expect(answer.body.code).toBe("BadRequest");
    },
  );

  test("a body that is not UTF-8 is 400", async () => {
    const headers = { "x-ms-documentdb-partitionkey": '["a"]' };
    const body = Buffer.concat([
      Buffer.from('{"id":"'),
      Buffer.of(0xff, 0xfe),
      Buffer.from('","pk":"a"}'),
    ]);
    expect((await account.send("POST", "/dbs/db/colls/c/docs", { headers, body })).status).toBe(
      400,
    );
  });

  test("nesting up to 128 levels is taken, one more refused", async () => {
    const headers = { "x-ms-documentdb-partitionkey": '["a"]' };
    const nested = (levels: number): string =>
      `{"id":"deep","pk":"a","x":${"[".repeat(levels - 1)}${"]".repeat(levels - 1)}}`;
    const post = (body: string) => account.send("POST", "/dbs/db/colls/c/docs", { headers, body });
    expect((await post(nested(128))).status).toBe(201);
    expect((await post(nested(129))).status).toBe(400);
  });

  test.each(["0", "-2", "1.5", "many", "99999999999999"])(
    "the page size %s is 400",
    async (size) => {
      const headers = { "x-ms-max-item-count": size };
      expect((await account.send("GET", "/dbs", { headers })).status).toBe(400);
    },
  );

  test.each(["x", "-1", "+FP:9:", "+FP:x", "0".repeat(5000)])(
    "the continuation token %s is 400",
    async (continuation) => {
      const headers = { "x-ms-continuation": continuation };
      expect((await account.send("GET", "/dbs/db/colls/c/docs", { headers })).status).toBe(400);
    },
  );
});

describe("starting", () => {
  test("on a port that is taken is refused", async () => {
    const port = Number(new URL(account.endpoint).port);
    await expect(startEmulator({ port })).rejects.toThrow(/EADDRINUSE/);
  });

  test.each([0, -1, 1.5, Number.NaN, 1000])("with %j partitions is refused", async (partitions) => {
    await expect(startEmulator({ port: 0, partitions })).rejects.toThrow(RangeError);
  });

  test("with a seed that the service would refuse is refused", async () => {
    const seed = [{ id: "a/b", containers: [] }];
    await expect(startEmulator({ port: 0, seed })).rejects.toThrow();
  });

  test("and stopping frees the port, with clients still connected", async () => {
    const first = await startTestAccount();
    await first.createContainer();
    const port = Number(new URL(first.endpoint).port);
    await first.stop();
    const second = await startEmulator({ port });
    await second.stop();
    expect((await errorOf(first.client.databases.readAll().fetchAll())).message).toBeTruthy();
  });
});

describe("tls", () => {
  test("serves HTTPS with a certificate that clients can be told to trust", async () => {
    const emulator = await startEmulator({ port: 0, tls: true });
    const { certificate = "", endpoint, keys } = emulator;
    expect(endpoint).toMatch(/^https:/);
    const parsed = new X509Certificate(certificate);
    expect(parsed.verify(parsed.publicKey)).toBe(true);
    expect([
      parsed.checkHost("localhost"),
      parsed.checkIP("127.0.0.1"),
      parsed.checkIP("::1"),
    ]).toEqual(["localhost", "127.0.0.1", "::1"]);
    const agent = new Agent({ ca: certificate });
    const client = new CosmosClient({ endpoint, key: keys[0], agent });
    const { resource } = await client.databases.create({ id: "db" });
    expect(resource?.id).toBe("db");
    const { resource: document } = await client.getDatabaseAccount();
    expect(document?.writableLocations[0]?.databaseAccountEndpoint).toBe(endpoint);
    client.dispose();
    const distrustful = new CosmosClient({ endpoint, key: keys[0], agent: new Agent() });
    expect((await errorOf(distrustful.databases.create({ id: "no" }))).message).toMatch(
      /self-signed/,
    );
    distrustful.dispose();
    await emulator.stop();
  });
});

describe("whatever comes", () => {
  const oddText = fc.oneof(
    fc.constantFrom(
      "",
      " ",
      "%",
      "%00",
      "..",
      "'",
      '"',
      "{}",
      "[]",
      "null",
      "true",
      "-1",
      "1e400",
      "\\",
      "ü",
      "*",
      "0:-1#1",
    ),
    fc.string({ maxLength: 30 }),
  );
  const segment = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.constantFrom(
        "dbs",
        "db",
        "colls",
        "c",
        "docs",
        "1",
        "users",
        "u",
        "permissions",
        "pkranges",
        "sprocs",
        "s",
        "udfs",
        "triggers",
        "offers",
        "operations",
        "partitionkeydelete",
      ),
    },
    { weight: 1, arbitrary: oddText.map((text) => text.replace(/[^!-~]/g, "_")) },
  );
  const feeds = [
    "/dbs/db/colls",
    "/dbs",
    "/dbs/db/users",
    "/dbs/db/users/u/permissions",
    "/offers",
  ];
  const resources = ["/dbs/db/colls/c", "/dbs/db/users/u", "/dbs/db/colls/c/sprocs/s"];
  const target = fc.oneof(
    {
      weight: 6,
      arbitrary: fc
        .constantFrom("GET", "POST")
        .map((method) => [method, "/dbs/db/colls/c/docs"] as const),
    },
    {
      weight: 4,
      arbitrary: fc
        .constantFrom("GET", "PUT", "PATCH", "PATCH", "DELETE")
        .map((method) => [method, "/dbs/db/colls/c/docs/1"] as const),
    },
    { weight: 3, arbitrary: fc.tuple(fc.constantFrom("GET", "POST"), fc.constantFrom(...feeds)) },
    {
      weight: 2,
      arbitrary: fc.tuple(fc.constantFrom("GET", "PUT", "POST"), fc.constantFrom(...resources)),
    },
    {
      weight: 1,
      arbitrary: fc.constant(["POST", "/dbs/db/colls/c/operations/partitionkeydelete"] as const),
    },
    { weight: 1, arbitrary: fc.constant(["GET", "/dbs/db/colls/c/pkranges"] as const) },
    {
      weight: 2,
      arbitrary: fc.tuple(
        fc.constantFrom("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"),
        fc.array(segment, { maxLength: 8 }).map((segments) => `/${segments.join("/")}`),
      ),
    },
  );
  const header = fc.tuple(
    fc.constantFrom(
      "x-ms-documentdb-partitionkey",
      "x-ms-documentdb-isquery",
      "x-ms-cosmos-is-query-plan-request",
      "x-ms-documentdb-is-upsert",
      "x-ms-cosmos-is-batch-request",
      "x-ms-cosmos-batch-atomic",
      "a-im",
      "if-match",
      "if-none-match",
      "if-modified-since",
      "x-ms-continuation",
      "x-ms-max-item-count",
      "x-ms-session-token",
      "x-ms-documentdb-partitionkeyrangeid",
      "x-ms-start-epk",
      "x-ms-end-epk",
      "x-ms-documentdb-expiry-seconds",
      "x-ms-offer-throughput",
      "x-ms-cosmos-offer-autopilot-settings",
      "content-type",
      "x-ms-documentdb-query-enablecrosspartition",
      "prefer",
      "x-ms-version",
    ),
    fc.oneof(
      fc.constantFrom(
        "true",
        "false",
        '["a"]',
        '["b"]',
        '"a"',
        "[{}]",
        "Incremental feed",
        "*",
        "1",
        "0",
        "-1",
        "FF",
        "application/query+json",
        "Sun, 22 Nov 2026 00:00:00 GMT",
        '{"maxThroughput":1000}',
      ),
      oddText.map((text) => text.replace(/[^ -~]/g, "_")),
    ),
  );
  const body = fc.oneof(
    fc.constantFrom(
      '{"id":"1","pk":"a"}',
      '{"id":"9","pk":"b"}',
      '{"query":"SELECT * FROM c"}',
      '{"query":"SELECT VALUE COUNT(1) FROM c GROUP BY c.x ORDER BY c.y"}',
      '{"query":5}',
      '[{"operationType":"Create","resourceBody":{"id":"1","pk":"a"}}]',
      '[{"operationType":"Read","id":"1"}]',
      '[{"op":"incr","path":"/n","value":1}]',
      '{"operations":[{"op":"move","from":"/list","path":"/n/x"}]}',
      '{"operations":[{"op":"set","path":"/","value":1}],"condition":"from c where c.n > 0"}',
      '{"id":"x","partitionKey":{"paths":["/pk"]}}',
      '{"id":"p","permissionMode":"All","resource":"dbs/db/colls/c"}',
      '{"id":"s","body":"function () {}"}',
    ),
    fc.json({ maxDepth: 3 }),
    fc.string(),
  );

  test("is answered: no 500, no hang, and errors in the service's shape", async () => {
    const requests = fc.record({
      target,
      headers: fc
        .tuple(fc.boolean(), fc.array(header, { maxLength: 4 }))
        .map(([hasKey, entries]) => ({
          ...(hasKey ? { "x-ms-documentdb-partitionkey": '["a"]' } : {}),
          ...Object.fromEntries(entries),
        })),
      body: fc.option(body, { nil: undefined }),
      isSigned: fc.integer({ min: 0, max: 9 }).map((dice) => dice > 0),
    });
    await fc.assert(
      fc.asyncProperty(
        requests,
        async ({ target: [method, path], headers, body: sent, isSigned }) => {
          // what the fuzz deletes and changes must not become all that it meets
          if (method === "DELETE" && /^\/dbs(\/db)?(\/colls(\/c)?)?\/*$/.test(path)) {
            return;
          }
          const answer = await account.send(method, path, {
            headers,
            ...(sent === undefined ? {} : { body: sent }),
            ...(isSigned ? {} : { authorization: null }),
          });
          if (answer.status >= 500 && answer.status !== 501) {
            throw new Error(`${answer.status}: ${JSON.stringify(answer.body)}`);
          }
          if (answer.status >= 400 && method !== "HEAD") {
            expect(answer.body).toMatchObject({
              code: expect.any(String),
              message: expect.any(String),
            });
          }
        },
      ),
      { numRuns: 10_000, endOnFailure: true },
    );
  });

  test("on the wire is answered or closed, and the next request is served", async () => {
    const { hostname, port } = new URL(account.endpoint);
    const wire = fc.oneof(
      fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
      fc
        .constantFrom(
          "GET\r\n\r\n",
          "GET / HTTP/9.9\r\n\r\n",
          "GET /\0 HTTP/1.1\r\nhost: x\r\n\r\n",
          "POST /dbs HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
          "POST /dbs HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n",
          "GET http://[ HTTP/1.1\r\nhost: x\r\n\r\n",
          `GET / HTTP/1.1\r\nhost: x\r\nx: ${"y".repeat(70_000)}\r\n\r\n`,
        )
        .map((text) => Buffer.from(text)),
    );
    await fc.assert(
      fc.asyncProperty(wire, async (bytes) => {
        await new Promise<void>((resolve) => {
          const socket = createConnection(Number(port), hostname, () => socket.end(bytes));
          socket.on("data", () => {});
          socket.on("close", () => resolve());
          socket.on("error", () => resolve());
        });
      }),
      { numRuns: 300 },
    );
    expect((await account.send("GET", "/dbs/db")).status).toBe(200);
  });
});
