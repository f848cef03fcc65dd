import { describe, expect, test } from "vitest";
import type { Json } from "../../../src/emulator/json.ts";
import { runQuery } from "./run-query.ts";

const families = [
  {
    id: "Andersen",
    lastName: "Andersen",
    city: "Seattle",
    size: 2,
    children: [{ name: "Henriette", grade: 5, pets: ["Fluffy"] }],
  },
  {
    id: "Wakefield",
    lastName: null,
    city: "NY",
    size: 4,
    children: [
      { name: "Jesse", grade: 1, pets: ["Goofy", "Shadow"] },
      { name: "Lisa", grade: 8 },
    ],
  },
  { id: "Nobody", size: "4", children: "none" },
];

type Case = readonly [text: string, rows: readonly Json[]];

function check(cases: readonly Case[]): void {
  test.each(cases)("%s", (text, rows) => {
    const plain = runQuery(text, families).map(withoutRid);
    expect(plain).toEqual(rows);
    expect(runQuery(text, families, { pageSize: 1 }).map(withoutRid)).toEqual(plain);
  });
}

function withoutRid(row: Json): Json {
  if (typeof row !== "object" || row === null || Array.isArray(row)) {
    return row;
  }
  return Object.fromEntries(Object.entries(row).filter(([name]) => name !== "_rid"));
}

describe("SELECT", () => {
  check([
    ["SELECT * FROM c WHERE c.id = 'Nobody'", [families[2] ?? null]],
    ["SELECT VALUE c.id FROM c", ["Andersen", "Wakefield", "Nobody"]],
    ["select value f.lastName from families f", ["Andersen", null]],
    ["SELECT f.id, f.city AS town FROM f WHERE f.size = 2", [{ id: "Andersen", town: "Seattle" }]],
    ["SELECT c.lastName FROM c", [{ lastName: "Andersen" }, { lastName: null }, {}]],
    [
      "SELECT c['id'], c.children[0].name FROM c WHERE c.size = 2",
      [{ id: "Andersen", name: "Henriette" }],
    ],
    [
      "SELECT c.children[0], 1, c.size + 1 AS next, 'x' FROM c WHERE c.size = 2",
      [{ $1: families[0]?.children[0] as Json, $2: 1, next: 3, $3: "x" }],
    ],
    [
      "SELECT VALUE {id: c.id, big: c.size > 3} FROM c",
      [{ id: "Andersen", big: false }, { id: "Wakefield", big: true }, { id: "Nobody" }],
    ],
    ["SELECT VALUE 1", [1]],
    ["SELECT 1 AS one, 'a' || 'b' AS two", [{ one: 1, two: "ab" }]],
    ["SELECT TOP 1 c.id FROM c", [{ id: "Andersen" }]],
    ["SELECT TOP 0 c.id FROM c", []],
    ["SELECT DISTINCT VALUE c.size FROM c", [2, 4, "4"]],
    ["SELECT DISTINCT c.nothing FROM c", [{}]],
    [
      "SELECT DISTINCT VALUE c.size = 2 ? {a: 1, b: [2]} : {b: [2], a: 1} FROM c",
      [{ a: 1, b: [2] }],
    ],
    ["SELECT DISTINCT VALUE c.size = 2 ? '1' : 1 FROM c", ["1", 1]],
    ["SELECT c FROM c WHERE c.id = 'x'", []],
  ]);

  test("TOP, OFFSET and LIMIT take parameters", () => {
    const parameters = [
      { name: "@n", value: 1 },
      { name: "@skip", value: 1 },
    ];
    expect(runQuery("SELECT TOP @n VALUE c.id FROM c", families, { parameters })).toEqual([
      "Andersen",
    ]);
    expect(
      runQuery("SELECT VALUE c.id FROM c OFFSET @skip LIMIT @n", families, { parameters }),
    ).toEqual(["Wakefield"]);
  });

  test("parameters hold any value, and only the request's own names are parameters", () => {
    const parameters = [{ name: "@child", value: { name: "Lisa", grade: 8 } }];
    const text = "SELECT VALUE c.id FROM c WHERE ARRAY_CONTAINS(c.children, @child)";
    expect(runQuery(text, families, { parameters })).toEqual(["Wakefield"]);
    expect(() => runQuery("SELECT VALUE @constructor FROM c", families)).toThrow("@constructor");
  });
});

