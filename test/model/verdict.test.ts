import { describe, expect, test } from "vitest";
import { type CosmosRequest, type ResourceToken, type Shown, verdictOf } from "./verdict.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** `orders` has one level, `documents` two. */
const levelsOf = (container: string) => (container === "documents" ? 2 : 1);
const at = (nowMs: number) => ({ nowMs, levelsOf });

const C = "dbs/shop/colls/orders";
const key = (...levels: readonly unknown[]) => ({
  "x-ms-documentdb-partitionkey": JSON.stringify(levels),
});
const isQuery = { "x-ms-documentdb-isquery": "True" };
const isPlan = { ...isQuery, "x-ms-cosmos-is-query-plan-request": "True" };
const isUpsert = { "x-ms-documentdb-is-upsert": "true" };
const isChanges = { "a-im": "Incremental feed" };
const isBatch = { "x-ms-cosmos-is-batch-request": "True", "x-ms-cosmos-batch-atomic": "True" };
const isBulk = { ...isBatch, "x-ms-cosmos-batch-atomic": "False" };
const inRange = { "x-ms-documentdb-partitionkeyrangeid": "0" };
const mine = key("contoso");
const theirs = key("fabrikam");

function request(method: string, path: string, ...headers: readonly object[]): CosmosRequest {
  return {
    method,
    segments: path === "" ? [] : path.split("/"),
    headers: Object.assign({}, ...headers),
  };
}

function token(changes: Partial<ResourceToken> = {}): ResourceToken {
  return { resource: C, mode: "All", startMs: 0, expiryMs: HOUR, ...changes };
}

function verdict(shown: Shown, asked: CosmosRequest, nowMs = 1) {
  return verdictOf(shown, asked, at(nowMs));
}

/** The columns of COSMOS-FACTS 4.1, in its order. */
const COLUMNS: readonly ResourceToken[] = [
  token({ mode: "Read" }),
  token(),
  token({ mode: "Read", partitionKey: ["contoso"] }),
  token({ partitionKey: ["contoso"] }),
  token({ mode: "Read", resource: `${C}/docs/1` }),
  token({ resource: `${C}/docs/1` }),
];

describe("the matrix of COSMOS-FACTS 4.1", () => {
  test.each<[string, CosmosRequest, string]>([
    ["GET / (account)", request("GET", ""), "yes yes yes yes yes yes"],
    ["GET a database", request("GET", "dbs/shop"), "no no no no no no"],
    ["list containers", request("GET", "dbs/shop/colls"), "no no no no no no"],
    ["list users", request("GET", "dbs/shop/users"), "no no no no no no"],
    ["list permissions", request("GET", "dbs/shop/users/u/permissions"), "no no no no no no"],
    ["make a permission", request("POST", "dbs/shop/users/u/permissions"), "no no no no no no"],
    ["offers", request("GET", "offers"), "no no no no no no"],
    ["GET the container", request("GET", C), "yes yes yes yes yes yes"],
    ["GET another container", request("GET", "dbs/shop/colls/carts"), "no no no no no no"],
    ["pkranges", request("GET", `${C}/pkranges`), "yes yes yes yes yes yes"],
    ["DELETE the container", request("DELETE", C), "no yes no no no no"],
    ["PUT the container", request("PUT", C), "no yes no no no no"],
    ["point read, own", request("GET", `${C}/docs/1`, mine), "yes yes yes yes yes yes"],
    [
      "point read, another partition",
      request("GET", `${C}/docs/1`, theirs),
      "yes yes no no yes yes",
    ],
    ["point read, another item", request("GET", `${C}/docs/2`, mine), "yes yes yes yes no no"],
    ["point read, no header", request("GET", `${C}/docs/1`), "yes yes no no yes yes"],
    ["query, own key", request("POST", `${C}/docs`, isQuery, mine), "yes yes yes yes no no"],
    ["query, other key", request("POST", `${C}/docs`, isQuery, theirs), "yes yes no no no no"],
    ["query, no key", request("POST", `${C}/docs`, isQuery), "yes yes no no no no"],
    ["list items, own key", request("GET", `${C}/docs`, mine), "yes yes yes yes no no"],
    ["list items, no key", request("GET", `${C}/docs`), "yes yes no no no no"],
    ["plan, own key", request("POST", `${C}/docs`, isPlan, mine), "yes yes yes yes no no"],
    ["plan, no key", request("POST", `${C}/docs`, isPlan), "yes yes no no no no"],
    ["changes, own key", request("GET", `${C}/docs`, isChanges, mine), "yes yes yes yes no no"],
    ["changes by range", request("GET", `${C}/docs`, isChanges, inRange), "yes yes no no no no"],
    ["create, own key", request("POST", `${C}/docs`, mine), "no yes no yes no no"],
    ["create, other key", request("POST", `${C}/docs`, theirs), "no yes no no no no"],
    ["upsert, own key", request("POST", `${C}/docs`, isUpsert, mine), "no yes no yes no no"],
    ["replace, own", request("PUT", `${C}/docs/1`, mine), "no yes no yes no yes"],
    ["replace, another item", request("PUT", `${C}/docs/2`, mine), "no yes no yes no no"],
    ["patch, own", request("PATCH", `${C}/docs/1`, mine), "no yes no yes no yes"],
    ["delete, own", request("DELETE", `${C}/docs/1`, mine), "no yes no yes no yes"],
    ["delete, other partition", request("DELETE", `${C}/docs/1`, theirs), "no yes no no no yes"],
    ["batch, own key", request("POST", `${C}/docs`, isBatch, mine), "no yes no yes no no"],
    ["bulk by range", request("POST", `${C}/docs`, isBulk, inRange), "no yes no no no no"],
    ["bulk, own key", request("POST", `${C}/docs`, isBulk, mine), "no yes no no no no"],
    ["execute a procedure", request("POST", `${C}/sprocs/s`, mine), "no yes no no no no"],
    ["list procedures", request("GET", `${C}/sprocs`), "yes yes no no no no"],
    ["read a trigger", request("GET", `${C}/triggers/t`), "yes yes no no no no"],
    ["delete a function", request("DELETE", `${C}/udfs/f`), "no yes no no no no"],
    ["a path that nobody knows", request("GET", `${C}/docs/1/attachments`), "no no no no no no"],
  ])("%s", (_, asked, row) => {
    const cells = COLUMNS.map((column) => (verdict(column, asked) === "allowed" ? "yes" : "no"));
    expect(cells.join(" ")).toBe(row);
    expect(verdict("account key", asked)).toBe("allowed");
  });
});

