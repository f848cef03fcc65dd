import fc from "fast-check";
import { afterAll, beforeAll, describe, test } from "vitest";
import { containerPath, createFuzzTarget, type FuzzTarget } from "./fuzz-target.ts";

// with `malformed-http.test.ts` 10,000 inputs, the same ones each time
const seed = 20_261_122;

let target: FuzzTarget;

beforeAll(async () => {
  target = await createFuzzTarget();
});
afterAll(async () => {
  await target.expectUnchanged();
  await target.expectWorking();
  await target.account.stop();
});

interface PlainRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

const inA = { "x-ms-documentdb-partitionkey": '["a"]' };
const docs = `${containerPath}/docs`;
const query = {
  ...inA,
  "x-ms-documentdb-isquery": "true",
  "x-ms-documentdb-query-enablecrosspartition": "true",
  "content-type": "application/query+json",
};
const batch = {
  ...inA,
  "x-ms-cosmos-is-batch-request": "true",
  "x-ms-cosmos-batch-atomic": "true",
};
const changes = { ...inA, "a-im": "Incremental feed" };

/** One request of each kind, all of them right as they stand. */
const requests: readonly PlainRequest[] = [
  { method: "GET", path: `${docs}/0`, headers: inA },
  { method: "POST", path: docs, headers: inA, body: { id: "new", pk: "a", email: "new" } },
  {
    method: "POST",
    path: docs,
    headers: { ...inA, "x-ms-documentdb-is-upsert": "true" },
    body: { id: "0", pk: "a", email: "0@example.com", n: 1 },
  },
  {
    method: "PUT",
    path: `${docs}/2`,
    headers: inA,
    body: { id: "2", pk: "a", email: "2", list: [1] },
  },
  {
    method: "PATCH",
    path: `${docs}/0`,
    headers: inA,
    body: {
      condition: "from c where c.n > -1",
      operations: [
        { op: "incr", path: "/n", value: 1 },
        { op: "set", path: "/address/city", value: "Bergen" },
        { op: "add", path: "/list/0", value: 1 },
        { op: "remove", path: "/list/0" },
      ],
    },
  },
  { method: "DELETE", path: `${docs}/new`, headers: inA },
  { method: "GET", path: docs, headers: inA },
  { method: "GET", path: docs, headers: changes },
  {
    method: "POST",
    path: docs,
    headers: query,
    body: { query: "SELECT * FROM c WHERE c.n > @n", parameters: [{ name: "@n", value: 1 }] },
  },
  {
    method: "POST",
    path: docs,
    headers: { ...query, "x-ms-cosmos-is-query-plan-request": "True" },
    body: { query: "SELECT c.pk, COUNT(1) AS n FROM c GROUP BY c.pk" },
  },
  {
    method: "POST",
    path: docs,
    headers: batch,
    body: [
      { operationType: "Create", resourceBody: { id: "batched", pk: "a", email: "batched" } },
      { operationType: "Read", id: "0" },
      { operationType: "Delete", id: "batched" },
    ],
  },
  {
    method: "POST",
    path: docs,
    headers: {
      "x-ms-cosmos-is-batch-request": "true",
      "x-ms-cosmos-batch-atomic": "false",
      "x-ms-cosmos-batch-continue-on-error": "true",
      "x-ms-documentdb-partitionkeyrangeid": "0",
    },
    body: [
      {
        operationType: "Upsert",
        partitionKey: '["a"]',
        resourceBody: { id: "bulk", pk: "a", email: "bulk" },
      },
      {
        operationType: "Patch",
        partitionKey: '["a"]',
        id: "0",
        resourceBody: { operations: [{ op: "incr", path: "/n", value: 1 }] },
      },
    ],
  },
  {
    method: "POST",
    path: "/dbs/db/colls",
    headers: {},
    body: {
      id: "made",
      partitionKey: { paths: ["/a", "/b"], kind: "MultiHash", version: 2 },
      indexingPolicy: { compositeIndexes: [[{ path: "/a", order: "ascending" }, { path: "/b" }]] },
      uniqueKeyPolicy: { uniqueKeys: [{ paths: ["/x", "/y/z"] }] },
      defaultTtl: 100,
    },
  },
  {
    method: "PUT",
    path: containerPath,
    headers: {},
    body: { id: "c1", partitionKey: { paths: ["/pk"], kind: "Hash", version: 2 }, defaultTtl: -1 },
  },
  { method: "GET", path: `${containerPath}/pkranges`, headers: {} },
  { method: "POST", path: "/dbs/db/users", headers: {}, body: { id: "second" } },
  {
    method: "POST",
    path: "/dbs/db/users/u/permissions",
    headers: { "x-ms-documentdb-expiry-seconds": "600" },
    body: {
      id: "q",
      permissionMode: "All",
      resource: "dbs/db/colls/c1",
      resourcePartitionKey: ["a"],
    },
  },
  {
    method: "PUT",
    path: "/dbs/db/users/u/permissions/p",
    headers: {},
    body: { id: "p", permissionMode: "Read", resource: "dbs/db/colls/c1" },
  },
  { method: "GET", path: "/dbs/db/users/u/permissions", headers: { "x-ms-max-item-count": "1" } },
  {
    method: "POST",
    path: `${containerPath}/udfs`,
    headers: {},
    body: { id: "f", body: "function () {}" },
  },
  { method: "POST", path: `${containerPath}/sprocs/s`, headers: inA, body: [] },
  { method: "POST", path: "/offers", headers: query, body: { query: "SELECT * FROM root" } },
];