describe("FROM and JOIN", () => {
  check([
    ["SELECT VALUE child.name FROM child IN c.children", ["Henriette", "Jesse", "Lisa"]],
    [
      "SELECT VALUE child.name FROM child IN Families.children WHERE child.grade > 4",
      ["Henriette", "Lisa"],
    ],
    [
      "SELECT * FROM Families.children[0]",
      [
        { name: "Henriette", grade: 5, pets: ["Fluffy"] },
        { name: "Jesse", grade: 1, pets: ["Goofy", "Shadow"] },
      ].map((child) => child as Json),
    ],
    ["SELECT VALUE children FROM Families.children WHERE IS_STRING(children)", ["none"]],
    ["SELECT VALUE x FROM c.city AS x", ["Seattle", "NY"]],
    ["SELECT VALUE x FROM c['city'] x", ["Seattle", "NY"]],
    [
      "SELECT f.id, ch.name FROM f JOIN ch IN f.children",
      [
        { id: "Andersen", name: "Henriette" },
        { id: "Wakefield", name: "Jesse" },
        { id: "Wakefield", name: "Lisa" },
      ],
    ],
    [
      "SELECT f.id, ch.name, p FROM f JOIN ch IN f.children JOIN p IN ch.pets",
      [
        { id: "Andersen", name: "Henriette", p: "Fluffy" },
        { id: "Wakefield", name: "Jesse", p: "Goofy" },
        { id: "Wakefield", name: "Jesse", p: "Shadow" },
      ],
    ],
    ["SELECT VALUE f.id FROM f JOIN f.children", ["Andersen", "Wakefield", "Nobody"]],
    [
      "SELECT f.id, s.highest FROM f JOIN (SELECT MAX(ch.grade) AS highest FROM ch IN f.children) AS s",
      [{ id: "Andersen", highest: 5 }, { id: "Wakefield", highest: 8 }, { id: "Nobody" }],
    ],
    [
      "SELECT VALUE n FROM f JOIN (SELECT VALUE ch.name FROM ch IN f.children WHERE ch.grade > 4) n",
      ["Henriette", "Lisa"],
    ],
    [
      "SELECT VALUE COUNT(1) FROM f JOIN (SELECT VALUE p FROM ch IN f.children JOIN p IN ch.pets)",
      [3],
    ],
    [
      "SELECT VALUE x FROM f JOIN x IN (SELECT VALUE [f.size, 9] FROM f) WHERE f.id = 'Andersen'",
      [2, 9],
    ],
    ["SELECT VALUE s.id FROM (SELECT c.id, c.size FROM c) AS s WHERE s.size = 4", ["Wakefield"]],
    ["SELECT VALUE s FROM (SELECT VALUE c.size FROM c WHERE IS_NUMBER(c.size)) s", [2, 4]],
  ]);
});

describe("sub-queries", () => {
  check([
    [
      "SELECT c.id, (SELECT VALUE COUNT(1) FROM x IN c.children) AS n FROM c",
      [
        { id: "Andersen", n: 1 },
        { id: "Wakefield", n: 2 },
        { id: "Nobody", n: 0 },
      ],
    ],
    [
      "SELECT VALUE ARRAY(SELECT VALUE x.name FROM x IN c.children) FROM c",
      [["Henriette"], ["Jesse", "Lisa"], []],
    ],
    [
      "SELECT VALUE c.id FROM c WHERE EXISTS(SELECT VALUE x FROM x IN c.children WHERE x.grade < 5)",
      ["Wakefield"],
    ],
    ["SELECT VALUE c.id FROM c WHERE NOT EXISTS(SELECT VALUE x FROM x IN c.children)", ["Nobody"]],
    ["SELECT VALUE EXISTS(SELECT VALUE c.missing) FROM c WHERE c.size = 2", [false]],
    ["SELECT VALUE (SELECT VALUE c.size) FROM c", [2, 4, "4"]],
    [
      "SELECT VALUE ARRAY(SELECT x.name AS n FROM x IN c.children ORDER BY x.grade DESC) FROM c WHERE c.size = 4",
      [[{ n: "Lisa" }, { n: "Jesse" }]],
    ],
    [
      "SELECT VALUE ARRAY(SELECT TOP 1 VALUE x.name FROM x IN c.children) FROM c WHERE c.size = 4",
      [["Jesse"]],
    ],
    [
      "SELECT VALUE ARRAY(SELECT VALUE x.name FROM x IN c.children OFFSET 1 LIMIT 1) FROM c WHERE c.size = 4",
      [["Lisa"]],
    ],
    [
      "SELECT VALUE ARRAY(SELECT DISTINCT VALUE 1 FROM x IN c.children) FROM c WHERE c.size = 4",
      [[1]],
    ],
    [
      "SELECT VALUE COUNT(1) FROM (SELECT DISTINCT VALUE p FROM c JOIN x IN c.children JOIN p IN x.pets)",
      [3],
    ],
    ["SELECT VALUE (SELECT VALUE SUM(x.grade) FROM x IN c.children) FROM c", [5, 9, 0]],
    [
      "SELECT VALUE c.id FROM c WHERE (SELECT VALUE COUNT(1) FROM c) = 1",
      ["Andersen", "Wakefield", "Nobody"],
    ],
  ]);

  test("a scalar sub-query with two rows is a 400", () => {
    const text = "SELECT (SELECT VALUE x FROM x IN c.children) FROM c";
    expect(() => runQuery(text, families)).toThrow(
      "Cardinality of a scalar subquery result set cannot be greater than one.",
    );
  });
});

