import { CosmosClient, PermissionMode } from "@azure/cosmos";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Emulator, startEmulator } from "../../../src/emulator/start-emulator.ts";
import { createRestClient, type RestClient } from "./rest-client.ts";

describe.each([1, 4])("permissions on %i physical partitions", (partitions) => {
  let emulator: Emulator;
  let client: CosmosClient;
  let rest: RestClient;
  let userCount = 0;
  /** The self link of the container `orders`, which has an item `1` in the partition `a`. */
  let containerSelf: string;
  let itemSelf: string;

  beforeAll(async () => {
    emulator = await startEmulator({
      partitions,
      port: 0,
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
        { id: "other", containers: [] },
      ],
    });
    client = new CosmosClient({ endpoint: emulator.endpoint, key: emulator.keys[0] });
    rest = createRestClient(emulator);
    const container = client.database("shop").container("orders");
    containerSelf = (await container.read()).resource?._self ?? "";
    itemSelf = (await container.item("1", "a").read()).resource?._self;
  });

  afterAll(async () => {
    client.dispose();
    await emulator.stop();
  });

  /** The link of a new user's permissions. */
  async function newPermissions(): Promise<string> {
    userCount += 1;
    const id = `user ${userCount}`;
    await rest.withKey("POST", "dbs/shop/users", { body: { id } });
    return `dbs/shop/users/${id}/permissions`;
  }

  const ORDERS = { id: "p", permissionMode: "All", resource: "dbs/shop/colls/orders" };

  describe("permissions, through the JavaScript SDK", () => {
    test("are created, read, listed, queried, replaced, upserted and deleted", async () => {
      const { user } = await client.database("shop").users.create({ id: "sdk" });
      const container = client.database("shop").container("orders");
      const created = await user.permissions.create({
        id: "orders of a",
        permissionMode: PermissionMode.Read,
        resource: container.url,
        resourcePartitionKey: ["a"],
      });
      expect(created).toMatchObject({ statusCode: 201, requestCharge: 4.95 });
      expect(created.resource).toMatchObject({
        id: "orders of a",
        permissionMode: PermissionMode.Read,
        resource: container.url,
        resourcePartitionKey: ["a"],
        _token: expect.stringMatching(/^type=resource&ver=1&sig=[^;]+;[^;]+;$/),
        _ts: expect.any(Number),
      });

      const read = await created.permission.read();
      expect(read.requestCharge).toBe(2);
      const listed = await user.permissions.readAll().fetchAll();
      const queried = await user.permissions
        .query({
          query: "SELECT * FROM root r WHERE r.id=@id",
          parameters: [{ name: "@id", value: "orders of a" }],
        })
        .fetchAll();
      const { _token: _, ...stored } = created.resource ?? { _token: "" };
      expect(read.resource).toMatchObject(stored);
      expect(listed.resources).toMatchObject([stored]);
      expect(queried.resources).toMatchObject([stored]);

      const replaced = await created.permission.replace({
        id: "all orders",
        permissionMode: PermissionMode.All,
        resource: container.url,
      });
      expect(replaced.requestCharge).toBe(9.9);
      expect(replaced.resource).toMatchObject({
        id: "all orders",
        permissionMode: PermissionMode.All,
        _rid: created.resource?._rid,
      });
      expect(replaced.resource).not.toHaveProperty("resourcePartitionKey");
      await expect(created.permission.read()).rejects.toMatchObject({ code: 404 });

      const upserted = await user.permissions.upsert({
        id: "all orders",
        permissionMode: PermissionMode.Read,
        resource: container.url,
      });
      expect(upserted.statusCode).toBe(200);
      expect(upserted.resource?._rid).toBe(created.resource?._rid);
      const inserted = await user.permissions.upsert({
        id: "item",
        permissionMode: PermissionMode.Read,
        resource: container.item("1", "a").url,
      });
      expect(inserted.statusCode).toBe(201);

      const deleted = await inserted.permission.delete();
      expect(deleted).toMatchObject({ statusCode: 204, requestCharge: 4.95 });
      await expect(inserted.permission.read()).rejects.toMatchObject({ code: 404 });
    });
  });

  describe("a permission's body", () => {
    test("comes back as the service shows it, with its headers", async () => {
      const permissions = await newPermissions();
      const user = (await rest.withKey("GET", permissions.replace("/permissions", ""))).body;
      const created = await rest.withKey("POST", permissions, { body: ORDERS });
      const { _rid: rid } = created.body;
      const bytes = Buffer.from(rid.replaceAll("-", "/"), "base64");
      expect(bytes).toHaveLength(16);
      expect(bytes.subarray(0, 8)).toEqual(Buffer.from(user._rid.replaceAll("-", "/"), "base64"));
      expect(Object.keys(created.body)).toEqual([
        "id",
        "permissionMode",
        "resource",
        "_rid",
        "_self",
        "_etag",
        "_token",
        "_ts",
      ]);
      expect(created.body._self).toBe(`${user._self}permissions/${rid}/`);
      expect(created.headers).toMatchObject({
        etag: created.body._etag,
        "x-ms-request-charge": "4.95",
        "x-ms-resource-quota": "permissions=2000000;",
        "x-ms-resource-usage": expect.stringMatching(/^permissions=[1-9]\d*;$/),
        "x-ms-alt-content-path": encodeURI(permissions.replace("/permissions", "")),
        "x-ms-content-path": user._rid,
      });
      const listed = await rest.withKey("GET", permissions);
      expect(listed.headers["x-ms-item-count"]).toBe("1");
      expect(listed.body).toMatchObject({ _rid: user._rid, _count: 1 });
      const byRid = await rest.withKey("GET", created.body._self.slice(0, -1));
      expect(byRid.body).toMatchObject({ id: "p", _rid: rid });
    });

    test.each(["All", "Read", "all", "read", "READ"])(
      "may have the mode %s, and echoes it as written in every answer",
      async (mode) => {
        const permissions = await newPermissions();
        const body = { ...ORDERS, permissionMode: mode };
        const answer = await rest.withKey("POST", permissions, { body });
        expect(answer).toMatchObject({ status: 201, body: { permissionMode: mode } });
        const listed = await rest.withKey("GET", permissions);
        expect(listed.body.Permissions).toMatchObject([{ permissionMode: mode }]);
        const read = await rest.withKey("GET", `${permissions}/${ORDERS.id}`);
        expect(read.body.permissionMode).toBe(mode);
      },
    );

    test.each([
      ["no id", { ...ORDERS, id: undefined }],
      ["no mode", { ...ORDERS, permissionMode: undefined }],
      ["a mode that is none", { ...ORDERS, permissionMode: "Write" }],
      ["a mode that is no text", { ...ORDERS, permissionMode: 1 }],
      ["no resource", { ...ORDERS, resource: undefined }],
      ["an id with a slash", { ...ORDERS, id: "a/b" }],
      ["a list", [ORDERS]],
    ])("is refused with 400: %s", async (_, body) => {
      const answer = await rest.withKey("POST", await newPermissions(), { body });
      expect(answer).toMatchObject({ status: 400, body: { code: "BadRequest" } });
      expect(JSON.stringify(answer.body)).not.toContain("type=resource");
    });

    test.each([
      "dbs/shop/colls/orders",
      "dbs/shop/colls/orders/",
      "dbs/shop/colls/not there yet",
      "dbs/shop/colls/orders/docs/1",
      "dbs/shop/colls/orders/docs/*",
      "dbs/shop/colls/orders/docs/50%25 of 1?",
      "dbs/shop/colls/orders/sprocs/s",
      "dbs/shop/colls/orders/triggers/t",
      "dbs/shop/colls/orders/udfs/u",
      `dbs/shop/colls/${"c".repeat(240)}`,
    ])("may be on %s, and echoes it", async (resource) => {
      const body = { ...ORDERS, resource };
      const answer = await rest.withKey("POST", await newPermissions(), { body });
      expect(answer).toMatchObject({ status: 201, body: { resource } });
    });

    test("may be on the self link of a container or an item, and echoes it", async () => {
      for (const resource of [containerSelf, itemSelf]) {
        const body = { ...ORDERS, resource };
        const answer = await rest.withKey("POST", await newPermissions(), { body });
        expect(answer).toMatchObject({ status: 201, body: { resource } });
      }
    });

    test.each([
      "",
      "/",
      "dbs/shop",
      "dbs/shop/colls",
      "dbs/shop/colls/",
      "dbs//colls/orders",
      "dbs/shop/users/u",
      "dbs/shop/colls/orders/docs",
      "dbs/shop/colls/orders/docs/",
      "dbs/shop/colls/orders/docs//",
      "dbs/shop/colls/orders/docs/1/attachments/a",
      "dbs/shop/colls/orders/pkranges/0",
      "dbs/shop/colls/orders//",
      "/dbs/shop/colls/orders",
      "DBS/shop/colls/orders",
      "dbs/shop/Colls/orders",
      "dbs/other/colls/orders",
      "dbs/AAAAAA==/colls/AAAAAIAAAAA=",
      "offers/1",
      `dbs/shop/colls/${"c".repeat(241)}`,
      7,
      null,
      ["dbs/shop/colls/orders"],
    ])("is refused on the resource %j", async (resource) => {
      const body = { ...ORDERS, resource };
      const answer = await rest.withKey("POST", await newPermissions(), { body });
      expect(answer).toMatchObject({ status: 400, body: { code: "BadRequest" } });
      expect(answer.body.message).toContain("is invalid. Ensure to provide a valid resource link");
    });

    test("is refused on rids that do not belong together", async () => {
      const [, dbRid = "", , collRid = "", , itemRid = ""] = itemSelf.split("/");
      for (const resource of [
        `dbs/${dbRid}/colls/AAAAAIAAAAA=`,
        `dbs/${dbRid}/colls/${itemRid}`,
        `dbs/${dbRid}/colls/${collRid}/docs/AAAAAIAAAAABAAAAAAAAAA==`,
        `dbs/${dbRid}/colls/${collRid}/docs/1`,
        `dbs/${dbRid}/colls/orders`,
        `dbs/AAAAAA==/colls/${collRid}`,
      ]) {
        const body = { ...ORDERS, resource };
        const answer = await rest.withKey("POST", await newPermissions(), { body });
        expect(answer.status, resource).toBe(400);
      }
    });

    test("on a database is refused in the service's words", async () => {
      const body = { ...ORDERS, resource: "dbs/ToDoList" };
      const answer = await rest.withKey("POST", await newPermissions(), { body });
      expect(answer.body.message.split("\r\n")[0]).toBe(
        String.raw`Message: {"Errors":["The input Resource link 'dbs\/ToDoList' is invalid. Ensure to provide a valid resource link of size lesser than '256' characters.","The request payload is invalid. Ensure to provide a valid request payload."]}`,
      );
    });

    test.each([
      [["a"]],
      [[1]],
      [[0]],
      [[""]],
      [[null]],
      [[false]],
      [[{}]],
      [["t", "u"]],
      [["t", 1, null]],
      [["😀".repeat(500)]],
    ])("may have the partition key %j, and echoes it", async (resourcePartitionKey) => {
      const body = { ...ORDERS, resourcePartitionKey };
      const answer = await rest.withKey("POST", await newPermissions(), { body });
      expect(answer).toMatchObject({ status: 201, body: { resourcePartitionKey } });
    });

    test.each([
      ['"a"'],
      ["1"],
      ["null"],
      ["{}"],
      ["[]"],
      ['[["a"]]'],
      ['[{"a":1}]'],
      ['["a","b","c","d"]'],
      ["[1e400]"],
      [`["${"a".repeat(2048)}"]`],
    ])("is refused with the partition key %s", async (key) => {
      const body = `${JSON.stringify(ORDERS).slice(0, -1)},"resourcePartitionKey":${key}}`;
      const answer = await rest.withKey("POST", await newPermissions(), { body });
      expect(answer).toMatchObject({ status: 400, body: { code: "BadRequest" } });
    });

    test("of any JSON is taken or refused, and never more than that", async () => {
      const permissions = await newPermissions();
      const part = (...usual: readonly unknown[]) =>
        fc.oneof(
          { weight: 3, arbitrary: fc.constantFrom(...usual) },
          { weight: 1, arbitrary: fc.jsonValue() },
        );
      const parts = fc.record(
        {
          id: part("p", "q", "\ud800", "__proto__"),
          permissionMode: part("All", "Read"),
          resource: part("dbs/shop/colls/orders", "dbs/shop/colls/orders/docs/__proto__"),
          resourcePartitionKey: part(["a"], [null], [{}]),
        },
        { requiredKeys: [] },
      );
      await fc.assert(
        fc.asyncProperty(
          fc.oneof({ weight: 4, arbitrary: parts }, { weight: 1, arbitrary: fc.jsonValue() }),
          fc.constantFrom("POST", "PUT"),
          async (body, method) => {
            const link = method === "POST" ? permissions : `${permissions}/p`;
            const answer = await rest.withKey(method, link, { body: JSON.stringify(body) });
            expect([200, 201, 400, 404, 409]).toContain(answer.status);
            const listed = await rest.withKey("GET", permissions);
            expect(listed.status).toBe(200);
          },
        ),
        { numRuns: 400 },
      );
    });

    test("with a text for a partition key is refused in the service's words", async () => {
      const body = { ...ORDERS, resourcePartitionKey: "a" };
      const answer = await rest.withKey("POST", await newPermissions(), { body });
      expect(answer.body.message).toContain('{"Errors":["Partition key supplied is not valid."]}');
    });
  });

  describe("a user's permissions", () => {
    const container = "dbs/shop/colls/orders";
    const different: readonly (readonly [string, unknown])[] = [
      [container, undefined],
      [container, ["a"]],
      [container, ["b"]],
      [container, [1]],
      [container, ["1"]],
      [container, [null]],
      [container, [{}]],
      [container, ["a", "b"]],
      [`${container}/docs/1`, undefined],
      [`${container}/docs/1`, ["a"]],
      [`${container}/sprocs/1`, undefined],
    ];

    test("differ in resource or partition key; names and rids of one container differ", async () => {
      const permissions = await newPermissions();
      const all = [
        ...different,
        [containerSelf, undefined],
        [containerSelf, ["a"]],
        [itemSelf, undefined],
      ];
      for (const [index, [resource, key]] of all.entries()) {
        const body = { ...ORDERS, id: `p${index}`, resource, resourcePartitionKey: key };
        expect(await rest.withKey("POST", permissions, { body })).toMatchObject({ status: 201 });
      }
      for (const [index, [resource, key]] of all.entries()) {
        for (const permissionMode of ["All", "Read"]) {
          const body = {
            id: `again${index}`,
            permissionMode,
            resource,
            resourcePartitionKey: key,
          };
          expect(await rest.withKey("POST", permissions, { body })).toMatchObject({ status: 409 });
        }
      }
      expect((await rest.withKey("GET", permissions)).body._count).toBe(all.length);
    });

    test("may be on what other users' permissions are on", async () => {
      for (const permissions of [await newPermissions(), await newPermissions()]) {
        expect((await rest.withKey("POST", permissions, { body: ORDERS })).status).toBe(201);
      }
    });

    test("have ids of their own: 409 for a second one of an id, and for a replace to it", async () => {
      const permissions = await newPermissions();
      const second = { ...ORDERS, id: "q", resourcePartitionKey: ["a"] };
      await rest.withKey("POST", permissions, { body: ORDERS });
      await rest.withKey("POST", permissions, { body: second });
      const sameId = { ...second, id: "p", resourcePartitionKey: ["z"] };
      expect((await rest.withKey("POST", permissions, { body: sameId })).status).toBe(409);
      expect((await rest.withKey("PUT", `${permissions}/q`, { body: sameId })).status).toBe(409);
      const sameTarget = { ...ORDERS, id: "q" };
      expect((await rest.withKey("PUT", `${permissions}/q`, { body: sameTarget })).status).toBe(
        409,
      );
    });

    test("leave their resource and id free once they are replaced or deleted", async () => {
      const permissions = await newPermissions();
      await rest.withKey("POST", permissions, { body: ORDERS });
      const moved = { ...ORDERS, resource: `${container}/docs/1` };
      expect((await rest.withKey("PUT", `${permissions}/p`, { body: moved })).status).toBe(200);
      const again = { ...ORDERS, id: "again" };
      expect((await rest.withKey("POST", permissions, { body: again })).status).toBe(201);
      expect((await rest.withKey("DELETE", `${permissions}/p`)).status).toBe(204);
      expect((await rest.withKey("POST", permissions, { body: moved })).status).toBe(201);
    });

    test("stay when the user is renamed, and stay theirs", async () => {
      const permissions = await newPermissions();
      const user = permissions.replace("/permissions", "");
      await rest.withKey("POST", permissions, { body: ORDERS });
      await rest.withKey("PUT", user, { body: { id: `${user.slice(15)} renamed` } });
      expect((await rest.withKey("GET", permissions)).status).toBe(404);
      const renamed = await rest.withKey("GET", `${user} renamed/permissions`);
      expect(renamed.body.Permissions).toMatchObject([ORDERS]);
    });

    test("are replaced and deleted on condition of their etag", async () => {
      const permissions = await newPermissions();
      const created = await rest.withKey("POST", permissions, { body: ORDERS });
      const stale = { headers: { "if-match": '"stale"' }, body: ORDERS };
      expect((await rest.withKey("PUT", `${permissions}/p`, stale)).status).toBe(412);
      expect((await rest.withKey("DELETE", `${permissions}/p`, stale)).status).toBe(412);
      const current = { headers: { "if-match": created.body._etag }, body: ORDERS };
      expect((await rest.withKey("PUT", `${permissions}/p`, current)).status).toBe(200);
      expect((await rest.withKey("DELETE", `${permissions}/p`, current)).status).toBe(412);
    });

    test("come in pages", async () => {
      const permissions = await newPermissions();
      for (let index = 0; index < 5; index += 1) {
        const body = { ...ORDERS, id: `p${index}`, resourcePartitionKey: [index] };
        await rest.withKey("POST", permissions, { body });
      }
      const [, , , userId = ""] = permissions.split("/");
      const feed = client.database("shop").user(userId).permissions.readAll({ maxItemCount: 2 });
      const sizes: number[] = [];
      for await (const { resources } of feed.getAsyncIterator()) {
        sizes.push(resources.length);
      }
      expect(sizes).toEqual([2, 2, 1]);
    });

    test("can be read by an account key alone", async () => {
      const permissions = await newPermissions();
      const { body } = await rest.withKey("POST", permissions, { body: ORDERS });
      for (const [method, link] of [
        ["GET", permissions],
        ["GET", `${permissions}/p`],
        ["POST", permissions],
        ["DELETE", `${permissions}/p`],
        ["GET", "dbs/shop/users"],
        ["POST", "dbs/shop/users"],
        ["GET", `${permissions}/nothing`],
      ] as const) {
        expect((await rest.withToken(body._token, method, link)).status).toBe(403);
      }
    });
  });
});
