import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CosmosError } from "../../../src/emulator/cosmos-error.ts";
import {
  authorize,
  type LinkResolver,
  linkSegments,
} from "../../../src/emulator/security/authorization.ts";
import type { ResourceTokenClaims } from "../../../src/emulator/security/resource-token.ts";
import { requestOf } from "./request-of.ts";

/** Containers `c` have one level, `h` two. One item of `c` is known by a rid. */
const links: LinkResolver = {
  toNames: (segments) =>
    segments.join("/") === "dbs/AAAAAA==/colls/AAAAAIAAAAA=/docs/AAAAAIAAAAABAAAAAAAAAA=="
      ? { segments: ["dbs", "d", "colls", "c", "docs", "1"], itemPartitionKey: ["a"] }
      : { segments },
  partitionKeyLevels: (_, containerId) => (containerId === "h" ? 2 : 1),
};

function isAllowed(
  claims: Pick<ResourceTokenClaims, "mode" | "resource" | "partitionKey">,
  request: ReturnType<typeof requestOf>,
): boolean {
  const sealed = {
    userRid: "",
    userId: "u",
    permissionId: "p",
    startMs: 0,
    expiryMs: 0,
    ...claims,
  };
  try {
    authorize({ kind: "resource", claims: sealed }, request, links);
    return true;
  } catch (error) {
    expect(error).toMatchObject({ status: 403, substatus: 0 });
    return false;
  }
}

interface Operation {
  readonly method: string;
  /** What stands behind the container's path; undefined: not in a container. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly asks: "nothing" | "account key" | "container" | "read" | "write";
  /** What the permission's link must reach. */
  readonly of?: "container" | "resource";
  /** False: a permission with a partition key is never enough. */
  readonly inPartition?: boolean;
  readonly isQuery?: boolean;
}

