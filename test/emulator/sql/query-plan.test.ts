import { describe, expect, test } from "vitest";
import type { Json } from "../../../src/emulator/json.ts";
import type { QueryPlanInfo } from "../../../src/emulator/sql/plan/query-plan-info.ts";
import { createQueryPlan } from "../../../src/emulator/sql/query-plan.ts";
import { runQuery } from "./run-query.ts";

const empty: QueryPlanInfo = {
  distinctType: "None",
  top: null,
  offset: null,
  limit: null,
  orderBy: [],
  orderByExpressions: [],
  groupByExpressions: [],
  groupByAliases: [],
  aggregates: [],
  groupByAliasToAggregateType: {},
  rewrittenQuery: "",
  hasSelectValue: false,
  dCountInfo: null,
  hasNonStreamingOrderBy: false,
};

const filter = "{documentdb-formattableorderbyquery-filter}";

// the shapes are those of azure-cosmos-dotnet-v3, tests/…/TestBaseline/QueryPlanBaselineTests.*.xml
const plans: readonly (readonly [text: string, info: Partial<QueryPlanInfo>])[] = [
  ["SELECT * FROM c", {}],
  ["SELECT * FROM c WHERE c.a = 1", {}],
  ["SELECT VALUE c.a FROM c", { hasSelectValue: true }],
  ["SELECT c.id, t FROM c JOIN t IN c.tags", {}],
  ["SELECT (SELECT VALUE COUNT(1) FROM t IN c.tags) AS n FROM c", {}],
  [
    "SELECT * FROM Root r ORDER BY r.blah",
    {
      orderBy: ["Ascending"],
      orderByExpressions: ["r.blah"],
      rewrittenQuery: `SELECT r._rid, [{"item": r.blah}] AS orderByItems, r AS payload\nFROM Root AS r\nWHERE (${filter})\nORDER BY r.blah`,
    },
  ],
  [
    'SELECT TOP 70 r["a b"], r[0] FROM r WHERE r.x = "y" ORDER BY r.key DESC',
    {
      top: 70,
      orderBy: ["Descending"],
      orderByExpressions: ["r.key"],
      rewrittenQuery: `SELECT TOP 70 r._rid, [{"item": r.key}] AS orderByItems, {"a b": r["a b"], "$1": r[0]} AS payload\nFROM r\nWHERE ((r.x = "y") AND (${filter}))\nORDER BY r.key DESC`,
    },
  ],
  [
    "SELECT VALUE c.blah FROM Root c ORDER BY c.key, c.other DESC OFFSET 3 LIMIT 4",
    {
      hasSelectValue: true,
      offset: 3,
      limit: 4,
      orderBy: ["Ascending", "Descending"],
      orderByExpressions: ["c.key", "c.other"],
      rewrittenQuery: `SELECT c._rid, [{"item": c.key}, {"item": c.other}] AS orderByItems, c.blah AS payload\nFROM Root AS c\nWHERE ((${filter}) AND IS_DEFINED(c.blah))\nORDER BY c.key, c.other DESC\nOFFSET 0 LIMIT 7`,
    },
  ],
  ["SELECT DISTINCT c.blah FROM c", { distinctType: "Unordered" }],
  [
    "SELECT DISTINCT VALUE c.blah FROM c ORDER BY c.blah",
    {
      distinctType: "Ordered",
      hasSelectValue: true,
      orderBy: ["Ascending"],
      orderByExpressions: ["c.blah"],
      rewrittenQuery: `SELECT c._rid, [{"item": c.blah}] AS orderByItems, c.blah AS payload\nFROM c\nWHERE ((${filter}) AND IS_DEFINED(c.blah))\nORDER BY c.blah`,
    },
  ],
  [
    "SELECT DISTINCT TOP 5 VALUE c.name FROM c",
    {
      distinctType: "Unordered",
      top: 5,
      hasSelectValue: true,
      rewrittenQuery: "SELECT DISTINCT VALUE c.name\nFROM c",
    },
  ],
  [
    "SELECT DISTINCT * FROM c WHERE c.key = 5 OFFSET 1 LIMIT 2",
    {
      distinctType: "Unordered",
      offset: 1,
      limit: 2,
      rewrittenQuery: "SELECT DISTINCT *\nFROM c\nWHERE (c.key = 5)",
    },
  ],
  ["SELECT TOP 5 * FROM c", { top: 5 }],
  [
    "SELECT * FROM c OFFSET 1 LIMIT 2",
    { offset: 1, limit: 2, rewrittenQuery: "SELECT *\nFROM c\nOFFSET 0 LIMIT 3" },
  ],
  [
    "SELECT * FROM c OFFSET 2 LIMIT 2147483646",
    {
      offset: 2,
      limit: 2_147_483_646,
      rewrittenQuery: "SELECT *\nFROM c\nOFFSET 0 LIMIT 2147483647",
    },
  ],
  [
    "SELECT VALUE AVG(c.blah) FROM c",
    {
      aggregates: ["Average"],
      hasSelectValue: true,
      rewrittenQuery:
        'SELECT VALUE [{"item": {"sum": SUM(c.blah), "count": COUNT(c.blah)}}]\nFROM c',
    },
  ],
  [
    "SELECT VALUE MIN(c.blah + 1) FROM c",
    {
      aggregates: ["Min"],
      hasSelectValue: true,
      rewrittenQuery:
        'SELECT VALUE [{"item": MIN((c.blah + 1)), "item2": {"min": MIN((c.blah + 1)), "count": COUNT((c.blah + 1))}}]\nFROM c',
    },
  ],
  [
    "SELECT VALUE COUNT(1) FROM c WHERE c.key = 5 OFFSET 1 LIMIT 2",
    {
      aggregates: ["Count"],
      hasSelectValue: true,
      offset: 1,
      limit: 2,
      rewrittenQuery: 'SELECT VALUE [{"item": COUNT(1)}]\nFROM c\nWHERE (c.key = 5)',
    },
  ],
  [
    "SELECT SUM(c.blah) as sum_blah, MAX(c.blah) FROM c",
    {
      groupByAliases: ["sum_blah", "$1"],
      groupByAliasToAggregateType: { sum_blah: "Sum", $1: "Max" },
      rewrittenQuery:
        'SELECT {"sum_blah": {"item": SUM(c.blah)}, "$1": {"item": MAX(c.blah), "item2": {"max": MAX(c.blah), "count": COUNT(c.blah)}}} AS payload\nFROM c',
    },
  ],
  [
    "SELECT c.team, COUNT(1) AS n FROM c GROUP BY c.team",
    {
      groupByExpressions: ["c.team"],
      groupByAliases: ["team", "n"],
      groupByAliasToAggregateType: { team: null, n: "Count" },
      rewrittenQuery:
        'SELECT [{"item": c.team}] AS groupByItems, {"team": c.team, "n": {"item": COUNT(1)}} AS payload\nFROM c\nGROUP BY c.team',
    },
  ],
  [
    "SELECT TOP 5 VALUE c.name FROM c GROUP BY c.name",
    {
      top: 5,
      hasSelectValue: true,
      groupByExpressions: ["c.name"],
      rewrittenQuery:
        'SELECT [{"item": c.name}] AS groupByItems, c.name AS payload\nFROM c\nGROUP BY c.name',
    },
  ],
  [
    "SELECT VALUE AVG(c.age + 1) FROM Root r JOIN c in r.children WHERE c.age > 1 ORDER BY c.name",
    {
      aggregates: ["Average"],
      hasSelectValue: true,
      rewrittenQuery:
        'SELECT VALUE [{"item": {"sum": SUM((c.age + 1)), "count": COUNT((c.age + 1))}}]\nFROM Root AS r\nJOIN c IN r.children\nWHERE (c.age > 1)\nORDER BY c.name',
    },
  ],
  [
    "SELECT COUNT(1) AS n, MAX(c.a) AS m FROM c ORDER BY c.name DESC, c.age",
    {
      groupByAliases: ["n", "m"],
      groupByAliasToAggregateType: { n: "Count", m: "Max" },
      rewrittenQuery:
        'SELECT {"n": {"item": COUNT(1)}, "m": {"item": MAX(c.a), "item2": {"max": MAX(c.a), "count": COUNT(c.a)}}} AS payload\nFROM c\nORDER BY c.name DESC, c.age',
    },
  ],
  [
    "SELECT VALUE SUM(c.a >> 1) FROM c WHERE c.b << 2 > 3 & 1",
    {
      aggregates: ["Sum"],
      hasSelectValue: true,
      rewrittenQuery:
        'SELECT VALUE [{"item": SUM((c.a >> 1))}]\nFROM c\nWHERE (((c.b << 2) > 3) & 1)',
    },
  ],
  [
    "SELECT info, Count(1) AS count, g.name AS group_name FROM c JOIN (SELECT s1 AS score, Avg(s1) AS avg_score, g1.name AS group_name FROM s1 IN c.scores JOIN g1 IN c.groups GROUP BY s1, g1) info JOIN g IN c.groups GROUP BY info, g.name",
    {
      groupByExpressions: ["info", "g.name"],
      groupByAliases: ["info", "count", "group_name"],
      groupByAliasToAggregateType: { info: null, count: "Count", group_name: null },
      rewrittenQuery:
        'SELECT [{"item": info}, {"item": g.name}] AS groupByItems, {"info": info, "count": {"item": Count(1)}, "group_name": g.name} AS payload\nFROM c\nJOIN (SELECT s1 AS score, Avg(s1) AS avg_score, g1.name AS group_name\nFROM s1 IN c.scores\nJOIN g1 IN c.groups\nGROUP BY s1, g1) AS info\nJOIN g IN c.groups\nGROUP BY info, g.name',
    },
  ],
  [
    "SELECT COUNT(1) AS n FROM (SELECT DISTINCT c.x FROM c WHERE c.y > 1)",
    {
      distinctType: "Unordered",
      dCountInfo: { dCountAlias: "n" },
      rewrittenQuery: "SELECT DISTINCT c.x\nFROM c\nWHERE (c.y > 1)",
    },
  ],
];

