import { CosmosClient } from "@azure/cosmos";
import { afterEach, describe, expect, test } from "vitest";
import type { EmulatorOptions } from "../../src/emulator/start-emulator.ts";
import { createTokenBucket } from "../../src/emulator/throttling/token-bucket.ts";
import { emulatorControls } from "../emulator-controls.ts";
import { type RawAnswer, startTestAccount, type TestAccount } from "./test-account.ts";

let account: TestAccount;

afterEach(() => account.stop());

/** An account with the database `db`, which has the containers `c1` and `c2` with an item each, and the user `ann`. */
async function start(options: EmulatorOptions = {}): Promise<void> {
  const items = [{ id: "1", pk: "a" }];
  const containers = ["c1", "c2"].map((id) => ({ id, partitionKey: { paths: ["/pk"] }, items }));
  account = await startTestAccount({ ...options, seed: [{ id: "db", containers }] });
}

const readItem = (container: string): Promise<RawAnswer> =>
  account.send("GET", `/dbs/db/colls/${container}/docs/1`, {
    headers: { "x-ms-documentdb-partitionkey": '["a"]' },
  });

const readContainer = (): Promise<RawAnswer> => account.send("GET", "/dbs/db/colls/c1");

const setLimits = (body: unknown): Promise<RawAnswer> =>
  account.send("POST", "/_emulator/throughput", { body, authorization: null });

/** So little that one request spends it for minutes, however slow the machine. */
const aDrop = 0.01;

describe("throttling", () => {
  test("is off unless it is asked for", async () => {
    await start();
    const answers = await Promise.all(Array.from({ length: 400 }, readContainer));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
  });

  test("answers 429 in the service's words, and says when to come again", async () => {
    await start({ itemRequestUnitsPerSecond: aDrop });
    expect((await readItem("c1")).status).toBe(200);
    const { status, headers, body } = await readItem("c1");
    expect([status, headers["x-ms-substatus"], headers["x-ms-request-charge"]]).toEqual([
      429,
      "3200",
      "0",
    ]);
    expect(body).toMatchObject({
      code: "TooManyRequests",
      message: expect.stringContaining(
        "Request rate is large. More Request Units may be needed, so no changes were made. Please retry this request later.",
      ),
    });
    // one request unit too much, a hundredth of one a second
    const retryAfterMs = Number(headers["x-ms-retry-after-ms"]);
    expect(retryAfterMs).toBeGreaterThan(30_000);
    expect(retryAfterMs).toBeLessThanOrEqual(99_001);
  });

  test("a refused request changes nothing, costs nothing and passes when its time has come", async () => {
    await start({ itemRequestUnitsPerSecond: aDrop });
    const create = (): Promise<RawAnswer> =>
      account.send("POST", "/dbs/db/colls/c1/docs", {
        headers: { "x-ms-documentdb-partitionkey": '["a"]' },
        body: { id: "2", pk: "a" },
      });
    await readItem("c1");
    const refusals = await Promise.all(Array.from({ length: 50 }, create));
    expect(new Set(refusals.map(({ status }) => status))).toEqual(new Set([429]));
    await account.advanceClock(Number(refusals.at(-1)?.headers["x-ms-retry-after-ms"]) / 1000);
    expect((await create()).status).toBe(201);
  });

  test("holds items for each container by itself, and all else for the account", async () => {
    await start({ itemRequestUnitsPerSecond: aDrop, metadataRequestUnitsPerSecond: aDrop });
    expect((await readItem("c1")).status).toBe(200);
    expect((await readItem("c1")).status).toBe(429);
    expect((await readItem("c2")).status).toBe(200);
    expect((await readContainer()).status).toBe(200);
    for (const [method, path] of [
      ["GET", "/"],
      ["GET", "/dbs"],
      ["GET", "/dbs/db"],
      ["GET", "/dbs/db/colls"],
      ["GET", "/dbs/db/colls/c2"],
      ["GET", "/dbs/db/colls/c1/pkranges"],
      ["GET", "/dbs/db/colls/c1/udfs"],
      ["GET", "/dbs/db/users"],
      ["GET", "/dbs/db/users/ann/permissions"],
      ["GET", "/offers"],
    ] as const) {
      expect([path, (await account.send(method, path)).status]).toEqual([path, 429]);
    }
  });

  test("counts queries, lists, the change feed and batches as requests for items", async () => {
    await start({ itemRequestUnitsPerSecond: aDrop });
    await readItem("c1");
    const pk = { "x-ms-documentdb-partitionkey": '["a"]' };
    const path = "/dbs/db/colls/c1/docs";
    for (const [method, headers, body] of [
      ["POST", { "x-ms-documentdb-isquery": "true" }, { query: "SELECT * FROM c" }],
      ["POST", { "x-ms-cosmos-is-batch-request": "true", "x-ms-cosmos-batch-atomic": "true" }, []],
      ["GET", {}, undefined],
      ["GET", { "a-im": "Incremental feed" }, undefined],
    ] as const) {
      const { status } = await account.send(method, path, { headers: { ...pk, ...headers }, body });
      expect(status).toBe(429);
    }
  });

  test("comes after authentication and authorization", async () => {
    await start({ itemRequestUnitsPerSecond: aDrop, metadataRequestUnitsPerSecond: aDrop });
    await readItem("c1");
    await readContainer();
    const refused = await account.send("GET", "/dbs/db/colls/c1", { authorization: null });
    expect(refused.status).toBe(401);
  });

  test("is ridden out by the JavaScript SDK, which waits as it is told", async () => {
    await start();
    const container = account.client.database("db").container("c1");
    await container.item("1", "a").read();
    // a create costs 5.29, so that the second has to wait for a second and a half
    await setLimits({ itemRequestUnitsPerSecond: 2 });
    await account.clearRequests();
    await container.items.create({ id: "2", pk: "a" });
    expect((await container.items.create({ id: "3", pk: "a" })).statusCode).toBe(201);
    const statuses = (await account.requests()).map(({ status }) => status);
    expect(statuses.slice(-3)).toEqual([201, 429, 201]);
  });
});