const C = "dbs/{d}/colls/{c}";
const query = { "x-ms-documentdb-isquery": "True", "content-type": "application/query+json" };
const OPERATIONS: readonly Operation[] = [
  { method: "GET", path: "", asks: "nothing" },
  { method: "GET", path: "dbs", asks: "account key" },
  { method: "POST", path: "dbs", asks: "account key" },
  { method: "GET", path: "dbs/{d}", asks: "account key" },
  { method: "DELETE", path: "dbs/{d}", asks: "account key" },
  { method: "GET", path: "dbs/{d}/colls", asks: "account key" },
  { method: "POST", path: "dbs/{d}/colls", asks: "account key" },
  { method: "POST", path: "dbs/{d}/colls", headers: query, asks: "account key" },
  { method: "GET", path: "dbs/{d}/users", asks: "account key" },
  { method: "GET", path: "dbs/{d}/users/u/permissions/p", asks: "account key" },
  { method: "POST", path: "dbs/{d}/users/u/permissions", asks: "account key" },
  { method: "GET", path: "offers", asks: "account key" },
  { method: "POST", path: C, asks: "account key" },
  { method: "HEAD", path: C, asks: "account key" },
  { method: "GET", path: `${C}/conflicts`, asks: "account key" },
  { method: "GET", path: `${C}/docs/{i}/attachments`, asks: "account key" },
  { method: "GET", path: C, asks: "container" },
  { method: "GET", path: `${C}/pkranges`, asks: "container" },
  { method: "PUT", path: C, asks: "write", of: "container" },
  { method: "DELETE", path: C, asks: "write", of: "container" },
  {
    method: "GET",
    path: `${C}/docs`,
    asks: "read",
    of: "container",
    inPartition: true,
    isQuery: true,
  },
  {
    method: "GET",
    path: `${C}/docs`,
    headers: { "a-im": "Incremental feed" },
    asks: "read",
    of: "container",
    inPartition: true,
    isQuery: true,
  },
  {
    method: "POST",
    path: `${C}/docs`,
    headers: query,
    asks: "read",
    of: "container",
    inPartition: true,
    isQuery: true,
  },
  {
    method: "POST",
    path: `${C}/docs`,
    headers: { ...query, "x-ms-cosmos-is-query-plan-request": "True" },
    asks: "read",
    of: "container",
    inPartition: true,
    isQuery: true,
  },
  { method: "POST", path: `${C}/docs`, asks: "write", of: "container", inPartition: true },
  {
    method: "POST",
    path: `${C}/docs`,
    headers: { "x-ms-documentdb-is-upsert": "true" },
    asks: "write",
    of: "container",
    inPartition: true,
  },
  {
    method: "POST",
    path: `${C}/docs`,
    headers: { "x-ms-cosmos-is-batch-request": "True", "x-ms-cosmos-batch-atomic": "True" },
    asks: "write",
    of: "container",
    inPartition: true,
  },
  {
    method: "POST",
    path: `${C}/docs`,
    headers: { "x-ms-cosmos-is-batch-request": "True", "x-ms-cosmos-batch-atomic": "False" },
    asks: "write",
    of: "container",
  },
  {
    method: "POST",
    path: `${C}/operations/partitionkeydelete`,
    asks: "write",
    of: "container",
    inPartition: true,
  },
  { method: "GET", path: `${C}/docs/{i}`, asks: "read", of: "resource", inPartition: true },
  { method: "PUT", path: `${C}/docs/{i}`, asks: "write", of: "resource", inPartition: true },
  { method: "PATCH", path: `${C}/docs/{i}`, asks: "write", of: "resource", inPartition: true },
  { method: "DELETE", path: `${C}/docs/{i}`, asks: "write", of: "resource", inPartition: true },
  { method: "GET", path: `${C}/sprocs`, asks: "read", of: "container" },
  { method: "POST", path: `${C}/udfs`, asks: "write", of: "container" },
  { method: "GET", path: `${C}/sprocs/{i}`, asks: "read", of: "resource" },
  { method: "PUT", path: `${C}/triggers/{i}`, asks: "write", of: "resource" },
  { method: "DELETE", path: `${C}/udfs/{i}`, asks: "write", of: "resource" },
  { method: "POST", path: `${C}/sprocs/{i}`, asks: "write", of: "container" },
];

interface Target {
  readonly d: string;
  readonly c: string;
  readonly i: string;
  readonly key: readonly unknown[] | undefined;
  readonly rangeId: string | undefined;
}

interface Permission {
  readonly mode: "Read" | "All";
  readonly d: string;
  readonly c: string;
  /** Such as `docs/1`; undefined: the container. */
  readonly under: string | undefined;
  readonly key: readonly (string | number | null)[] | undefined;
}

/** The rules once more, in another way: what a request asks for against what a permission gives. */
function model(permission: Permission, operation: Operation, target: Target): boolean {
  const { asks, of, path, inPartition, isQuery } = operation;
  if (asks === "nothing" || asks === "account key") return asks === "nothing";
  if (permission.d !== target.d || permission.c !== target.c) return false;
  if (asks === "container") return true;
  if (asks === "write" && permission.mode === "Read") return false;
  const resource = `${path.split("/").at(-2)}/${target.i}`;
  if (permission.under && (of === "container" || permission.under !== resource)) return false;
  const { key } = permission;
  if (key === undefined) return true;
  if (!inPartition || target.rangeId !== undefined || target.key === undefined) return false;
  if (isQuery && key.length < (target.c === "h" ? 2 : 1)) return false;
  return key.length <= target.key.length && key.every((level, at) => level === target.key?.[at]);
}

const level = fc.constantFrom("a", "b", 1, "1", null);
const key = fc.option(fc.array(level, { minLength: 1, maxLength: 2 }), { nil: undefined });
const place = { d: fc.constantFrom("d", "e"), c: fc.constantFrom("c", "h") };
const anyPermission: fc.Arbitrary<Permission> = fc.record({
  ...place,
  mode: fc.constantFrom("Read" as const, "All" as const),
  under: fc.constantFrom(undefined, undefined, "docs/1", "docs/2", "sprocs/1", "udfs/1"),
  key,
});
const anyTarget: fc.Arbitrary<Target> = fc.record({
  ...place,
  i: fc.constantFrom("1", "2"),
  key,
  rangeId: fc.constantFrom(undefined, undefined, undefined, "0"),
});