const anyRequest = fc.constantFrom(...requests);

/** UTF-8 as a client sends it in a header, which holds bytes. */
const bytesOf = (text: string): string => Buffer.from(text, "utf8").toString("latin1");

const oddValue = fc.oneof(
  fc.constantFrom(
    "",
    " ",
    "NaN",
    "-5",
    "0",
    "-1",
    "1e9",
    "1000000000",
    "99999999999999999999",
    "1.5",
    "0x10",
    "true",
    "True",
    "null",
    "undefined",
    "*",
    "[]",
    "{}",
    "[{}]",
    "[null]",
    "[[]]",
    "[1e400]",
    '["a","b","c","d"]',
    '["\\ud800"]',
    '[{"__proto__":1}]',
    '"a',
    '["a"',
    '"*"',
    '""',
    'W/"x"',
    "0:-1#1",
    "0:-1#999999999999999999",
    "%",
    "%00",
    "..",
    "-0",
    "FF",
    "05C1",
    "Incremental feed",
    "Full-Fidelity Feed",
    "Thu, 01 Jan 1970 00:00:00 GMT",
    "Thu, 99 Foo 2026 99:99:99 GMT",
    "+FP:0:",
    "x".repeat(5000),
    "[".repeat(3000),
    bytesOf("😀"),
    bytesOf('["日本"]'),
    "\xff\xfe",
  ),
  fc.string({ maxLength: 20 }).map((text) => text.replace(/[^ -~]/g, "~")),
);

const anyHeader = fc.constantFrom(
  "x-ms-documentdb-partitionkey",
  "x-ms-documentdb-partitionkeyrangeid",
  "x-ms-continuation",
  "a-im",
  "if-match",
  "if-none-match",
  "if-modified-since",
  "x-ms-documentdb-expiry-seconds",
  "x-ms-max-item-count",
  "x-ms-session-token",
  "x-ms-start-epk",
  "x-ms-end-epk",
  "x-ms-consistency-level",
  "x-ms-documentdb-isquery",
  "x-ms-cosmos-is-query-plan-request",
  "x-ms-cosmos-supported-query-features",
  "x-ms-documentdb-query-enablecrosspartition",
  "x-ms-documentdb-is-upsert",
  "x-ms-cosmos-is-batch-request",
  "x-ms-cosmos-batch-atomic",
  "x-ms-cosmos-batch-continue-on-error",
  "x-ms-offer-throughput",
  "x-ms-cosmos-offer-autopilot-settings",
  "x-ms-documentdb-pre-trigger-include",
  "x-ms-documentdb-responsecontinuationtokenlimitinkb",
  "x-ms-documentdb-populatequerymetrics",
  "x-ms-version",
  "x-ms-date",
  "authorization",
  "content-type",
  "prefer",
  "accept",
  "host",
);

