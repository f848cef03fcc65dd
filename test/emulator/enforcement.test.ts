import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Emulator, startEmulator } from "../../src/emulator/start-emulator.ts";
import { verdictOf } from "../model/verdict.ts";
import {
  anyPermission,
  anyTarget,
  headersOf,
  linkOf,
  REQUEST_FORMS,
} from "./security/any-request.ts";
import { createRestClient, type RestAnswer, type RestClient } from "./security/rest-client.ts";

let emulator: Emulator;
let rest: RestClient;

beforeAll(async () => {
  emulator = await startEmulator({ port: 0 });
  rest = createRestClient(emulator);
});

afterAll(() => emulator.stop());

interface PermissionBody {
  readonly permissionMode: "Read" | "All";
  readonly resource: string;
  readonly resourcePartitionKey?: unknown;
}

let userCount = 0;

/** The token of a new permission of a new user. */
async function tokenOf(database: string, permission: PermissionBody): Promise<string> {
  userCount += 1;
  const user = `u${userCount}`;
  await rest.withKey("POST", `dbs/${database}/users`, { body: { id: user } });
  const permissions = `dbs/${database}/users/${user}/permissions`;
  const answer = await rest.withKey("POST", permissions, { body: { id: "p", ...permission } });
  expect(answer.status).toBe(201);
  return answer.body._token;
}

const key = (...levels: readonly unknown[]) => ({
  "x-ms-documentdb-partitionkey": JSON.stringify(levels),
});
const inRange = { "x-ms-documentdb-partitionkeyrangeid": "0" };
const isQuery = {
  "content-type": "application/query+json",
  "x-ms-documentdb-isquery": "True",
  "x-ms-documentdb-query-enablecrosspartition": "True",
};
const isPlan = {
  ...isQuery,
  "x-ms-cosmos-is-query-plan-request": "True",
  "x-ms-cosmos-supported-query-features": "OrderBy",
  "x-ms-cosmos-query-version": "1.0",
};
const isUpsert = { "x-ms-documentdb-is-upsert": "True" };
const isBatch = {
  "x-ms-cosmos-is-batch-request": "True",
  "x-ms-cosmos-batch-atomic": "True",
  "x-ms-cosmos-batch-ordered": "True",
};
const isBulk = { ...isBatch, "x-ms-cosmos-batch-atomic": "False" };
const isFeedOfChanges = { "a-im": "Incremental feed" };

/** Adds a database with a container `c` by tenant, and items 1 and 2 of tenant a and 3 of tenant b. */
async function addDatabase(database: string): Promise<void> {
  await rest.withKey("POST", "dbs", { body: { id: database } });
  for (const id of ["c", "other"]) {
    await rest.withKey("POST", `dbs/${database}/colls`, {
      body: { id, partitionKey: { paths: ["/tenantId"], kind: "Hash", version: 2 } },
    });
  }
  for (const [id, tenantId] of [
    ["1", "a"],
    ["2", "a"],
    ["3", "b"],
  ]) {
    await rest.withKey("POST", `dbs/${database}/colls/c/docs`, {
      headers: key(tenantId),
      body: { id, tenantId },
    });
  }
  for (const [feed, body] of [
    ["sprocs", "function () {}"],
    ["udfs", "function () { return 1; }"],
  ]) {
    await rest.withKey("POST", `dbs/${database}/colls/c/${feed}`, { body: { id: "s", body } });
  }
  await rest.withKey("POST", `dbs/${database}/colls/c/triggers`, {
    body: { id: "s", body: "function () {}", triggerType: "Pre", triggerOperation: "All" },
  });
}

const SCOPES = [
  ["container Read", "Read", "", undefined],
  ["container All", "All", "", undefined],
  ["partition Read", "Read", "", ["a"]],
  ["partition All", "All", "", ["a"]],
  ["item Read", "Read", "/docs/1", undefined],
  ["item All", "All", "/docs/1", undefined],
] as const;

/**
 * One line a kind of request: its name, the marks of the six scopes above (x allowed, - 403), the
 * answer where it is allowed, the verb, the link below `dbs/{db}/colls/c` (or from the root, with a
 * slash), headers and body.
 */
type Line = readonly [
  name: string,
  marks: string,
  status: number | readonly number[],
  method: string,
  link: string,
  headers?: Readonly<Record<string, string>>,
  body?: unknown,
];