describe("a query plan", () => {
  test.each(plans)("%s", (text, info) => {
    const plan = createQueryPlan(text);
    expect(plan.queryInfo).toEqual({ ...empty, ...info });
    expect(plan.partitionedQueryExecutionInfoVersion).toBe(2);
    expect(plan.queryRanges).toEqual([
      { min: "", max: "FF", isMinInclusive: true, isMaxInclusive: false },
    ]);
  });

  test.each(plans.filter(([, { rewrittenQuery }]) => rewrittenQuery))(
    "is rewritten to a query that runs: %s",
    (_, { rewrittenQuery = "" }) => {
      const text = rewrittenQuery.replace(filter, "true");
      expect(() => runQuery(text, [{ id: "1", x: "y", blah: 1, y: 2 }])).not.toThrow();
    },
  );

  test("takes the counts of TOP, OFFSET and LIMIT from parameters", () => {
    const parameters = [
      { name: "@skip", value: 42 },
      { name: "@take", value: 1337 },
    ];
    const { queryInfo } = createQueryPlan("SELECT * FROM c OFFSET @skip LIMIT @take", parameters);
    expect(queryInfo).toMatchObject({
      offset: 42,
      limit: 1337,
      rewrittenQuery: "SELECT *\nFROM c\nOFFSET 0 LIMIT 1379",
    });
  });

  test("keeps the parameters of the query", () => {
    const { queryInfo } = createQueryPlan("SELECT VALUE MAX(c.a) FROM c WHERE c.b = @b", [
      { name: "@b", value: "x" },
    ]);
    expect(queryInfo.rewrittenQuery).toContain("WHERE (c.b = @b)");
  });

  test("is given for user-defined functions that are known elsewhere", () => {
    expect(createQueryPlan("SELECT udf.tax(c.price) FROM c").queryInfo).toEqual(empty);
  });

  test.each([
    "SELECT VALUE FLOOR(AVG(c.a)) FROM c",
    "SELECT c.name, ABS(AVG(c.age)) AS a FROM c GROUP BY c.name",
    "SELECT VALUE {'sum': SUM(c.a)} FROM c",
    "SELECT VALUE [SUM(c.a)] FROM c",
    "SELECT VALUE COUNT(1) + 1 FROM c",
    'SELECT VALUE [{"item": COUNT(1)}] FROM c',
  ])("is refused for an aggregate inside an expression: %s", (text) => {
    expect(() => createQueryPlan(text)).toThrow(
      "Compositions of aggregates and other expressions are not allowed.",
    );
  });

  test.each([
    ["SELECT VALUE x FROM (SELECT TOP 2 VALUE c.id FROM c) x", 400, "'TOP' is not supported"],
    ["SELECT VALUE x FROM (SELECT VALUE c FROM c ORDER BY c.n) x", 400, "'ORDER BY' is not"],
    ["SELECT x FROM (SELECT * FROM c OFFSET 1 LIMIT 2) x", 400, "'OFFSET LIMIT' clause is not"],
    ["SELECT VALUE x FROM (SELECT VALUE COUNT(1) FROM c) x", 501, "sub-query"],
    ["SELECT VALUE x FROM (SELECT DISTINCT c.n FROM c) x", 501, "sub-query"],
    ["SELECT VALUE COUNT(1) FROM (SELECT c.n FROM c GROUP BY c.n)", 501, "sub-query"],
    ["SELECT * FROM (SELECT * FROM (SELECT DISTINCT c.n FROM c) x) y", 501, "sub-query"],
  ])("is refused for a query over rows that no client can gather: %s", (text, status, message) => {
    expect(() => createQueryPlan(text)).toThrow(expect.objectContaining({ status }));
    expect(() => createQueryPlan(text)).toThrow(message);
  });

  test.each(["SELEC", "SELECT x FROM c", "SELECT c.a FROM c ORDER BY LOWER(c.a)"])(
    "is refused like the query: %s",
    (text) => {
      expect(() => createQueryPlan(text)).toThrow(expect.objectContaining({ status: 400 }));
    },
  );

  test("is refused for what the client says it can't do", () => {
    const supportedFeatures = "OrderBy, Aggregate,Top";
    const plan = (text: string) => () => createQueryPlan(text, [], { supportedFeatures });
    expect(plan("SELECT TOP 1 * FROM c ORDER BY c.a")).not.toThrow();
    expect(plan("SELECT VALUE COUNT(1) FROM c")).not.toThrow();
    expect(plan("SELECT DISTINCT c.a FROM c")).toThrow(
      "Query contained Distinct, which the calling client does not support.",
    );
    expect(plan("SELECT VALUE COUNT(1) FROM (SELECT DISTINCT c.a FROM c)")).toThrow("DCount");
  });
});

