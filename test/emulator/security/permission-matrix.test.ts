import { describe, expect, test } from "vitest";
import { authorize, type LinkResolver } from "../../../src/emulator/security/authorization.ts";
import type { ResourceTokenClaims } from "../../../src/emulator/security/resource-token.ts";
import { requestOf } from "./request-of.ts";

const C = "dbs/d/colls/c";
const QUERY = { "x-ms-documentdb-isquery": "True" };
const UPSERT = { "x-ms-documentdb-is-upsert": "True" };
const BATCH = { "x-ms-cosmos-is-batch-request": "True" };
const IN_A = { "x-ms-documentdb-partitionkey": '["a"]' };

const PERMISSIONS = {
  "container Read": { mode: "Read", resource: C },
  "container All": { mode: "All", resource: C },
  "partition Read": { mode: "Read", resource: C, partitionKey: ["a"] },
  "partition All": { mode: "All", resource: C, partitionKey: ["a"] },
  "item Read": { mode: "Read", resource: `${C}/docs/i` },
  "item All": { mode: "All", resource: `${C}/docs/i` },
  "script Read": { mode: "Read", resource: `${C}/sprocs/s` },
  "script All": { mode: "All", resource: `${C}/sprocs/s` },
} as const satisfies Record<
  string,
  Pick<ResourceTokenClaims, "mode" | "resource" | "partitionKey">
>;
type Name = keyof typeof PERMISSIONS;

function linksOf(levels: number | "no container"): LinkResolver {
  return {
    toNames: (segments) => ({ segments }),
    partitionKeyLevels: () => (levels === "no container" ? undefined : levels),
  };
}

/** Which permissions let a request pass, in the order of their list. */
function passing(
  method: string,
  path: string,
  headers: Record<string, string>,
  levels: number | "no container" = 1,
): readonly string[] {
  return Object.entries(PERMISSIONS).flatMap(([name, permission]) => {
    const claims = { userRid: "", userId: "", permissionId: "", startMs: 0, expiryMs: 0 };
    const authorization = { kind: "resource", claims: { ...claims, ...permission } } as const;
    try {
      authorize(authorization, requestOf(method, path, headers), linksOf(levels));
      return [name];
    } catch (error) {
      expect(error).toMatchObject({ status: 403 });
      return [];
    }
  });
}

const ALL: readonly Name[] = [
  "container Read",
  "container All",
  "partition Read",
  "partition All",
  "item Read",
  "item All",
  "script Read",
  "script All",
];
const CONTAINER: readonly Name[] = ["container Read", "container All"];
const PARTITION: readonly Name[] = [...CONTAINER, "partition Read", "partition All"];
const WRITE: readonly Name[] = ["container All", "partition All"];

describe("with the right partition key, where it has one", () => {
  test.each<[string, string, string, Record<string, string>, readonly Name[]]>([
    ["the account", "GET", "", {}, ALL],
    ["a database", "GET", "dbs/d", {}, []],
    ["the users", "GET", "dbs/d/users", {}, []],
    ["the container", "GET", C, {}, ALL],
    ["its ranges", "GET", `${C}/pkranges`, {}, ALL],
    ["a new definition of it", "PUT", C, IN_A, ["container All"]],
    ["its deletion", "DELETE", C, IN_A, ["container All"]],
    ["its items", "GET", `${C}/docs`, IN_A, PARTITION],
    ["a query", "POST", `${C}/docs`, { ...QUERY, ...IN_A }, PARTITION],
    [
      "the plan of a query",
      "POST",
      `${C}/docs`,
      { ...QUERY, ...IN_A, "x-ms-cosmos-is-query-plan-request": "True" },
      PARTITION,
    ],
    ["its changes", "GET", `${C}/docs`, { ...IN_A, "a-im": "Incremental feed" }, PARTITION],
    ["a new item", "POST", `${C}/docs`, IN_A, WRITE],
    ["an upsert", "POST", `${C}/docs`, { ...UPSERT, ...IN_A }, WRITE],
    [
      "a batch",
      "POST",
      `${C}/docs`,
      { ...BATCH, ...IN_A, "x-ms-cosmos-batch-atomic": "True" },
      WRITE,
    ],
    ["bulk", "POST", `${C}/docs`, { ...BATCH, ...IN_A }, ["container All"]],
    ["a partition's deletion", "POST", `${C}/operations/partitionkeydelete`, IN_A, WRITE],
    ["an item", "GET", `${C}/docs/i`, IN_A, [...PARTITION, "item Read", "item All"]],
    ["another item", "GET", `${C}/docs/j`, IN_A, PARTITION],
    ["a replaced item", "PUT", `${C}/docs/i`, IN_A, [...WRITE, "item All"]],
    ["a patched item", "PATCH", `${C}/docs/i`, IN_A, [...WRITE, "item All"]],
    ["a deleted item", "DELETE", `${C}/docs/i`, IN_A, [...WRITE, "item All"]],
    ["the scripts", "GET", `${C}/sprocs`, IN_A, CONTAINER],
    ["a query of scripts", "POST", `${C}/udfs`, { ...QUERY, ...IN_A }, CONTAINER],
    ["a new script", "POST", `${C}/triggers`, IN_A, ["container All"]],
    ["an upsert of a script", "POST", `${C}/udfs`, { ...UPSERT, ...IN_A }, ["container All"]],
    ["a script", "GET", `${C}/sprocs/s`, IN_A, [...CONTAINER, "script Read", "script All"]],
    ["a replaced script", "PUT", `${C}/sprocs/s`, IN_A, ["container All", "script All"]],
    ["a deleted script", "DELETE", `${C}/sprocs/s`, IN_A, ["container All", "script All"]],
    ["a script that runs", "POST", `${C}/sprocs/s`, IN_A, ["container All"]],
  ])("%s is for these", (_, method, path, headers, names) => {
    expect(passing(method, path, headers)).toEqual(names);
  });
});

test("a query of a prefix is not for who holds a prefix, though an item under it is", () => {
  const headers = { "x-ms-documentdb-partitionkey": '["a","b"]' };
  expect(passing("POST", `${C}/docs`, { ...QUERY, ...headers }, 2)).toEqual(CONTAINER);
  expect(passing("GET", `${C}/docs/j`, headers, 2)).toEqual(PARTITION);
});

test("a container that is not there is no reason to refuse: 404 is the answer, and not from here", () => {
  expect(passing("POST", `${C}/docs`, { ...QUERY, ...IN_A }, "no container")).toEqual(PARTITION);
});
