import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CosmosError } from "../../../src/emulator/cosmos-error.ts";
import { linkSegments } from "../../../src/emulator/resources/resource-link.ts";
import { authorize, type LinkResolver } from "../../../src/emulator/security/authorization.ts";
import type { ResourceTokenClaims } from "../../../src/emulator/security/resource-token.ts";
import { verdictOf } from "../../model/verdict.ts";
import { anyPermission, anyTarget, headersOf, linkOf, REQUEST_FORMS } from "./any-request.ts";
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

describe("authorization", () => {
  test("gives any permission and any request the verdict of the model", () => {
    const seen = new Map<string, number>();
    fc.assert(
      fc.property(
        anyPermission,
        fc.constantFrom(...REQUEST_FORMS),
        anyTarget,
        (permission, form, target) => {
          const request = requestOf(form.method, linkOf(form, target), headersOf(form, target));
          const verdict = verdictOf({ ...permission, startMs: 0, expiryMs: 0 }, request, {
            nowMs: 0,
            levelsOf: (containerId) => (containerId === "h" ? 2 : 1),
          });
          seen.set(`${verdict}`, (seen.get(`${verdict}`) ?? 0) + 1);
          expect(isAllowed(permission, request) ? "allowed" : 403).toBe(verdict);
        },
      ),
      { numRuns: 20_000 },
    );
    expect(seen.get("allowed")).toBeGreaterThan(500);
    expect(seen.get("403")).toBeGreaterThan(500);
  });

  test("lets an account key do everything", () => {
    for (const { method, path } of REQUEST_FORMS) {
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