describe("the ranges of a plan", () => {
  const options = {
    partitionKeyPaths: ["/tenant", "/user/id"],
    effectivePartitionKey: (values: readonly (Json | undefined)[]) =>
      values.map((value) => `<${JSON.stringify(value) ?? "-"}>`).join(""),
  };
  const point = (key: string) => ({
    min: key,
    max: key,
    isMinInclusive: true,
    isMaxInclusive: true,
  });
  const prefix = (key: string) => ({
    min: key,
    max: `${key}FF`,
    isMinInclusive: true,
    isMaxInclusive: false,
  });
  const parameters = [
    { name: "@u", value: 7 },
    { name: "@list", value: ["a", null, ["x"]] },
    { name: "@text", value: "a" },
  ];
  const ranges = (text: string) => createQueryPlan(text, parameters, options).queryRanges;
  const one = { ...options, partitionKeyPaths: ["/tenant"] };
  const rangesOfOne = (where: string) =>
    createQueryPlan(`SELECT * FROM c WHERE ${where}`, parameters, one).queryRanges;

  test("are one point where the filter fixes the whole partition key", () => {
    expect(
      ranges("SELECT * FROM c WHERE c.tenant = 'a' AND @u = c.user['id'] AND c.x > 1"),
    ).toEqual([point('<"a"><7>')]);
  });

  test("are one point without FROM, so that one partition answers", () => {
    expect(ranges("SELECT 1")).toEqual([point("")]);
  });

  // azure-cosmos-dotnet-v3, QueryPlanBaselineTests: ManyRanges, PointRange, MultipleKeys, Bugs
  test.each<[string, readonly string[]]>([
    ["c.tenant = null", ["<null>"]],
    ["null = c.tenant", ["<null>"]],
    ["c.tenant = ''", ['<"">']],
    ["c.tenant = -1", ["<-1>"]],
    ["c.tenant IN (1, 2, 3)", ["<1>", "<2>", "<3>"]],
    ["c.tenant IN (3, 1, @u, 1.0)", ["<1>", "<3>", "<7>"]],
    ["c.tenant IN ([], [1], {})", ["<->"]],
    [
      'c.tenant IN (1, "a", true, false, null, 2.0, {"x":8}, [7])',
      ['<"a">', "<->", "<1>", "<2>", "<false>", "<null>", "<true>"],
    ],
    ["c.tenant = 1 OR c.tenant = 2", ["<1>", "<2>"]],
    ["(c.tenant = 1 AND c.x > 2) OR (c.y = 3 AND c.tenant IN (1, 2))", ["<1>", "<2>"]],
    ["ARRAY_CONTAINS([1, 2, 3], c.tenant)", ["<1>", "<2>", "<3>"]],
    ["ARRAY_CONTAINS(@list, c.tenant)", ['<"a">', "<->", "<null>"]],
    ["ARRAY_CONTAINS(@list, c.tenant, true) AND c.tenant != 'b'", ['<"a">', "<->", "<null>"]],
    ["IS_NULL(c.tenant)", ["<null>"]],
    ["IS_BOOL(c.tenant)", ["<false>", "<true>"]],
    ["ABS(c.tenant) = 1", ["<-1>", "<1>"]],
    ["c.tenant IN (1, 2) AND c.tenant IN (2, 3)", ["<2>"]],
    ["c['tenant'] = 1 AND c.x = 1", ["<1>"]],
  ])("are the points that %s names", (where, keys) => {
    expect(rangesOfOne(where)).toEqual(keys.map(point));
  });

  test.each([
    "c.tenant = 1 AND c.tenant = 2",
    "ARRAY_CONTAINS([1, 2, 3], c.tenant) AND c.tenant = 4",
    "c.tenant IN (1, 2) AND (c.tenant = 3 OR c.tenant = '1')",
    "c.tenant = undefined",
  ])("are the empty key, so that one partition answers, for %s", (where) => {
    expect(rangesOfOne(where)).toEqual([point("")]);
  });

  test.each([
    "c.tenant = []",
    "c.tenant = {}",
    "c.tenant = 1 OR c.x = 1",
    "NOT (c.tenant = 1)",
    "c.tenant NOT IN (1, 2)",
    "c.tenant IN (1, c.x)",
    "c.tenant > 1",
    "c.tenant BETWEEN 1 AND 2",
    "c.tenant.x = 1",
    "c.tenant[0] = 1",
    "x.tenant = 1",
    "ARRAY_CONTAINS(c.tenant, 1)",
    "ARRAY_CONTAINS(@text, c.tenant)",
    "ARRAY_CONTAINS([c.x], c.tenant)",
    "IS_DEFINED(c.tenant)",
    "IS_STRING(c.tenant)",
    "LENGTH(c.tenant) = 1",
    "udf.IS_NULL(c.tenant)",
    "(c.tenant = 1) = false",
    "(c.tenant = 1 ? false : true)",
    "EXISTS(SELECT VALUE c FROM x IN c.list WHERE c.tenant = 1)",
    `c.tenant IN (${Array.from({ length: 3000 }, (_, index) => index).join()})`,
  ])("are everything for %.60s", (where) => {
    expect(
      createQueryPlan(`SELECT VALUE c FROM c JOIN x IN c.list WHERE ${where}`, parameters, one)
        .queryRanges,
    ).toEqual([{ min: "", max: "FF", isMinInclusive: true, isMaxInclusive: false }]);
  });

  test("take a filter on the item for what it is, behind JOIN and under another name", () => {
    const plan = (text: string) => createQueryPlan(text, parameters, one).queryRanges;
    expect(plan("SELECT t FROM r JOIN t IN r.list WHERE r.tenant = 1 AND t.tenant = 2")).toEqual([
      point("<1>"),
    ]);
    const everything = plan("SELECT * FROM c");
    expect(plan("SELECT t FROM t IN c.list WHERE t.tenant = 1")).toEqual(everything);
    expect(plan("SELECT * FROM c.inner WHERE inner.tenant = 1")).toEqual(everything);
    expect(plan("SELECT * FROM (SELECT VALUE c FROM c) s WHERE s.tenant = 1")).toEqual(everything);
  });

  test.each([
    ["c.tenant = 'a'", [prefix('<"a">')]],
    ["c.tenant IN ('b', 'a')", [prefix('<"a">'), prefix('<"b">')]],
    ["c.tenant = 'a' AND NOT (c.user.id = 7)", [prefix('<"a">')]],
    ["c.tenant = 'a' AND c.user.id = c.x", [prefix('<"a">')]],
    ["c.tenant = 'a' AND c.user.id = null", [point('<"a"><null>')]],
    ["c.tenant IN ('a') AND c.user.id = 7", [point('<"a"><7>')]],
    [
      "c.tenant IN ('a', 'b') AND c.user.id IN (1, 2)",
      [point('<"a"><1>'), point('<"a"><2>'), point('<"b"><1>'), point('<"b"><2>')],
    ],
    // what lies within another range is not asked twice
    ["c.tenant = 'a' OR (c.tenant = 'a' AND c.user.id = 7)", [prefix('<"a">')]],
    ["(c.tenant = 'a' AND c.user.id = 7) OR c.tenant = 'b'", [point('<"a"><7>'), prefix('<"b">')]],
  ])("of a hierarchical key are all that begins with %s", (where, expected) => {
    expect(ranges(`SELECT * FROM c WHERE ${where}`)).toEqual(expected);
  });

  test.each(["c.user.id = 7", "c.tenant = 'a' OR c.user.id = 7"])(
    "are everything for %s",
    (where) => {
      expect(ranges(`SELECT * FROM c WHERE ${where}`)).toEqual([
        { min: "", max: "FF", isMinInclusive: true, isMaxInclusive: false },
      ]);
    },
  );
});