function wire(operation: Operation, target: Target) {
  const path = operation.path
    .replace("{d}", target.d)
    .replace("{c}", target.c)
    .replace("{i}", target.i);
  return requestOf(operation.method, path, {
    ...operation.headers,
    ...(target.key === undefined
      ? {}
      : { "x-ms-documentdb-partitionkey": JSON.stringify(target.key) }),
    ...(target.rangeId === undefined
      ? {}
      : { "x-ms-documentdb-partitionkeyrangeid": target.rangeId }),
  });
}

describe("authorization", () => {
  test("gives any permission and any request the verdict of the model", () => {
    const seen = { allowed: 0, refused: 0 };
    fc.assert(
      fc.property(
        anyPermission,
        fc.constantFrom(...OPERATIONS),
        anyTarget,
        (permission, operation, target) => {
          const link = `dbs/${permission.d}/colls/${permission.c}`;
          const verdict = isAllowed(
            {
              mode: permission.mode,
              resource: permission.under === undefined ? link : `${link}/${permission.under}`,
              ...(permission.key === undefined ? {} : { partitionKey: permission.key }),
            },
            wire(operation, target),
          );
          seen[verdict ? "allowed" : "refused"] += 1;
          expect(verdict).toBe(model(permission, operation, target));
        },
      ),
      { numRuns: 20_000 },
    );
    expect(seen.allowed).toBeGreaterThan(500);
    expect(seen.refused).toBeGreaterThan(500);
  });

  test("lets an account key do everything", () => {
    for (const { method, path } of OPERATIONS) {
      expect(() => authorize({ kind: "master" }, requestOf(method, path), links)).not.toThrow();
    }
  });

  test("refuses in the service's words", () => {
    const refuse = () =>
      authorize(
        {
          kind: "resource",
          claims: {
            userRid: "",
            userId: "",
            permissionId: "",
            mode: "Read",
            resource: "dbs/d/colls/c",
            startMs: 0,
            expiryMs: 0,
          },
        },
        requestOf("GET", "dbs/d"),
        links,
      );
    expect(refuse).toThrow(
      expect.objectContaining<Partial<CosmosError>>({
        status: 403,
        code: "Forbidden",
        substatus: 0,
        message:
          "Insufficient permissions provided in the authorization header for the corresponding request. Please retry with another authorization header.",
      }),
    );
  });

  const header = (value: string) => ({ "x-ms-documentdb-partitionkey": value });
  const inA = { mode: "All", resource: "dbs/d/colls/c", partitionKey: ["a"] } as const;
  const readWith = (value: string) => requestOf("GET", "dbs/d/colls/c/docs/1", header(value));

  test.each(['["a"]', '"a"', ' [ "a" ] ', '["\\u0061"]', '["a","b"]'])(
    "takes the partition-key header %s for a key under [a]",
    (value) => {
      expect(isAllowed(inA, readWith(value))).toBe(true);
    },
  );

  test.each([
    "",
    " ",
    "a",
    '["A"]',
    '["a "]',
    '[["a"]]',
    '[{"a":1}]',
    '{"0":"a"}',
    '["b","a"]',
    '["a"],["b"]',
    '["a"], ["a"]',
    "[]",
    "[{}]",
    "null",
    '["a","a","a","a"]',
    '["a"',
    "['a']",
  ])("takes the partition-key header %j for no key under [a]", (value) => {
    expect(isAllowed(inA, readWith(value))).toBe(false);
  });

  test.each([
    [[1], "[1e0]", true],
    [[1], "[1.0]", true],
    [[1], '["1"]', false],
    [[0], "[-0]", true],
    [[0], "[false]", false],
    [[0], '[""]', false],
    [[null], "[null]", true],
    [[null], "[1e400]", false],
    [[null], "[{}]", false],
    [[{}], "[{}]", true],
    [[{}], "[null]", false],
    [[{}], "[[]]", false],
    [[false], "[false]", true],
    [[""], '[""]', true],
    [["a", "b"], '["a"]', false],
  ] as const)("of a permission on %j and the header %s says %s", (partitionKey, value, verdict) => {
    expect(isAllowed({ ...inA, partitionKey }, readWith(value))).toBe(verdict);
  });

  test.each(["x-ms-documentdb-partitionkeyrangeid", "x-ms-start-epk", "x-ms-end-epk"])(
    "refuses a partition's token where %s routes the request, beside the right key",
    (rangeHeader) => {
      const request = requestOf("GET", "dbs/d/colls/c/docs", {
        ...header('["a"]'),
        [rangeHeader]: "0",
      });
      expect(isAllowed(inA, request)).toBe(false);
      expect(isAllowed({ mode: "Read", resource: "dbs/d/colls/c" }, request)).toBe(true);
    },
  );

  test.each([
    ["dbs/d/colls/c/docs/1", true],
    ["dbs/d/colls/c/docs/1/", true],
    ["dbs/d/colls/c/docs/*", false],
    ["dbs/d/colls/c/docs/%31", false],
    ["dbs/d/colls/c/docs/1 ", false],
    ["dbs/d/colls/C", false],
    ["dbs/d/colls/c//", false],
    ["/dbs/d/colls/c", false],
    ["dbs/d", false],
  ])("compares whole segments of the permission's link %s", (resource, verdict) => {
    expect(isAllowed({ mode: "Read", resource }, requestOf("GET", "dbs/d/colls/c/docs/1"))).toBe(
      verdict,
    );
  });

  test("takes an id with an encoded slash for one segment", () => {
    const request = requestOf("GET", "dbs/d/colls/c/docs/1");
    const [dbs = "", d = "", colls = "", c = "", docs = ""] = request.segments;
    const odd = { ...request, segments: [dbs, d, colls, `${c}/docs/1`] };
    expect(isAllowed({ mode: "Read", resource: "dbs/d/colls/c/docs/1" }, odd)).toBe(false);
    expect(isAllowed({ mode: "Read", resource: "dbs/d/colls/c" }, odd)).toBe(false);
    const oddItem = { ...request, segments: [dbs, d, colls, c, docs, "1/2"] };
    expect(isAllowed({ mode: "Read", resource: "dbs/d/colls/c/docs/1" }, oddItem)).toBe(false);
  });

  test.each(["DBS/d/colls/c", "dbs/d/Colls/c", "dbs/d/colls/c/Docs/1", "dbs/d/colls/c/docs//1"])(
    "refuses the path %s, whose form is not the service's",
    (path) => {
      expect(isAllowed({ mode: "All", resource: "dbs/d/colls/c" }, requestOf("GET", path))).toBe(
        false,
      );
    },
  );

  test("holds the token of an item known by rid to that item's partition", () => {
    const claims = {
      mode: "Read",
      resource: "dbs/AAAAAA==/colls/AAAAAIAAAAA=/docs/AAAAAIAAAAABAAAAAAAAAA==",
    } as const;
    expect(isAllowed(claims, readWith('["a"]'))).toBe(true);
    expect(isAllowed(claims, readWith('["b"]'))).toBe(false);
    expect(isAllowed(claims, requestOf("GET", "dbs/d/colls/c/docs/1"))).toBe(false);
  });

  test("splits a link at its slashes, one at its end aside", () => {
    expect(linkSegments("dbs/a/colls/b/")).toEqual(["dbs", "a", "colls", "b"]);
    expect(linkSegments("dbs/a")).toEqual(["dbs", "a"]);
  });
});