describe("GROUP BY and aggregates", () => {
  check([
    ["SELECT VALUE COUNT(1) FROM c", [3]],
    ["SELECT COUNT(c.lastName) FROM c", [{ $1: 2 }]],
    ["SELECT COUNT(1) AS n, SUM(c.size) AS s FROM c WHERE IS_NUMBER(c.size)", [{ n: 2, s: 6 }]],
    ["SELECT VALUE COUNT(1) FROM c WHERE false", [0]],
    ["SELECT VALUE SUM(c.size) FROM c WHERE false", [0]],
    ["SELECT VALUE AVG(c.size) FROM c WHERE false", []],
    ["SELECT VALUE MIN(c.size) FROM c WHERE false", []],
    ["SELECT SUM(c.size), AVG(c.size), MAX(c.children) FROM c", [{}]],
    ["SELECT VALUE AVG(c.size) FROM c WHERE IS_NUMBER(c.size)", [3]],
    ["SELECT VALUE SUM(c.missing) FROM c", [0]],
    ["SELECT MIN(c.size) AS low, MAX(c.size) AS high FROM c", [{ low: 2, high: "4" }]],
    ["SELECT VALUE MIN(c.lastName) FROM c", [null]],
    ["SELECT VALUE COUNTIF(c.size > 3) FROM c", [1]],
    ["SELECT VALUE MAKELIST(c.size) FROM c", [[2, 4, "4"]]],
    ["SELECT VALUE MAKESET(IS_NUMBER(c.size)) FROM c", [[true, false]]],
    ["SELECT VALUE FLOOR(AVG(c.size) + 0.5) FROM c WHERE IS_NUMBER(c.size)", [3]],
    ["SELECT VALUE {n: COUNT(1), list: [MAX(c.size)]} FROM c", [{ n: 3, list: ["4"] }]],
    [
      "SELECT c.city, COUNT(1) AS n FROM c GROUP BY c.city",
      [{ n: 1 }, { city: "NY", n: 1 }, { city: "Seattle", n: 1 }],
    ],
    ["SELECT VALUE c.city FROM c GROUP BY c.city", ["NY", "Seattle"]],
    [
      "SELECT IS_NUMBER(c.size) AS isNumber, COUNT(1) AS n FROM c GROUP BY IS_NUMBER(c.size)",
      [
        { isNumber: false, n: 1 },
        { isNumber: true, n: 2 },
      ],
    ],
    [
      "SELECT UPPER(c.city) AS city FROM c WHERE IS_DEFINED(c.city) GROUP BY UPPER(c.city)",
      [{ city: "NY" }, { city: "SEATTLE" }],
    ],
    [
      "SELECT VALUE 'city: ' || c.city FROM c WHERE IS_DEFINED(c.city) GROUP BY c.city",
      ["city: NY", "city: Seattle"],
    ],
    [
      "SELECT x.grade > 4 AS big, MAX(x.grade) AS highest FROM x IN c.children GROUP BY x.grade > 4",
      [
        { big: false, highest: 1 },
        { big: true, highest: 8 },
      ],
    ],
    [
      "SELECT c.city, c.size FROM c GROUP BY c.size, c.city OFFSET 1 LIMIT 1",
      [{ city: "NY", size: 4 }],
    ],
    ["SELECT TOP 1 c.city FROM c GROUP BY c.city", [{}]],
    // a path below a group key
    [
      "SELECT x.grade AS grade, COUNT(1) AS n FROM c JOIN x IN c.children GROUP BY x",
      [
        { grade: 1, n: 1 },
        { grade: 5, n: 1 },
        { grade: 8, n: 1 },
      ],
    ],
    ["SELECT VALUE x['grade'] + 1 FROM x IN c.children GROUP BY x", [2, 6, 9]],
    ["SELECT VALUE [c][0].size FROM c WHERE c.size = 2 GROUP BY [c]", [2]],
    [
      "SELECT VALUE ARRAY(SELECT VALUE x.grade FROM x IN list) FROM c JOIN (SELECT VALUE c.children) AS list GROUP BY list",
      [[], [1, 8], [5]],
    ],
    ["SELECT VALUE AVG(c.size) FROM c WHERE IS_NUMBER(c.size) ORDER BY c.city", [3]],
    ["SELECT VALUE COUNT(1) FROM c ORDER BY c.city DESC, c.size", [3]],
  ]);

  test.each([
    "SELECT ARRAY(SELECT VALUE x FROM x IN c.children) AS list FROM c GROUP BY c.city",
    "SELECT (SELECT VALUE COUNT(c.size) FROM x IN (SELECT VALUE [1])) AS n FROM c GROUP BY c.city",
    "SELECT VALUE ARRAY(SELECT y FROM y IN (SELECT VALUE [1]) GROUP BY y, c.size) FROM c GROUP BY c.city",
  ])("does not see the rows of a group from a sub-query: %s", (text) => {
    expect(() => runQuery(text, [])).toThrow("is not contained in either an aggregate function");
  });
});