describe("a request", () => {
  test("with odd headers is answered or refused", async () => {
    await fc.assert(
      fc.asyncProperty(
        anyRequest,
        fc.array(fc.tuple(anyHeader, oddValue), { minLength: 1, maxLength: 3 }),
        async ({ method, path, headers, body }, odd) => {
          const { authorization, ...others } = Object.fromEntries(odd);
          await target.attempt(method, path, {
            headers: { ...headers, ...others },
            ...(authorization === undefined ? {} : { authorization }),
            ...(body === undefined ? {} : { body }),
          });
        },
      ),
      { numRuns: 3_000, seed, endOnFailure: true },
    );
  });

  test("with a damaged body is answered or refused", async () => {
    const withBody = fc.constantFrom(...requests.filter(({ body }) => body !== undefined));
    await fc.assert(
      fc.asyncProperty(
        withBody.chain((request) =>
          fc.tuple(
            fc.constant(request),
            fc.oneof(damagedText(request.body), swappedValue(request.body)),
          ),
        ),
        async ([{ method, path, headers }, body]) => {
          await target.attempt(method, path, { headers, body });
        },
      ),
      { numRuns: 2_000, seed, endOnFailure: true },
    );
  });

  test("with a damaged query is answered or refused", async () => {
    await fc.assert(
      fc.asyncProperty(
        damagedQuery,
        fc.array(
          fc.record(
            { name: fc.constantFrom("@a", "@b", "a", ""), value: fc.jsonValue() },
            { requiredKeys: ["name"] },
          ),
          { maxLength: 2 },
        ),
        fc.boolean(),
        fc.boolean(),
        async (text, parameters, isPlan, hasKey) => {
          const { "x-ms-documentdb-partitionkey": key, ...rest } = query;
          await target.attempt("POST", docs, {
            headers: {
              ...rest,
              ...(hasKey ? { "x-ms-documentdb-partitionkey": key } : {}),
              ...(isPlan ? { "x-ms-cosmos-is-query-plan-request": "True" } : {}),
            },
            body: { query: text, parameters },
          });
        },
      ),
      { numRuns: 2_500, seed, endOnFailure: true },
    );
  });

  test("to an odd path is answered or refused", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(
          "GET",
          "GET",
          "HEAD",
          "POST",
          "PUT",
          "PATCH",
          "DELETE",
          "OPTIONS",
          "MERGE",
          "TRACE",
        ),
        fc.array(oddSegment, { maxLength: 8 }),
        fc.constantFrom("/", "//", "", "/?x=1", "?", "#"),
        fc.boolean(),
        async (method, segments, end, isSigned) => {
          const path = `/${segments.join("/")}${end}`;
          const isAll = /^\/+(dbs(\/+(db|%64b)(\/+(colls)(\/+c1)?)?)?)?\/*[?#]?[^/]*$/.test(path);
          if (method === "DELETE" && isAll) {
            return; // it may be right, and would leave nothing to aim at
          }
          await target.attempt(method, path, {
            headers: inA,
            body: { id: "odd", pk: "a", email: path },
            ...(isSigned ? {} : { authorization: null }),
          });
        },
      ),
      { numRuns: 1_000, seed, endOnFailure: true },
    );
  });
});

/** The body's text with a few characters cut, put in, or put twice. */
function damagedText(body: unknown): fc.Arbitrary<string | Buffer> {
  const text = JSON.stringify(body);
  const piece = fc.oneof(
    fc.constantFrom(
      "",
      "1e999",
      "-",
      '"',
      "\\",
      "\\ud800",
      "\u0000",
      "{",
      "}",
      "[",
      "]",
      ",",
      "null",
      "NaN",
      '"__proto__":{},',
      '"id":"x",',
      "[".repeat(200),
      "x".repeat(3000),
      "😀",
    ),
    fc.string({ maxLength: 4 }),
  );
  const damage = fc.tuple(fc.nat(text.length), fc.nat(6), piece);
  return fc
    .tuple(fc.array(damage, { minLength: 1, maxLength: 3 }), fc.integer({ min: 0, max: 9 }))
    .map(([damages, dice]) => {
      let damaged = text;
      for (const [start, length, put] of damages) {
        damaged = damaged.slice(0, start) + put + damaged.slice(start + length);
      }
      const bytes = Buffer.from(damaged, "utf8");
      // now and then with a byte that ends a character early
      return dice === 0
        ? Buffer.concat([bytes.subarray(0, 9), Buffer.from([0xc3]), bytes.subarray(9)])
        : bytes;
    });
}

/** The body with one value in it, or all of it, replaced by JSON of any kind. */
function swappedValue(body: unknown): fc.Arbitrary<string> {
  const paths = pathsOf(body, []);
  const value = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom<unknown>(
      -1,
      0,
      1e300,
      "",
      " ",
      "a/b",
      "a\u0000b",
      "x".repeat(300),
      "😀",
      "\ud800",
      "/",
      "/a//b",
      "/-",
      "dbs/db",
      "dbs//colls/c1",
      "/dbs/db/colls/c1/",
      ["/a", "/a"],
      [[]],
      {},
    ),
  );
  return fc
    .tuple(fc.constantFrom(...paths), value)
    .map(([path, put]) => JSON.stringify(replaceAt(body, path, put)) ?? "");
}

function pathsOf(value: unknown, path: readonly string[]): readonly (readonly string[])[] {
  return typeof value === "object" && value !== null
    ? [path, ...Object.entries(value).flatMap(([name, child]) => pathsOf(child, [...path, name]))]
    : [path];
}

function replaceAt(value: unknown, [name, ...rest]: readonly string[], put: unknown): unknown {
  if (name === undefined) {
    return put;
  }
  const copy = Array.isArray(value) ? [...value] : { ...(value as object) };
  const children = copy as Record<string, unknown>;
  children[name] = replaceAt(children[name], rest, put);
  return copy;
}

const queries = [
  "SELECT * FROM c",
  "SELECT TOP 3 c.id, c.n AS m FROM c WHERE c.n > 1 AND NOT (c.pk = 'a' OR c.n IN (1, 2)) ORDER BY c.n DESC",
  "SELECT DISTINCT VALUE c.address.city FROM c JOIN l IN c.list WHERE l BETWEEN @a AND @b OFFSET 1 LIMIT 2",
  'SELECT c["pk"], COUNT(1) AS n, AVG(c.n) FROM c GROUP BY c["pk"]',
  "SELECT VALUE { \"a\": [c.n, null, true], 'b': c.n ?? -1, c: c.n ? 'x' : @b } FROM c WHERE c.id LIKE '%0_!%' ESCAPE '!'",
  "SELECT VALUE ARRAY(SELECT VALUE l * 2 FROM l IN c.list WHERE l != 2) FROM c",
  "SELECT VALUE COUNT(1) FROM (SELECT DISTINCT c.pk FROM c) -- comment",
  "SELECT c.id FROM c WHERE EXISTS(SELECT VALUE 1 FROM x IN c.list WHERE x = c.n) /* x */",
  "SELECT VALUE SUBSTRING(CONCAT(c.id, UPPER('é')), 0, ABS(-2)) FROM c WHERE IS_DEFINED(c.n) AND c.n % 2 = 0",
  "SELECT VALUE udf.f(c.n) FROM c",
];

const queryToken = fc.oneof(
  fc.constantFrom(
    ..."SELECT FROM WHERE ORDER BY GROUP OFFSET LIMIT TOP DISTINCT VALUE JOIN IN BETWEEN LIKE ESCAPE AND OR NOT EXISTS ARRAY NULL AS ASC".split(
      " ",
    ),
    ..."( ) [ ] { } , . : ? ?? ; @ @a @zz * + - / % = != <> < <= >= ! ~ & | ^ << >> >>> || ' \" ` \\ # $ --".split(
      " ",
    ),
    "/*",
    "0",
    "1e400",
    "1.",
    "0x",
    "99999999999999999999",
    "'unclosed",
    '"\\u12"',
    "c",
    "c.n",
    "c[",
    "COUNT(1)",
    "SUM(",
    "NaN",
    "undefined",
    "constructor",
    "__proto__",
    "(".repeat(300),
    "NOT ".repeat(300),
    "😀",
    "\u0000",
  ),
  fc.string({ maxLength: 5 }),
);

const damagedQuery = fc
  .tuple(
    fc.constantFrom(...queries),
    fc.array(fc.tuple(fc.nat(60), fc.constantFrom("cut", "put", "swap", "double"), queryToken), {
      minLength: 1,
      maxLength: 3,
    }),
  )
  .map(([text, damages]) => {
    const tokens = text.match(/\w+|\s+|[^\w\s]/g) ?? [];
    for (const [place, kind, token] of damages) {
      const at = place % Math.max(1, tokens.length);
      const there = tokens[at] ?? "";
      const put = { cut: [], put: [there, token], swap: [token], double: [there, " ", there] }[
        kind
      ];
      tokens.splice(at, 1, ...put);
    }
    return tokens.join("");
  });

const oddSegment = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.constantFrom(
      ..."dbs db colls c1 docs 0 users u permissions p pkranges sprocs s udfs triggers offers conflicts attachments operations partitionkeydelete _emulator".split(
        " ",
      ),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      "",
      ".",
      "..",
      "%",
      "%2F",
      "%00",
      "%ff",
      "%E0%A4%A",
      "%F0%9F%98%80",
      "a%20b",
      "*",
      "AAAAAA==",
      "x".repeat(300),
      "__proto__",
      "constructor",
      "toString",
    ),
  },
  { weight: 1, arbitrary: fc.string({ maxLength: 8 }).map(encodeOdd) },
);

/** What a request line can carry, now and then without its escapes. */
function encodeOdd(text: string): string {
  return text.replace(/[^!-~]/g, "~").replace(/[#?]/g, "%3f");
}