const QUERY = { query: "SELECT * FROM c", parameters: [] };
const QUERY_OF_A = { query: "SELECT * FROM c WHERE c.tenantId = 'a'", parameters: [] };
const NEW_IN_A = { id: "new", tenantId: "a" };
const NEW_IN_B = { id: "new", tenantId: "b" };
const ONE = { id: "1", tenantId: "a", changed: true };
const THREE = { id: "3", tenantId: "b", changed: true };
const PATCH = { operations: [{ op: "set", path: "/changed", value: true }] };
const BATCH_IN_A = [{ operationType: "Create", resourceBody: NEW_IN_A }];
const BATCH_IN_B = [{ operationType: "Create", resourceBody: NEW_IN_B }];
const BULK = [{ operationType: "Create", partitionKey: '["a"]', resourceBody: NEW_IN_A }];
const DEFINITION = { id: "c", partitionKey: { paths: ["/tenantId"], kind: "Hash", version: 2 } };
const SPROC = { id: "t", body: "function () {}" };

const LINES: readonly Line[] = [
  ["the account", "xxxxxx", 200, "GET", "/"],
  ["databases", "------", 0, "GET", "/dbs"],
  ["a new database", "------", 0, "POST", "/dbs", {}, { id: "new" }],
  ["the database", "------", 0, "GET", "/dbs/{db}"],
  ["deleting the database", "------", 0, "DELETE", "/dbs/{db}"],
  ["containers", "------", 0, "GET", "/dbs/{db}/colls"],
  ["a query over containers", "------", 0, "POST", "/dbs/{db}/colls", isQuery, QUERY],
  ["a new container", "------", 0, "POST", "/dbs/{db}/colls", {}, { ...DEFINITION, id: "new" }],
  ["users", "------", 0, "GET", "/dbs/{db}/users"],
  ["a new user", "------", 0, "POST", "/dbs/{db}/users", {}, { id: "new" }],
  ["own permissions", "------", 0, "GET", "/dbs/{db}/users/u/permissions"],
  ["own permission", "------", 0, "GET", "/dbs/{db}/users/u/permissions/p"],
  ["throughput", "------", 0, "GET", "/offers"],

  ["the container", "xxxxxx", 200, "GET", ""],
  ["its ranges", "xxxxxx", 200, "GET", "/pkranges"],
  ["replacing the container", "-x----", 200, "PUT", "", {}, DEFINITION],
  ["deleting the container", "-x----", 204, "DELETE", ""],

  ["an item", "xxxxxx", 200, "GET", "/docs/1", key("a")],
  ["another item of its partition", "xxxx--", 200, "GET", "/docs/2", key("a")],
  ["an item of another partition", "xx----", 200, "GET", "/docs/3", key("b")],
  ["an item without a partition key", "xx--xx", 400, "GET", "/docs/1"],
  ["an item that is not there", "xxxx--", 404, "GET", "/docs/none", key("a")],
  ["an item of b, asked for in a", "xxxx--", 404, "GET", "/docs/3", key("a")],
  ["an item of a, asked for in b", "xx--xx", 404, "GET", "/docs/1", key("b")],

  ["a query in a", "xxxx--", 200, "POST", "/docs", { ...isQuery, ...key("a") }, QUERY],
  ["a query in b", "xx----", 200, "POST", "/docs", { ...isQuery, ...key("b") }, QUERY],
  ["a query in no partition", "xx----", 200, "POST", "/docs", isQuery, QUERY],
  ["a query whose text names a", "xx----", 200, "POST", "/docs", isQuery, QUERY_OF_A],
  ["a query by range", "xx----", 200, "POST", "/docs", { ...isQuery, ...inRange }, QUERY],
  [
    "a query in a by range",
    "xx----",
    200,
    "POST",
    "/docs",
    { ...isQuery, ...inRange, ...key("a") },
    QUERY,
  ],
  ["a plan in a", "xxxx--", 200, "POST", "/docs", { ...isPlan, ...key("a") }, QUERY],
  ["a plan in b", "xx----", 200, "POST", "/docs", { ...isPlan, ...key("b") }, QUERY],
  ["a plan in no partition", "xx----", 200, "POST", "/docs", isPlan, QUERY],
  ["a list in a", "xxxx--", 200, "GET", "/docs", key("a")],
  ["a list in b", "xx----", 200, "GET", "/docs", key("b")],
  ["a list", "xx----", 200, "GET", "/docs"],
  ["changes in a", "xxxx--", 200, "GET", "/docs", { ...isFeedOfChanges, ...key("a") }],
  ["changes in b", "xx----", 200, "GET", "/docs", { ...isFeedOfChanges, ...key("b") }],
  ["changes", "xx----", 200, "GET", "/docs", { ...isFeedOfChanges, ...inRange }],

  ["creating in a", "-x-x--", 201, "POST", "/docs", key("a"), NEW_IN_A],
  ["creating in b", "-x----", 201, "POST", "/docs", key("b"), NEW_IN_B],
  ["creating an item of b in a", "-x-x--", 400, "POST", "/docs", key("a"), NEW_IN_B],
  ["creating in no partition", "-x----", 400, "POST", "/docs", {}, NEW_IN_A],
  ["upserting a new item", "-x-x--", 201, "POST", "/docs", { ...isUpsert, ...key("a") }, NEW_IN_A],
  ["upserting the item", "-x-x--", 200, "POST", "/docs", { ...isUpsert, ...key("a") }, ONE],
  ["upserting in b", "-x----", 200, "POST", "/docs", { ...isUpsert, ...key("b") }, THREE],
  ["replacing the item", "-x-x-x", 200, "PUT", "/docs/1", key("a"), ONE],
  ["replacing in b", "-x----", 200, "PUT", "/docs/3", key("b"), THREE],
  ["patching the item", "-x-x-x", 200, "PATCH", "/docs/1", key("a"), PATCH],
  ["patching in b", "-x----", 200, "PATCH", "/docs/3", key("b"), PATCH],
  ["deleting the item", "-x-x-x", 204, "DELETE", "/docs/1", key("a")],
  ["deleting another item", "-x-x--", 204, "DELETE", "/docs/2", key("a")],
  ["deleting in b", "-x----", 204, "DELETE", "/docs/3", key("b")],
  ["a batch in a", "-x-x--", 200, "POST", "/docs", { ...isBatch, ...key("a") }, BATCH_IN_A],
  ["a batch in b", "-x----", 200, "POST", "/docs", { ...isBatch, ...key("b") }, BATCH_IN_B],
  ["bulk by range", "-x----", 200, "POST", "/docs", { ...isBulk, ...inRange }, BULK],
  [
    "bulk by range in a",
    "-x----",
    200,
    "POST",
    "/docs",
    { ...isBulk, ...inRange, ...key("a") },
    BULK,
  ],
  ["deleting partition a", "-x-x--", 200, "POST", "/operations/partitionkeydelete", key("a")],
  ["deleting partition b", "-x----", 200, "POST", "/operations/partitionkeydelete", key("b")],

  ["running a procedure", "-x----", [200, 501], "POST", "/sprocs/s", key("a"), []],
  ["procedures", "xx----", 200, "GET", "/sprocs"],
  ["a procedure", "xx----", 200, "GET", "/sprocs/s"],
  ["creating a procedure", "-x----", 201, "POST", "/sprocs", {}, SPROC],
  ["replacing a procedure", "-x----", 200, "PUT", "/sprocs/s", {}, { ...SPROC, id: "s" }],
  ["deleting a procedure", "-x----", 204, "DELETE", "/sprocs/s"],
  ["a function", "xx----", 200, "GET", "/udfs/s"],
  ["deleting a function", "-x----", 204, "DELETE", "/udfs/s"],
  ["a trigger", "xx----", 200, "GET", "/triggers/s"],
  ["deleting a trigger", "-x----", 204, "DELETE", "/triggers/s"],

  ["another container", "------", 0, "GET", "/dbs/{db}/colls/other"],
  ["its items", "------", 0, "GET", "/dbs/{db}/colls/other/docs", key("a")],
  ["a container that is not there", "------", 0, "GET", "/dbs/{db}/colls/none"],
  ["an item in it", "------", 0, "GET", "/dbs/{db}/colls/none/docs/1", key("a")],
  ["the container of another database", "------", 0, "GET", "/dbs/none/colls/c"],
];