describe("ORDER BY, OFFSET and LIMIT", () => {
  check([
    ["SELECT VALUE c.id FROM c ORDER BY c.size", ["Andersen", "Wakefield", "Nobody"]],
    ["SELECT VALUE c.id FROM c ORDER BY c.size DESC", ["Nobody", "Wakefield", "Andersen"]],
    ["SELECT VALUE c.id FROM c ORDER BY c.lastName ASC", ["Nobody", "Wakefield", "Andersen"]],
    ["SELECT VALUE c.id FROM c ORDER BY c.children[0].name", ["Nobody", "Andersen", "Wakefield"]],
    ["SELECT VALUE c.id FROM c ORDER BY c.none", ["Andersen", "Wakefield", "Nobody"]],
    ["SELECT VALUE c.id FROM c ORDER BY c.none DESC", ["Nobody", "Wakefield", "Andersen"]],
    ["SELECT TOP 2 VALUE c.id FROM c ORDER BY c.id DESC", ["Wakefield", "Nobody"]],
    ["SELECT VALUE c.id FROM c ORDER BY c.id OFFSET 1 LIMIT 1", ["Nobody"]],
    ["SELECT VALUE c.id FROM c OFFSET 1 LIMIT 9", ["Wakefield", "Nobody"]],
    ["SELECT VALUE c.id FROM c OFFSET 9 LIMIT 9", []],
    ["SELECT VALUE c.id FROM c OFFSET 0 LIMIT 0", []],
    [
      "SELECT VALUE x.name FROM c JOIN x IN c.children ORDER BY c.size DESC",
      ["Jesse", "Lisa", "Henriette"],
    ],
    [
      "SELECT VALUE x.name FROM c JOIN x IN c.children ORDER BY c.size DESC OFFSET 1 LIMIT 2",
      ["Lisa", "Henriette"],
    ],
    ["SELECT DISTINCT VALUE c.none ?? 1 FROM c ORDER BY c.id", [1]],
  ]);

  test("goes by type first: undefined, null, booleans, numbers, strings, arrays, objects", () => {
    const values = [{}, [], "", "b", "a", 1.5, -1, true, false, null];
    const items = [
      ...values.map((v, index) => ({ id: String(index), v: v as Json })),
      { id: "none" },
    ];
    const sorted = [undefined, null, false, true, -1, 1.5, "", "a", "b", [], {}];
    const ascending = runQuery("SELECT c.v FROM c ORDER BY c.v", items);
    expect(ascending).toEqual(sorted.map((v) => (v === undefined ? {} : { v })));
    const descending = runQuery("SELECT c.v FROM c ORDER BY c.v DESC", items);
    expect(descending).toEqual(ascending.toReversed());
  });
});