describe("the test control of throughput", () => {
  test("sets each limit by itself, 0 switches it off, and the answer has both", async () => {
    await start();
    expect(await setLimits({ metadataRequestUnitsPerSecond: aDrop })).toMatchObject({
      status: 200,
      body: { metadataRequestUnitsPerSecond: aDrop, itemRequestUnitsPerSecond: 0 },
    });
    expect((await readContainer()).status).toBe(200);
    expect((await readContainer()).status).toBe(429);
    const both = { metadataRequestUnitsPerSecond: 0, itemRequestUnitsPerSecond: aDrop };
    expect((await setLimits(both)).body).toEqual(both);
    expect((await readContainer()).status).toBe(200);
    expect((await readContainer()).status).toBe(200);
    expect((await readItem("c1")).status).toBe(200);
    expect((await readItem("c1")).status).toBe(429);
    await setLimits({ itemRequestUnitsPerSecond: 0 });
    expect((await readItem("c1")).status).toBe(200);
  });

  test.each([
    [undefined],
    [[]],
    [{}],
    [{ metadataRequestUnitsPerSecond: -1 }],
    [{ metadataRequestUnitsPerSecond: "240" }],
    [{ metadataRequestUnitsPerSecond: null }],
    [{ itemRequestUnitsPerSecond: 1, requestUnitsPerSecond: 1 }],
  ])("refuses the body %j, saying what it expects", async (body) => {
    await start();
    const answer = await setLimits(body);
    expect(answer).toMatchObject({ status: 400, body: { code: "BadRequest" } });
    expect((await readContainer()).status).toBe(200);
    if (typeof body === "object" && !Array.isArray(body)) {
      expect(answer.body.message).toContain(
        "give metadataRequestUnitsPerSecond or itemRequestUnitsPerSecond or both, each a number from 0",
      );
    }
  });

  test("is there with test controls only", async () => {
    await start({ testControls: false });
    const { status } = await setLimits({ metadataRequestUnitsPerSecond: aDrop });
    expect(status).toBe(401);
    expect((await readContainer()).status).toBe(200);
    expect((await readContainer()).status).toBe(200);
  });
});

