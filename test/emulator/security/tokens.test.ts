import { randomBytes } from "node:crypto";
import {
  BulkOperationType,
  ChangeFeedStartFrom,
  type Container,
  CosmosClient,
  PermissionMode,
} from "@azure/cosmos";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Emulator, startEmulator } from "../../../src/emulator/start-emulator.ts";
import { createRestClient, type RestAnswer, type RestClient } from "./rest-client.ts";

describe.each([1, 4])("resource tokens on %i physical partitions", (partitions) => {
  let emulator: Emulator;
  let rest: RestClient;
  let permissionCount = 0;

  const PERMISSIONS = "dbs/shop/users/u/permissions";
  const ORDERS = "dbs/shop/colls/orders";
  const IN_A = { "x-ms-documentdb-partitionkey": '["a"]' };

  beforeAll(async () => {
    emulator = await startEmulator({
      partitions,
      port: 0,
      testControls: true,
      keys: {
        primary: randomBytes(64).toString("base64"),
        secondary: randomBytes(64).toString("base64"),
      },
      seed: [
        {
          id: "shop",
          containers: [
            {
              id: "orders",
              partitionKey: { paths: ["/tenantId"] },
              items: [{ id: "1", tenantId: "a" }],
            },
          ],
        },
      ],
    });
    rest = createRestClient(emulator);
    await rest.withKey("POST", "dbs/shop/users", { body: { id: "u" } });
  });

  afterAll(() => emulator.stop());

  interface Minted {
    readonly link: string;
    readonly id: string;
    readonly resourceToken: string;
  }

  /** A new permission to read the partition `a` of the orders, on a resource text of its own. */
  async function mint(
    expirySeconds?: number,
    definition: Readonly<Record<string, unknown>> = {},
  ): Promise<Minted> {
    permissionCount += 1;
    const id = `p${permissionCount}`;
    // Each test has a user of its own: a user holds one permission on one resource and partition.
    const permissions = `dbs/shop/users/${id}/permissions`;
    await rest.withKey("POST", "dbs/shop/users", { body: { id } });
    const answer = await rest.withKey("POST", permissions, {
      headers:
        expirySeconds === undefined
          ? {}
          : { "x-ms-documentdb-expiry-seconds": String(expirySeconds) },
      body: {
        id,
        permissionMode: "Read",
        resource: ORDERS,
        resourcePartitionKey: ["a"],
        ...definition,
      },
    });
    expect(answer.status).toBe(201);
    return { link: `${permissions}/${id}`, id, resourceToken: answer.body._token };
  }

  function readItem(resourceToken: string): Promise<RestAnswer> {
    return rest.withToken(resourceToken, "GET", `${ORDERS}/docs/1`, { headers: IN_A });
  }

  async function advance(seconds: number): Promise<void> {
    const answer = await rest.send("POST", "_emulator/clock", {
      body: { advanceSeconds: seconds },
    });
    expect(answer.status).toBe(200);
  }

  describe("minting", () => {
    test("happens at each create, read, replace, list and query, and older tokens stay good", async () => {
      const { link, id, resourceToken } = await mint();
      const feed = link.slice(0, link.lastIndexOf("/"));
      const read = await rest.withKey("GET", link);
      const listed = await rest.withKey("GET", feed);
      const queried = await rest.withKey("POST", feed, {
        headers: { "x-ms-documentdb-isquery": "True", "content-type": "application/query+json" },
        body: { query: "SELECT * FROM root r", parameters: [] },
      });
      const replaced = await rest.withKey("PUT", link, { body: { ...read.body, id } });
      const upserted = await rest.withKey("POST", feed, {
        headers: { "x-ms-documentdb-is-upsert": "True" },
        body: { ...read.body, id },
      });
      const tokens = [
        resourceToken,
        read.body._token,
        listed.body.Permissions[0]._token,
        queried.body.Permissions[0]._token,
        replaced.body._token,
        upserted.body._token,
      ];
      expect(new Set(tokens).size).toBe(6);
      for (const each of tokens) {
        expect((await readItem(each)).status).toBe(200);
      }
    });

    test("gives a token that fits a header", async () => {
      const { resourceToken } = await mint(600, {
        id: "😀".repeat(120),
        resource: `dbs/shop/colls/${"é".repeat(240)}`,
        resourcePartitionKey: ["\u0001".repeat(340)],
      });
      expect(resourceToken.length).toBeLessThan(8192);
      expect((await rest.withToken(resourceToken, "GET", "")).status).toBe(200);
    });

    test.each([600, 601, 3600, 86_399, 86_400])("is for %d seconds, if asked", async (seconds) => {
      const { link } = await mint(seconds);
      for (const path of [link, link.slice(0, link.lastIndexOf("/"))]) {
        const answer = await rest.withKey("GET", path, {
          headers: { "x-ms-documentdb-expiry-seconds": String(seconds) },
        });
        expect(answer.status).toBe(200);
      }
    });

    test.each([
      ["599", "One of the specified inputs is invalid"],
      ["0", "One of the specified inputs is invalid"],
      [
        "86401",
        "Value '86401' specified for the header 'x-ms-documentdb-expiry-seconds' is invalid.",
      ],
      ["-1", "Value '-1' specified for"],
      ["", "Value '' specified for"],
      ["600.5", "Value '600.5' specified for"],
      ["1e3", "Value '1e3' specified for"],
      ["an hour", "Value 'an hour' specified for"],
    ])(
      "for %j seconds is refused with 400 by each request that mints",
      async (seconds, message) => {
        const { link } = await mint();
        const headers = { "x-ms-documentdb-expiry-seconds": seconds };
        const feed = link.slice(0, link.lastIndexOf("/"));
        const body = { id: "new", permissionMode: "All", resource: `${ORDERS}/docs/new` };
        for (const [method, path] of [
          ["GET", link],
          ["PUT", link],
          ["GET", feed],
          ["POST", feed],
        ] as const) {
          const answer = await rest.withKey(method, path, {
            headers,
            ...(method === "GET" ? {} : { body }),
          });
          expect(answer).toMatchObject({ status: 400, body: { code: "BadRequest" } });
          expect(answer.body.message).toContain(message);
        }
        expect((await rest.withKey("GET", feed)).body._count).toBe(1);
      },
    );
  });

  describe("a token that is out", () => {
    test("outlives the replacing and the deleting of its permission, and its user", async () => {
      const { link, id, resourceToken } = await mint();
      const body = { id, permissionMode: "Read", resource: `${ORDERS}/docs/other` };
      expect((await rest.withKey("PUT", link, { body })).status).toBe(200);
      expect((await readItem(resourceToken)).status).toBe(200);
      expect((await rest.withKey("DELETE", link)).status).toBe(204);
      expect((await readItem(resourceToken)).status).toBe(200);
      expect((await rest.withKey("DELETE", `dbs/shop/users/${id}`)).status).toBe(204);
      expect((await readItem(resourceToken)).status).toBe(200);
    });

    test("keeps its rights when its permission gets more, and the new token has those", async () => {
      const { link, id, resourceToken } = await mint();
      const body = { id, permissionMode: "All", resource: ORDERS, resourcePartitionKey: ["a"] };
      const { _token: replaced } = (await rest.withKey("PUT", link, { body })).body;
      const create = (each: string, item: string) =>
        rest.withToken(each, "POST", `${ORDERS}/docs`, {
          headers: IN_A,
          body: { id: item, tenantId: "a" },
        });
      expect((await create(resourceToken, "by the old token")).status).toBe(403);
      expect((await create(replaced, "by the new token")).status).toBe(201);
    });

    test.each([600, 3600, 86_400])(
      "of %d seconds ends five minutes after its time",
      async (seconds) => {
        const { link, resourceToken } = await mint(seconds);
        await advance(seconds + 295);
        expect((await readItem(resourceToken)).status).toBe(200);
        await advance(10);
        const late = await readItem(resourceToken);
        expect(late.status).toBe(403);
        expect(late.headers["x-ms-substatus"]).toBe("0");
        expect(late.body.code).toBe("Forbidden");
        const times =
          /^The authorization token is not valid at the current time\. Please create another token and retry \(token start time: (.+ GMT), token expiry time: (.+ GMT), current server time: (.+ GMT)\)\.\r\nActivityId: /;
        const [, start = "", expiry = "", now = ""] = times.exec(late.body.message) ?? [];
        expect(Date.parse(expiry) - Date.parse(start)).toBe(seconds * 1000);
        expect(Date.parse(now)).toBeGreaterThan(Date.parse(expiry));
        expect((await rest.withToken(resourceToken, "GET", "")).status).toBe(403);

        const { _token: fresh } = (await rest.withKey("GET", link)).body;
        expect((await readItem(fresh)).status).toBe(200);
      },
    );

    test("is not good before its time, grace aside", async () => {
      await advance(3600);
      const { resourceToken } = await mint();
      await advance(-290);
      expect((await readItem(resourceToken)).status).toBe(200);
      await advance(-20);
      expect((await readItem(resourceToken)).status).toBe(403);
      await advance(310);
    });

    test("has the lifetime of the request that minted it, whatever later requests ask for", async () => {
      const { link, resourceToken } = await mint(600);
      const { _token: longer } = (
        await rest.withKey("GET", link, { headers: { "x-ms-documentdb-expiry-seconds": "7200" } })
      ).body;
      await advance(3600);
      expect((await readItem(resourceToken)).status).toBe(403);
      expect((await readItem(longer)).status).toBe(200);
    });
  });

  describe("the authorization header over HTTP", () => {
    const MISSING =
      "Required Header authorization is missing. Ensure a valid Authorization token is passed.";
    const MALFORMED =
      "Authorization header doesn't confirm to the required format. Please verify and try again.";

    test("is needed for everything, the account included", async () => {
      for (const link of ["", "dbs", ORDERS, `${ORDERS}/docs/1`, "nowhere", PERMISSIONS]) {
        const answer = await rest.send("GET", link);
        expect(answer).toMatchObject({ status: 401, body: { code: "Unauthorized" } });
        expect(answer.body.message).toMatch(new RegExp(`^${MISSING}\\r\\nActivityId: `));
      }
    });

    test.each(["null", "undefined", "%", "Bearer x", "type=resource&ver=1&sig=AAAA;AAAA;"])(
      "is malformed as %s",
      async (authorization) => {
        const answer = await rest.send("GET", "", { headers: { authorization } });
        expect(answer.status).toBe(401);
        expect(answer.body.message).toContain(MALFORMED);
      },
    );

    test("must be URL-encoded, and counts up to a comma", async () => {
      const { resourceToken } = await mint();
      const encoded = encodeURIComponent(resourceToken);
      const get = (authorization: string | readonly string[]) =>
        rest.send("GET", `${ORDERS}/docs/1`, { headers: { ...IN_A, authorization } });
      expect((await get(resourceToken)).body.message).toContain(MALFORMED);
      expect((await get(encoded)).status).toBe(200);
      expect((await get(`${encoded},${encoded}`)).status).toBe(200);
      expect((await get([encoded, "null"])).status).toBe(200);
      expect((await get(["null", encoded])).status).toBe(401);
    });

    test("never comes back in an error", async () => {
      const { resourceToken } = await mint();
      const broken = `${resourceToken.slice(0, -12)}AAAAAAAAAA=;`;
      for (const authorization of [
        encodeURIComponent(broken),
        resourceToken,
        `x${encodeURIComponent(resourceToken)}`,
      ]) {
        const answer = await rest.send("GET", ORDERS, { headers: { authorization } });
        expect(answer.status).toBe(401);
        expect(JSON.stringify(answer)).not.toContain(resourceToken.slice(24, 44));
      }
    });

    test("is signed with either account key, and with no other", async () => {
      const [primary, secondary] = emulator.keys;
      expect((await rest.withKey("GET", "dbs", {}, primary)).status).toBe(200);
      expect((await rest.withKey("GET", "dbs", {}, secondary)).status).toBe(200);
      const other = await rest.withKey("GET", "dbs", {}, randomBytes(64).toString("base64"));
      expect(other.status).toBe(401);
      expect(other.body.message).toMatch(
        /^The input authorization token can't serve the request\..*Server used the following payload to sign: 'get\ndbs\n\n/,
      );
    });

    test("with an account key is dated near the machine's time", async () => {
      for (const [skewMinutes, status] of [
        [-16, 403],
        [-14, 200],
        [14, 200],
        [16, 403],
      ] as const) {
        const dateMs = Date.now() + skewMinutes * 60_000;
        expect((await rest.withKey("GET", "dbs", { dateMs })).status).toBe(status);
      }
    });
  });

  describe("a client of the JavaScript SDK", () => {
    function clientWith(resourceToken: string): CosmosClient {
      return new CosmosClient({
        endpoint: emulator.endpoint,
        tokenProvider: async () => resourceToken,
      });
    }

    async function containerWith(
      definition: Readonly<Record<string, unknown>>,
    ): Promise<{ client: CosmosClient; container: Container }> {
      const client = clientWith((await mint(undefined, definition)).resourceToken);
      return { client, container: client.database("shop").container("orders") };
    }

    test("works in its partition with a token, and nowhere else", async () => {
      const { client, container } = await containerWith({ permissionMode: "All" });
      const created = await container.items.create({ id: "sdk", tenantId: "a" });
      expect(created.statusCode).toBe(201);
      expect((await container.item("sdk", "a").read()).statusCode).toBe(200);
      const query = container.items.query("SELECT VALUE c.id FROM c WHERE c.id = 'sdk'", {
        partitionKey: "a",
      });
      expect((await query.fetchAll()).resources).toEqual(["sdk"]);
      await expect(container.item("sdk", "b").read()).rejects.toMatchObject({ code: 403 });
      await expect(container.items.create({ id: "sdk", tenantId: "b" })).rejects.toMatchObject({
        code: 403,
      });
      await expect(
        container.items.query("SELECT * FROM c WHERE c.tenantId = 'a'").fetchAll(),
      ).rejects.toMatchObject({ code: 403 });
      await expect(client.database("shop").read()).rejects.toMatchObject({ code: 403 });
      client.dispose();
    });

    test("batches in its partition, and does no bulk", async () => {
      const { client, container } = await containerWith({ permissionMode: "All" });
      const create = {
        operationType: BulkOperationType.Create,
        resourceBody: { id: "batched", tenantId: "a" },
      } as const;
      const batch = await container.items.batch([create], "a");
      expect(batch.result).toMatchObject([{ statusCode: 201 }]);
      await expect(container.items.batch([create], "b")).rejects.toThrow();
      const [bulk] = await container.items.executeBulkOperations([
        { operationType: BulkOperationType.Read, id: "1", partitionKey: "a" },
      ]);
      expect(bulk?.error?.code).toBe(403);
      client.dispose();
    });

    test("follows the changes of its partition alone", async () => {
      const { client, container } = await containerWith({});
      const changesOf = (partitionKey: string) =>
        container.items
          .getChangeFeedIterator({
            changeFeedStartFrom: ChangeFeedStartFrom.Beginning(partitionKey),
          })
          .readNext();
      expect((await changesOf("a")).result.length).toBeGreaterThan(0);
      await expect(changesOf("b")).rejects.toMatchObject({ code: 403 });
      client.dispose();
    });

    test("works with a permission feed", async () => {
      const { link } = await mint(undefined, { resourcePartitionKey: undefined });
      const feed = await rest.withKey("GET", link.slice(0, link.lastIndexOf("/")));
      const client = new CosmosClient({
        endpoint: emulator.endpoint,
        permissionFeed: feed.body.Permissions,
      });
      const container = client.database("shop").container("orders");
      expect((await container.item("1", "a").read()).resource).toMatchObject({ id: "1" });
      expect((await container.items.readAll().fetchAll()).resources.length).toBeGreaterThan(0);
      await expect(container.items.create({ id: "x", tenantId: "a" })).rejects.toMatchObject({
        code: 403,
      });
      client.dispose();
    });

    test("that is handed a token after its lifetime and grace gets the 403 of its time", async () => {
      const { resourceToken } = await mint(600, { permissionMode: PermissionMode.Read });
      await advance(901);
      const client = clientWith(resourceToken);
      await expect(
        client.database("shop").container("orders").item("1", "a").read(),
      ).rejects.toMatchObject({
        code: 403,
        message: expect.stringContaining("is not valid at the current time"),
      });
      client.dispose();
    });
  });
});