describe.each(SCOPES)("a token for %s", (scope, permissionMode, below, resourcePartitionKey) => {
  const column = SCOPES.findIndex(([name]) => name === scope);
  const database = `db ${scope}`;

  /** Sends a line's request, with a token for the container by names or by rids. */
  async function send(line: Line, byRid: boolean): Promise<RestAnswer> {
    const [, , , method, link, headers = {}, body] = line;
    await addDatabase(database);
    const container = `dbs/${database}/colls/c`;
    const self = (await rest.withKey("GET", `${container}${below}`, { headers: key("a") })).body
      ._self;
    const resourceToken = await tokenOf(database, {
      permissionMode,
      resource: byRid ? self : `${container}${below}`,
      ...(resourcePartitionKey === undefined ? {} : { resourcePartitionKey }),
    });
    const isAbsolute = link === "/" || /^\/(dbs|offers)/.test(link);
    const path = isAbsolute ? link.slice(1).replace("{db}", database) : `${container}${link}`;
    const answer = await rest.withToken(resourceToken, method, path, {
      headers,
      ...(body === undefined ? {} : { body }),
    });
    await rest.withKey("DELETE", `dbs/${database}`);
    return answer;
  }

  test.each(LINES.map((line) => [line[0], line] as const))("and %s", async (_, line) => {
    const [, marks, status] = line;
    const answer = await send(line, false);
    if (marks[column] === "x") {
      expect([status].flat(), JSON.stringify(answer.body)).toContain(answer.status);
    } else {
      expect(answer.status, JSON.stringify(answer.body)).toBe(403);
      expect(answer.headers["x-ms-substatus"]).toBe("0");
      expect(answer.body.message).toMatch(
        /^Insufficient permissions provided in the authorization header for the corresponding request\. Please retry with another authorization header\.\r\nActivityId: /,
      );
    }
  });

  test("decides the same where the permission's link is in rids", async () => {
    for (const line of LINES) {
      const [name, marks, status] = line;
      // A rid names one item, not every item of its id: in another partition it is not that item.
      const isOfItself =
        below === "" || (!name.endsWith("in b") && name !== "an item without a partition key");
      const expected = marks[column] === "x" && isOfItself ? [status].flat() : [403];
      expect(expected, name).toContain((await send(line, true)).status);
    }
  });
});