describe("the composite index of ORDER BY", () => {
  const indexingPolicy = {
    includedPaths: [{ path: "/*" }],
    excludedPaths: [{ path: '/"_etag"/?' }, { path: "/secret/*" }],
    compositeIndexes: [
      [
        { path: "/city", order: "ascending" },
        { path: "/address/zip", order: "descending" },
      ],
    ],
  };
  const run = (orderBy: string) =>
    runQuery(`SELECT VALUE c.id FROM c ORDER BY ${orderBy}`, families, { indexingPolicy });

  test.each([
    "c.city ASC, c.address.zip DESC",
    "c.city DESC, c['address']['zip'] ASC",
    "c.anything",
    "c._ts DESC",
    "c.id",
  ])("%s is served", (orderBy) => {
    expect(run(orderBy)).toHaveLength(3);
  });

  test.each([
    "c.city, c.address.zip",
    "c.address.zip DESC, c.city",
    "c.city, c.address.zip DESC, c.id",
    "c.id, c.city",
  ])("%s is a 400", (orderBy) => {
    expect(() => run(orderBy)).toThrow(
      "The order by query does not have a corresponding composite index that it can be served from.",
    );
  });

  test.each(["c.secret", "c.secret.part", "c._etag"])(
    "%s is excluded from the index",
    (orderBy) => {
      expect(() => run(orderBy)).toThrow(
        "The index path corresponding to the specified order-by item is excluded.",
      );
    },
  );

  test("without a policy, several properties are sorted", () => {
    expect(runQuery("SELECT VALUE c.id FROM c ORDER BY c.x, c.id DESC", families)).toEqual([
      "Wakefield",
      "Nobody",
      "Andersen",
    ]);
  });
});

describe("a query that means nothing is a 400", () => {
  test.each([
    [
      "SELECT * FROM c JOIN x IN c.children",
      "SC2040",
      "'SELECT *' is only valid with a single input set.",
    ],
    ["SELECT * FROM c GROUP BY c.id", "SC2040", "single input set"],
    ["SELECT *", "SC2040", "single input set"],
    ["SELECT VALUE x FROM c", "SC2001", "Identifier 'x' could not be resolved."],
    ["SELECT VALUE c FROM c.city", "SC2001", "Identifier 'c' could not be resolved."],
    ["SELECT VALUE c FROM x IN c.city", "SC2001", "'c'"],
    ["SELECT c.id FROM c JOIN x IN d.y", "SC2001", "'d'"],
    ["SELECT VALUE process.env FROM c", "SC2001", "'process'"],
    ["SELECT c.city AS t FROM c ORDER BY t", "SC2001", "'t'"],
    ["SELECT c.id FROM c JOIN c IN c.children", "SC2011", "'c'"],
    [
      "SELECT c.id, COUNT(1) FROM c",
      "SC2102",
      "Property reference 'c.id' is invalid in the select list",
    ],
    ["SELECT c.id, c.city FROM c GROUP BY c.city", "SC2102", "'c.id'"],
    ["SELECT VALUE MAX(MIN(c.size)) FROM c", "SC2009", "MIN"],
    ["SELECT VALUE c.id FROM c WHERE COUNT(1) > 1", "SC2009", "COUNT"],
    ["SELECT TOP 1.5 * FROM c", "SC2060", "must be an integer"],
    ["SELECT TOP 2147483648 * FROM c", "SC2060", "must be an integer"],
    ["SELECT * FROM c OFFSET 2147483648 LIMIT 1", "SC2062", "OFFSET count value exceeds"],
    ["SELECT * FROM c OFFSET 0 LIMIT 2147483648", "SC2061", "LIMIT count value exceeds"],
    ["SELECT TOP 1 * FROM c OFFSET 0 LIMIT 1", "SC2201", "TOP"],
  ])("%s", (text, code, message) => {
    expect(() => runQuery(text, families)).toThrow(
      expect.objectContaining({
        status: 400,
        code: "BadRequest",
        message: expect.stringContaining(code),
      }),
    );
    expect(() => runQuery(text, families)).toThrow(message);
  });

  test.each(["TOP @n * FROM c", "* FROM c OFFSET @n LIMIT 1", "* FROM c OFFSET 0 LIMIT @n"])(
    "SELECT %s takes 2147483647 and no more",
    (rest) => {
      const run = (value: number) =>
        runQuery(`SELECT ${rest}`, families, { parameters: [{ name: "@n", value }] });
      expect(() => run(2_147_483_647)).not.toThrow();
      expect(() => run(2_147_483_648)).toThrow(expect.objectContaining({ status: 400 }));
    },
  );

  test.each(["LOWER(c.id)", "1", "c", "x.name", "c.a[c.b]"])(
    "ORDER BY %s has no path in the item",
    (orderBy) => {
      expect(() =>
        runQuery(`SELECT c.id FROM c JOIN x IN c.children ORDER BY ${orderBy}`, families),
      ).toThrow(
        expect.objectContaining({
          status: 400,
          substatus: 2206,
          message: expect.stringContaining(
            "ORDER BY item expression could not be mapped to a document path.",
          ),
        }),
      );
    },
  );
});
