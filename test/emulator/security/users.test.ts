import { CosmosClient, type Database, ErrorResponse } from "@azure/cosmos";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Emulator, startEmulator } from "../../../src/emulator/start-emulator.ts";
import { createRestClient, type RestClient } from "./rest-client.ts";

describe.each([1, 4])("users on %i physical partitions", (partitions) => {
  let emulator: Emulator;
  let client: CosmosClient;
  let database: Database;
  let rest: RestClient;
  let databaseCount = 0;

  beforeAll(async () => {
    emulator = await startEmulator({ partitions, port: 0 });
    client = new CosmosClient({ endpoint: emulator.endpoint, key: emulator.keys[0] });
    rest = createRestClient(emulator);
  });

  afterAll(async () => {
    client.dispose();
    await emulator.stop();
  });

  /** A database of its own for each test that counts. */
  async function newDatabase(): Promise<Database> {
    databaseCount += 1;
    const created = await client.databases.create({ id: `db ${databaseCount}` });
    return created.database;
  }

  describe("users, through the JavaScript SDK", () => {
    beforeAll(async () => {
      database = await newDatabase();
    });

    test("are created, read, listed, queried, renamed, upserted and deleted", async () => {
      const created = await database.users.create({ id: "someone@cool.net" });
      expect(created.statusCode).toBe(201);
      expect(created.requestCharge).toBe(4.95);
      expect(created.resource).toMatchObject({
        id: "someone@cool.net",
        _permissions: "permissions/",
        _etag: expect.stringMatching(/^".+"$/),
        _ts: expect.any(Number),
      });

      const read = await created.user.read();
      expect(read.requestCharge).toBe(2);
      expect(read.resource).toEqual(created.resource);

      const listed = await database.users.readAll().fetchAll();
      expect(listed.resources).toEqual([created.resource]);

      const query = { query: "SELECT * FROM root r WHERE r.id=@id" };
      const found = await database.users
        .query({ ...query, parameters: [{ name: "@id", value: "someone@cool.net" }] })
        .fetchAll();
      expect(found.resources).toEqual([created.resource]);
      const none = await database.users
        .query({ ...query, parameters: [{ name: "@id", value: "nobody" }] })
        .fetchAll();
      expect(none.resources).toEqual([]);

      const renamed = await created.user.replace({ id: "other@cool.net" });
      expect(renamed.requestCharge).toBe(9.9);
      expect(renamed.resource).toMatchObject({
        id: "other@cool.net",
        _rid: created.resource?._rid,
      });
      await expect(created.user.read()).rejects.toMatchObject({ code: 404 });

      const updated = await database.users.upsert({ id: "other@cool.net" });
      expect(updated.statusCode).toBe(200);
      expect(updated.resource?._rid).toBe(created.resource?._rid);
      const inserted = await database.users.upsert({ id: "third" });
      expect(inserted.statusCode).toBe(201);

      const deleted = await inserted.user.delete();
      expect(deleted.statusCode).toBe(204);
      expect(deleted.requestCharge).toBe(4.95);
      await expect(inserted.user.delete()).rejects.toMatchObject({ code: 404 });
      expect((await database.users.readAll().fetchAll()).resources).toHaveLength(1);
    });

    test.each([
      "50%",
      "%41",
      "a b",
      "😀",
      "é",
      "a@b+c=d&e",
      "'\"",
      "x".repeat(255),
      "_%2F_",
      "...",
    ])("may have the id %j", async (id) => {
      const { resource } = await database.users.create({ id });
      expect(resource?.id).toBe(id);
      expect((await database.user(id).read()).resource?.id).toBe(id);
      await database.user(id).permissions.create({
        id,
        permissionMode: "Read" as never,
        resource: "dbs/db 1/colls/c",
      });
      expect((await database.user(id).permission(id).read()).resource?.id).toBe(id);
      await database.user(id).delete();
    });
  });

  describe("users, over REST", () => {
    const link = "dbs/db 1/users";

    test.each([
      ["no id", {}],
      ["an empty id", { id: "" }],
      ["an id that is no text", { id: 7 }],
      ["a null id", { id: null }],
      ["256 characters", { id: "x".repeat(256) }],
      ["a slash", { id: "a/b" }],
      ["a backslash", { id: "a\\b" }],
      ["a question mark", { id: "a?b" }],
      ["a number sign", { id: "a#b" }],
      ["a space at its end", { id: "a " }],
      ["half a surrogate pair", '{"id":"\\ud800"}'],
      ["no object", ["a"]],
      ["no JSON", "{"],
      ["no body", ""],
    ])("are refused with 400: %s", async (_, body) => {
      const answer = await rest.withKey("POST", link, { body });
      expect(answer).toMatchObject({ status: 400, body: { code: "BadRequest" } });
    });

    test("are shown with the service's headers and links", async () => {
      const own = await newDatabase();
      const { resource: db } = await own.read();
      const users = `dbs/${own.id}/users`;
      const created = await rest.withKey("POST", users, { body: { id: "u" } });
      const { _rid: rid, _etag: etag } = created.body;
      expect(Buffer.from(rid.replaceAll("-", "/"), "base64")).toHaveLength(8);
      expect(created.body._self).toBe(`dbs/${db?._rid}/users/${rid}/`);
      expect(created.headers).toMatchObject({
        etag,
        "x-ms-request-charge": "4.95",
        "x-ms-resource-quota": "users=500000;",
        "x-ms-resource-usage": "users=1;",
        "x-ms-alt-content-path": encodeURI(`dbs/${own.id}`),
        "x-ms-content-path": db?._rid,
      });
      const listed = await rest.withKey("GET", users);
      expect(listed.headers).toMatchObject({ "x-ms-item-count": "1", "x-ms-request-charge": "2" });
      expect(listed.body).toEqual({ _rid: db?._rid, Users: [created.body], _count: 1 });

      const byRid = await rest.withKey("GET", created.body._self.slice(0, -1));
      expect(byRid.body).toEqual(created.body);
    });

    test("of one id exist once: 409 for a second and for a rename to it", async () => {
      const own = await newDatabase();
      const users = `dbs/${own.id}/users`;
      await rest.withKey("POST", users, { body: { id: "a" } });
      await rest.withKey("POST", users, { body: { id: "b" } });
      const conflict = {
        status: 409,
        body: {
          code: "Conflict",
          message: expect.stringContaining(
            "Resource with specified id, name or unique index already exists",
          ),
        },
      };
      expect(await rest.withKey("POST", users, { body: { id: "a" } })).toMatchObject(conflict);
      expect(await rest.withKey("PUT", `${users}/b`, { body: { id: "a" } })).toMatchObject(
        conflict,
      );
      expect(await rest.withKey("POST", users, { body: { id: "A" } })).toMatchObject({
        status: 201,
      });
    });

    test("are replaced and deleted on condition of their etag", async () => {
      const own = await newDatabase();
      const user = `dbs/${own.id}/users/u`;
      const first = await rest.withKey("POST", `dbs/${own.id}/users`, { body: { id: "u" } });
      const ifMatch = (etag: string) => ({ headers: { "if-match": etag }, body: { id: "u" } });
      const second = await rest.withKey("PUT", user, ifMatch(first.body._etag));
      expect(second.status).toBe(200);
      expect(second.body._etag).not.toBe(first.body._etag);
      const stale = { status: 412, body: { code: "PreconditionFailed" } };
      expect(await rest.withKey("PUT", user, ifMatch(first.body._etag))).toMatchObject(stale);
      expect(await rest.withKey("DELETE", user, ifMatch(first.body._etag))).toMatchObject(stale);
      const upsert = ifMatch(first.body._etag);
      expect(
        await rest.withKey("POST", `dbs/${own.id}/users`, {
          ...upsert,
          headers: { ...upsert.headers, "x-ms-documentdb-is-upsert": "true" },
        }),
      ).toMatchObject(stale);
      expect((await rest.withKey("PUT", user, ifMatch("*"))).status).toBe(200);
      expect((await rest.withKey("DELETE", user, { headers: { "if-match": "*" } })).status).toBe(
        204,
      );
    });

    test("come in pages, in the order they were created, whatever is deleted in between", async () => {
      const own = await newDatabase();
      const users = `dbs/${own.id}/users`;
      const ids = Array.from({ length: 7 }, (_, index) => `u${(index * 3) % 7}`);
      for (const id of ids) {
        await rest.withKey("POST", users, { body: { id } });
      }

      const seen: string[] = [];
      let continuation: string | undefined;
      do {
        const page = await rest.withKey("GET", users, {
          headers: {
            "x-ms-max-item-count": "2",
            ...(continuation === undefined ? {} : { "x-ms-continuation": continuation }),
          },
        });
        expect(page.body._count).toBeLessThanOrEqual(2);
        seen.push(...page.body.Users.map(({ id }: { id: string }) => id));
        const last = seen.at(-1) ?? "";
        await rest.withKey("DELETE", `${users}/${last}`);
        continuation = page.headers["x-ms-continuation"] as string | undefined;
      } while (continuation !== undefined);
      expect(seen).toEqual(ids);

      const left = await own.users.readAll({ maxItemCount: 1 }).fetchAll();
      expect(left.resources.map(({ id }) => id)).toEqual([ids[0], ids[2], ids[4]]);
    });

    test.each([
      ["x-ms-max-item-count", "0"],
      ["x-ms-max-item-count", "many"],
      ["x-ms-continuation", "made up"],
      ["x-ms-continuation", "-RID:~#RT:1"],
    ])("are not listed with %s: %s", async (name, value) => {
      const answer = await rest.withKey("GET", link, { headers: { [name]: value } });
      expect(answer.status).toBe(400);
    });

    test.each([
      ["GET", "dbs/nowhere/users", 404],
      ["POST", "dbs/nowhere/users", 404],
      ["GET", `${link}/nobody`, 404],
      ["GET", `${link}/nobody/permissions`, 404],
      ["POST", `${link}/nobody/permissions`, 404],
      ["PATCH", link, 405],
      ["PUT", link, 405],
      ["DELETE", link, 405],
    ])("%s %s answers %d", async (method, path, status) => {
      const answer = await rest.withKey(method, path, { body: { id: "x" } });
      expect(answer.status).toBe(status);
    });

    test("answer an odd path with 404 or 405, never with another resource", async () => {
      await rest.withKey("POST", link, { body: { id: "odd" } });
      for (const path of [
        `${link}/odd/nothing`,
        `${link}/odd/permissions/p/q`,
        `${link}/odd/permissions/p/q/r`,
        `${link}/odd/PERMISSIONS`,
      ]) {
        expect([404, 405]).toContain((await rest.withKey("GET", path)).status);
      }
      expect((await rest.withKey("POST", `${link}/odd`, { body: { id: "x" } })).status).toBe(405);
    });

    test("and their permissions are gone once the user is deleted and created again", async () => {
      const own = await newDatabase();
      const users = `dbs/${own.id}/users`;
      const body = { id: "p", permissionMode: "All", resource: `dbs/${own.id}/colls/c` };
      const first = await rest.withKey("POST", users, { body: { id: "u" } });
      await rest.withKey("POST", `${users}/u/permissions`, { body });
      await rest.withKey("DELETE", `${users}/u`);
      const second = await rest.withKey("POST", users, { body: { id: "u" } });
      expect(second.body._rid).not.toBe(first.body._rid);
      expect((await rest.withKey("GET", `${users}/u/permissions`)).body._count).toBe(0);
    });

    test("errors come through the SDK as its ErrorResponse", async () => {
      const failure = await database
        .user("nobody")
        .read()
        .catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(ErrorResponse);
      expect(failure).toMatchObject({ code: 404, substatus: 0 });
    });
  });
});