describe("the test control of keys", () => {
  const regenerate = (body: unknown): Promise<RawAnswer> =>
    account.send("POST", "/_emulator/keys", { body, authorization: null });

  async function statusWith(key: string): Promise<number> {
    const client = new CosmosClient({ endpoint: account.endpoint, key });
    try {
      return (await client.database("db").read()).statusCode ?? 0;
    } catch (error) {
      return Number((error as { readonly code: unknown }).code);
    } finally {
      client.dispose();
    }
  }

  test.each(["primary", "secondary"])(
    "makes a new %s key, and the old one is 401 at once",
    async (name) => {
      await start({ keys: { primary: "cHJpbWFyeQ==", secondary: "c2Vjb25kYXJ5" } });
      const [changed, kept] =
        name === "primary" ? ["cHJpbWFyeQ==", "c2Vjb25kYXJ5"] : ["c2Vjb25kYXJ5", "cHJpbWFyeQ=="];
      expect(await statusWith(changed)).toBe(200);
      const { status, body } = await regenerate({ regenerate: name });
      expect(status).toBe(200);
      expect(Object.keys(body)).toEqual(["key"]);
      expect(Buffer.from(body.key, "base64")).toHaveLength(64);
      expect(await statusWith(changed)).toBe(401);
      expect(await statusWith(body.key)).toBe(200);
      expect(await statusWith(kept)).toBe(200);
      const again = await regenerate({ regenerate: name });
      expect(again.body.key).not.toBe(body.key);
      expect(await statusWith(body.key)).toBe(401);
    },
  );

  test("leaves resource tokens valid, whichever keys are regenerated", async () => {
    await start();
    const { user } = await account.client.database("db").users.create({ id: "ann" });
    const { resource } = await user.permissions.create({
      id: "p",
      permissionMode: "read" as never,
      resource: "dbs/db/colls/c1",
    });
    await regenerate({ regenerate: "primary" });
    await regenerate({ regenerate: "secondary" });
    const authorization = encodeURIComponent(resource?._token ?? "");
    const headers = { "x-ms-documentdb-partitionkey": '["a"]' };
    const read = await account.send("GET", "/dbs/db/colls/c1/docs/1", { headers, authorization });
    expect(read.status).toBe(200);
  });

  test.each([{}, { regenerate: "both" }, { regenerate: 1 }, { regenerate: "Primary" }])(
    "refuses the body %j, saying what it expects",
    async (body) => {
      await start();
      expect(await regenerate(body)).toMatchObject({
        status: 400,
        body: { message: "regenerate must be 'primary' or 'secondary'." },
      });
      expect((await readContainer()).status).toBe(200);
    },
  );

  test("shows no key in the request log", async () => {
    await start();
    const { body } = await regenerate({ regenerate: "primary" });
    await readContainer();
    const log = await emulatorControls(account.endpoint).requests();
    expect(log.at(-1)).toMatchObject({ status: 401 });
    expect(JSON.stringify(log)).not.toContain(body.key);
  });
});

describe("a token bucket", () => {
  test("holds a second's worth, fills evenly and carries a debt", () => {
    let nowMs = 0;
    const bucket = createTokenBucket(10, { nowMs: () => nowMs });
    expect(bucket.waitMs()).toBe(0);
    bucket.take(10);
    expect(bucket.waitMs()).toBe(1);
    bucket.take(5);
    expect(bucket.waitMs()).toBe(501);
    nowMs = 500;
    expect(bucket.waitMs()).toBe(1);
    nowMs = 501;
    expect(bucket.waitMs()).toBe(0);
    nowMs = 1_000_000;
    expect(bucket.waitMs()).toBe(0);
    bucket.take(12);
    expect(bucket.waitMs()).toBe(201);
  });

  test("gives and takes nothing when the clock is put back", () => {
    let nowMs = 10_000;
    const bucket = createTokenBucket(10, { nowMs: () => nowMs });
    bucket.take(11);
    nowMs = 5_000;
    expect(bucket.waitMs()).toBe(101);
    nowMs = 5_100;
    expect(bucket.waitMs()).toBe(1);
  });
});