describe("a hierarchical partition key", () => {
  const database = "hierarchy";
  const items = `dbs/${database}/colls/h/docs`;
  const resource = `dbs/${database}/colls/h`;

  beforeAll(async () => {
    await rest.withKey("POST", "dbs", { body: { id: database } });
    await rest.withKey("POST", `dbs/${database}/colls`, {
      body: { id: "h", partitionKey: { paths: ["/t", "/u"], kind: "MultiHash", version: 2 } },
    });
    for (const [t, u] of [
      ["t1", "u1"],
      ["t1", "u2"],
      ["t2", "u1"],
    ]) {
      await rest.withKey("POST", items, { headers: key(t, u), body: { id: "1", t, u } });
    }
  });

  test("prefix lets points through, and refuses queries, lists and changes", async () => {
    const prefix = await tokenOf(database, {
      permissionMode: "All",
      resource,
      resourcePartitionKey: ["t1"],
    });
    const as = (method: string, link: string, headers: object, body?: unknown) =>
      rest.withToken(prefix, method, link, {
        headers: { ...headers },
        ...(body === undefined ? {} : { body }),
      });
    for (const u of ["u1", "u2"]) {
      expect((await as("GET", `${items}/1`, key("t1", u))).status).toBe(200);
      const upsert = { ...isUpsert, ...key("t1", u) };
      expect((await as("POST", items, upsert, { id: "1", t: "t1", u })).status).toBe(200);
      expect((await as("PATCH", `${items}/1`, key("t1", u), PATCH)).status).toBe(200);
    }
    expect((await as("GET", `${items}/none`, key("t1", "u9"))).status).toBe(404);
    expect((await as("GET", `${items}/1`, key("t2", "u1"))).status).toBe(403);
    expect((await as("GET", `${items}/1`, key("u1", "t1"))).status).toBe(403);
    expect((await as("GET", `${items}/1`, key("t1"))).status).toBe(400);
    for (const header of [key("t1"), key("t1", "u1")]) {
      expect((await as("POST", items, { ...isQuery, ...header }, QUERY)).status).toBe(403);
      expect((await as("POST", items, { ...isPlan, ...header }, QUERY)).status).toBe(403);
      expect((await as("GET", items, header)).status).toBe(403);
      expect((await as("GET", items, { ...isFeedOfChanges, ...header })).status).toBe(403);
    }
  });

  test("with all levels lets queries through, for that key alone", async () => {
    const full = await tokenOf(database, {
      permissionMode: "Read",
      resource,
      resourcePartitionKey: ["t1", "u1"],
    });
    const queryIn = (...levels: string[]) =>
      rest.withToken(full, "POST", items, {
        headers: { ...isQuery, ...key(...levels) },
        body: QUERY,
      });
    const own = await queryIn("t1", "u1");
    expect(own.body.Documents).toMatchObject([{ id: "1", t: "t1", u: "u1" }]);
    expect((await queryIn("t1", "u2")).status).toBe(403);
    expect((await queryIn("t1")).status).toBe(403);
    expect((await queryIn("t1", "u1", "v")).status).toBe(400);
  });
});