describe("COSMOS-FACTS 4.2", () => {
  const documents = "dbs/shop/colls/documents";
  const prefix = token({ resource: documents, partitionKey: ["t"] });
  const whole = token({ resource: documents, partitionKey: ["t", "u"] });

  test("a hierarchical prefix is enough for point operations, and for no query", () => {
    const ofItem = (...levels: string[]) => request("GET", `${documents}/docs/1`, key(...levels));
    const query = (...levels: string[]) =>
      request("POST", `${documents}/docs`, isQuery, key(...levels));
    expect(verdict(prefix, ofItem("t", "u"))).toBe("allowed");
    expect(verdict(prefix, ofItem("t2", "u"))).toBe(403);
    expect(verdict(prefix, query("t", "u"))).toBe(403);
    expect(verdict(prefix, query("t"))).toBe(403);
    expect(verdict(whole, query("t", "u"))).toBe("allowed");
    expect(verdict(whole, query("t"))).toBe(403);
    expect(verdict(whole, ofItem("t", "u2"))).toBe(403);
  });

  test.each([
    [[1], "[1]", "allowed"],
    [[1], '["1"]', 403],
    [["1"], "[1]", 403],
    [[null], "[null]", "allowed"],
    [[""], "[null]", 403],
    [[{}], "[{}]", "allowed"],
    [[null], "[1e400]", 403],
    [["a"], '"a"', "allowed"],
    [["a"], "a", 403],
    [["a"], "[]", 403],
    [["a"], '[["a"]]', 403],
    [["a"], '["a","b","c","d"]', 403],
  ] as const)("of a permission on %j, the header %s is %s", (partitionKey, header, expected) => {
    const asked = request("GET", `${C}/docs/1`, { "x-ms-documentdb-partitionkey": header });
    expect(verdict(token({ partitionKey }), asked)).toBe(expected);
  });

  test("a permission on an item in a partition needs both", () => {
    const inPartition = token({ resource: `${C}/docs/1`, partitionKey: ["contoso"] });
    expect(verdict(inPartition, request("GET", `${C}/docs/1`, mine))).toBe("allowed");
    expect(verdict(inPartition, request("GET", `${C}/docs/1`, theirs))).toBe(403);
    expect(verdict(inPartition, request("GET", `${C}/docs/2`, mine))).toBe(403);
    expect(verdict(inPartition, request("POST", `${C}/docs`, mine))).toBe(403);
  });

  test.each([`${C}/docs/*`, `/${C}`, "dbs/shop", `${C}/docs`, "dbs/shop/colls/Orders"])(
    "the link %s is no wildcard and no prefix of another name",
    (resource) => {
      expect(verdict(token({ resource }), request("GET", `${C}/docs/1`, mine))).toBe(403);
    },
  );
});

describe("COSMOS-FACTS 5", () => {
  const asked = request("GET", `${C}/docs/1`);

  test("a header that is missing, malformed or forged is a 401, on the account too", () => {
    for (const shown of ["missing", "malformed", "forged"] as const) {
      expect(verdict(shown, asked)).toBe(401);
      expect(verdict(shown, request("GET", ""))).toBe(401);
    }
  });

  test("a token out of its time is a 403, with five minutes of grace on both sides", () => {
    const late = token({ startMs: HOUR, expiryMs: 2 * HOUR });
    expect(verdict(late, asked, HOUR - 5 * MINUTE - 1)).toBe(403);
    expect(verdict(late, asked, HOUR - 5 * MINUTE)).toBe("allowed");
    expect(verdict(late, asked, 2 * HOUR + 5 * MINUTE)).toBe("allowed");
    expect(verdict(late, asked, 2 * HOUR + 5 * MINUTE + 1)).toBe(403);
    expect(verdict(late, request("GET", ""), 3 * HOUR)).toBe(403);
    expect(verdictOf(late, asked, { ...at(2 * HOUR + 1), skewMs: 0 })).toBe(403);
  });
});