describe("an item's token", () => {
  test("by name holds in every partition, with a partition key in that one alone", async () => {
    const database = "item tokens";
    await addDatabase(database);
    const items = `dbs/${database}/colls/c/docs`;
    await rest.withKey("POST", items, { headers: key("b"), body: { id: "1", tenantId: "b" } });
    const permission = { permissionMode: "Read", resource: `${items}/1` } as const;
    const anywhere = await tokenOf(database, permission);
    const inA = await tokenOf(database, { ...permission, resourcePartitionKey: ["a"] });
    const read = (each: string, tenantId: string) =>
      rest.withToken(each, "GET", `${items}/1`, { headers: key(tenantId) });
    expect((await read(anywhere, "a")).body).toMatchObject({ tenantId: "a" });
    expect((await read(anywhere, "b")).body).toMatchObject({ tenantId: "b" });
    expect((await read(inA, "a")).status).toBe(200);
    expect((await read(inA, "b")).status).toBe(403);
  });

  test("by rid holds for that item, whatever takes its name or its rid for a name", async () => {
    const database = "rid tokens";
    await addDatabase(database);
    const items = `dbs/${database}/colls/c/docs`;
    const one = (await rest.withKey("GET", `${items}/1`, { headers: key("a") })).body;
    const token = await tokenOf(database, { permissionMode: "All", resource: one._self });
    const selfLink = one._self.slice(0, -1);
    const read = (link: string, tenantId: string) =>
      rest.withToken(token, "GET", link, { headers: key(tenantId) });
    expect((await read(selfLink, "a")).body).toMatchObject({ id: "1" });
    expect((await read(`${items}/1`, "a")).body).toMatchObject({ id: "1" });

    // An item elsewhere with the same id, and one whose id is the first one's rid.
    for (const id of ["1", one._rid]) {
      await rest.withKey("POST", items, { headers: key("b"), body: { id, tenantId: "b" } });
    }
    expect((await read(`${items}/1`, "b")).status).toBe(403);
    expect((await read(`${items}/${one._rid}`, "b")).status).toBe(403);
    expect((await read(selfLink, "b")).status).toBe(403);

    await rest.withKey("DELETE", `${items}/1`, { headers: key("a") });
    for (const tenantId of ["a", "b"]) {
      expect([403, 404]).toContain((await read(selfLink, tenantId)).status);
      expect([403, 404]).toContain((await read(`${items}/${one._rid}`, tenantId)).status);
    }
  });
});

test("any token and any request meet the verdict of the model", async () => {
  const containers = ["c", "h"].flatMap((id) => ["d", "e"].map((d) => [d, id] as const));
  async function restore(): Promise<void> {
    for (const d of ["d", "e"]) {
      await rest.withKey("POST", "dbs", { body: { id: d } });
    }
    for (const [d, id] of containers) {
      const paths = id === "h" ? ["/t", "/u"] : ["/t"];
      const kind = id === "h" ? "MultiHash" : "Hash";
      await rest.withKey("POST", `dbs/${d}/colls`, {
        body: { id, partitionKey: { paths, kind, version: 2 } },
      });
    }
  }
  await restore();
  await fc.assert(
    fc.asyncProperty(
      anyPermission,
      fc.constantFrom(...REQUEST_FORMS),
      anyTarget,
      async (permission, form, target) => {
        const { resource, mode, partitionKey } = permission;
        const token = await tokenOf(resource.split("/")[1] ?? "", {
          permissionMode: mode,
          resource,
          ...(partitionKey && { resourcePartitionKey: partitionKey }),
        });
        const [link, headers] = [linkOf(form, target), headersOf(form, target)];
        const answer = await rest.withToken(token, form.method, link, { headers });
        const request = {
          method: form.method,
          segments: link === "" ? [] : link.split("/"),
          headers,
        };
        const verdict = verdictOf({ ...permission, startMs: 0, expiryMs: 0 }, request, {
          nowMs: 0,
          levelsOf: (container) => (container === "h" ? 2 : 1),
        });
        expect(answer.status).not.toBe(401);
        expect(answer.status).not.toBe(500);
        expect(answer.status === 403 ? 403 : "allowed").toBe(verdict);
        if (form.method === "DELETE" && answer.status === 204) {
          await restore();
        }
      },
    ),
    { numRuns: 600 },
  );
}, 60_000);
