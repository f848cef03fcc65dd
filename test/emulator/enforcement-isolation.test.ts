import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Emulator, startEmulator } from "../../src/emulator/start-emulator.ts";
import { createRestClient, type RestAnswer, type RestClient } from "./security/rest-client.ts";

/*
 * Contoso's tokens against Fabrikam's items: whatever path, headers and body a request combines,
 * nothing of the other partition is shown, counted or changed.
 */

const MARK = "only for fabrikam";
const DOCS = "dbs/shop/colls/c/docs";
const CONTOSO = '["contoso"]';
const FABRIKAM = '["fabrikam"]';
const isQuery = {
  "content-type": "application/query+json",
  "x-ms-documentdb-isquery": "True",
  "x-ms-documentdb-query-enablecrosspartition": "True",
};

let emulator: Emulator;
let rest: RestClient;
/** Contoso's: of the partition with both modes, of one item, and of that item by rid. */
let tokens: readonly string[];
let links: {
  readonly container: string;
  readonly ours: string;
  readonly theirs: string;
  readonly theirRid: string;
};
/** Continuation tokens, etags and the like of Fabrikam's partition and of the whole container. */
let theirContinuations: readonly string[];

beforeAll(async () => {
  emulator = await startEmulator({
    port: 0,
    partitions: 2,
    seed: [
      {
        id: "shop",
        containers: [
          {
            id: "c",
            partitionKey: { paths: ["/tenantId"] },
            items: [
              { id: "1", tenantId: "contoso" },
              { id: "2", tenantId: "contoso" },
              { id: "1", tenantId: "fabrikam", mark: MARK },
              { id: "3", tenantId: "fabrikam", mark: MARK },
              { id: "4", tenantId: "fabrikam", mark: MARK },
            ],
          },
        ],
      },
    ],
  });
  rest = createRestClient(emulator);
  const self = async (link: string, key: string): Promise<string> =>
    (await rest.withKey("GET", link, { headers: { "x-ms-documentdb-partitionkey": key } })).body
      ._self;
  const theirs = await self(`${DOCS}/3`, FABRIKAM);
  links = {
    container: await self("dbs/shop/colls/c", CONTOSO),
    ours: await self(`${DOCS}/1`, CONTOSO),
    theirs,
    theirRid: theirs.split("/")[5] ?? "",
  };

  await rest.withKey("POST", "dbs/shop/users", { body: { id: "u" } });
  const mint = async (id: string, body: object): Promise<string> =>
    (await rest.withKey("POST", "dbs/shop/users/u/permissions", { body: { id, ...body } })).body
      ._token;
  const inContoso = { resourcePartitionKey: ["contoso"] };
  const container = "dbs/shop/colls/c";
  tokens = [
    await mint("all", { permissionMode: "All", resource: container, ...inContoso }),
    await mint("read", { permissionMode: "Read", resource: links.container, ...inContoso }),
    await mint("item", { permissionMode: "All", resource: `${DOCS}/1`, ...inContoso }),
    await mint("rid", { permissionMode: "All", resource: links.ours }),
  ];

  const page = { "x-ms-max-item-count": "1" };
  const key = { "x-ms-documentdb-partitionkey": FABRIKAM };
  const body = { query: "SELECT * FROM c ORDER BY c.id", parameters: [] };
  const answers = [
    await rest.withKey("GET", DOCS, { headers: { ...page, ...key } }),
    await rest.withKey("GET", DOCS, { headers: page }),
    await rest.withKey("POST", DOCS, { headers: { ...page, ...key, ...isQuery }, body }),
  ];
  theirContinuations = answers.map(({ headers }) => String(headers["x-ms-continuation"]));
  expect(theirContinuations).not.toContain("undefined");
});

afterAll(() => emulator.stop());

/** What Fabrikam has, as an account key sees it. */
async function theirItems(): Promise<string> {
  const answer = await rest.withKey("GET", DOCS, {
    headers: { "x-ms-documentdb-partitionkey": FABRIKAM },
  });
  expect(answer.body._count).toBe(3);
  return JSON.stringify(answer.body.Documents);
}

async function restoreOurItems(): Promise<void> {
  for (const id of ["1", "2"]) {
    await rest.withKey("POST", DOCS, {
      headers: { "x-ms-documentdb-partitionkey": CONTOSO, "x-ms-documentdb-is-upsert": "True" },
      body: { id, tenantId: "contoso" },
    });
  }
}

function showsNothing(answer: RestAnswer): void {
  expect([401, 500]).not.toContain(answer.status);
  expect(JSON.stringify(answer)).not.toContain(MARK);
}

describe("a path", () => {
  const theirKey = { "x-ms-documentdb-partitionkey": FABRIKAM };
  const ourKey = { "x-ms-documentdb-partitionkey": CONTOSO };

  test.each([
    "/dbs/shop/colls/c/docs%2F3",
    "/dbs/shop/colls/c%2Fdocs%2F3",
    "/dbs%2Fshop%2Fcolls%2Fc%2Fdocs%2F3",
    "/dbs/shop/colls/c/docs/1/../3",
    "/dbs/shop/colls/c/docs/1%2F..%2F3",
    "/dbs/shop/colls/c/docs/%2e%2e/docs/3",
    "/dbs/shop/colls/../colls/c/docs/3",
    "//dbs/shop/colls/c/docs/3",
    "/dbs//shop/colls/c/docs/3",
    "/dbs/shop/colls/c/docs//3",
    "/dbs/shop/colls/c//docs/3",
    "/dbs/shop/colls/c/docs/3/",
    "/dbs/shop/colls/c/docs/3//",
    "/DBS/shop/colls/c/docs/3",
    "/dbs/shop/Colls/c/docs/3",
    "/dbs/shop/colls/c/Docs/3",
    "/dbs/shop/colls/C/docs/3",
    "/dbs/shop/colls/c/docs/%33",
    "/dbs/shop/colls/c/docs/3?",
    "/dbs/shop/colls/c/docs/3?x=/docs/1",
    "/dbs/shop/colls/c/docs/3%00",
    "/dbs/shop/colls/c/docs/3%20",
    "/dbs/shop/colls/c/docs/3;a=1",
    "/dbs/shop/colls/c/docs\\3",
    "/dbs/shop/colls/c/docs/3/attachments",
    "/dbs/shop/colls/c/conflicts",
    "http://elsewhere/dbs/shop/colls/c/docs/3",
    "/%64bs/shop/colls/c/docs/3",
    "/dbs/shop/colls/c/docs",
    "/dbs/shop/colls/c/docs/",
    "/dbs/shop/colls/c/docs/?x=1",
  ])("%s opens nothing", async (rawPath) => {
    for (const token of tokens) {
      for (const headers of [{}, theirKey, ourKey]) {
        for (const method of ["GET", "DELETE", "PUT", "PATCH", "POST"]) {
          showsNothing(await rest.withToken(token, method, "", { rawPath, headers, body: {} }));
        }
      }
    }
    await theirItems();
  });

  test("by rid opens nothing, and neither does one of rids and names", async () => {
    const [, dbRid = "", , collRid = ""] = links.container.split("/");
    for (const link of [
      links.theirs.slice(0, -1),
      `${DOCS}/${links.theirRid}`,
      `dbs/${dbRid}/colls/c/docs/${links.theirRid}`,
      `dbs/shop/colls/${collRid}/docs/${links.theirRid}`,
      `dbs/${dbRid}/colls/${collRid}/docs/3`,
      `dbs/${dbRid}/colls/c/docs/3`,
    ]) {
      for (const token of tokens) {
        for (const headers of [{}, theirKey, ourKey]) {
          const answer = await rest.withToken(token, "GET", link, { headers });
          showsNothing(answer);
          expect(answer.status).not.toBe(200);
        }
      }
    }
  });

  test("by rid means that item, and not one of its id in another partition", async () => {
    const theirOne = await rest.withKey("GET", `${DOCS}/1`, { headers: theirKey });
    const link = theirOne.body._self.slice(0, -1);
    expect((await rest.withKey("GET", link, { headers: theirKey })).status).toBe(200);
    for (const method of ["GET", "DELETE"]) {
      const byKey = await rest.withKey(method, link, { headers: ourKey });
      expect(byKey.status).toBe(404);
      const [all = ""] = tokens;
      expect((await rest.withToken(all, method, link, { headers: ourKey })).status).toBe(404);
    }
  });

  test("to what another partition has, and to what nobody has, get the same answers", async () => {
    const [all = "", read = ""] = tokens;
    const theirSelf = links.theirs.slice(0, -1);
    const nobodys = `${theirSelf.slice(0, theirSelf.lastIndexOf("/"))}/${links.theirRid.replace(/A{8}==$/, "gAAAAA==")}`;
    expect(nobodys).not.toBe(theirSelf);
    const shape = async (token: string, method: string, link: string) => {
      const { status, headers, body } = await rest.withToken(token, method, link, {
        headers: ourKey,
        ...(method === "PUT" ? { body: { id: link.split("/").at(-1), tenantId: "contoso" } } : {}),
      });
      const { date: _, "x-ms-activity-id": activityId, ...rest_ } = headers;
      const message = JSON.stringify(body ?? "").replace(String(activityId), "");
      return { status, headers: rest_, message };
    };
    for (const token of [all, read]) {
      for (const method of ["GET", "DELETE", "PUT"]) {
        expect(await shape(token, method, theirSelf)).toEqual(await shape(token, method, nobodys));
        expect(await shape(token, method, `${DOCS}/3`)).toEqual(
          await shape(token, method, `${DOCS}/nobodys`),
        );
      }
    }
  });

  test("may hold an item's id of any kind, and means that item", async () => {
    const [all = ""] = tokens;
    const ids = ["50%", "%33", "a b", "a?b", "é", "😀", "..", "...", links.theirRid, "_rid"];
    for (const id of ids) {
      const body = { id, tenantId: "contoso" };
      const link = `${DOCS}/${id}`;
      expect((await rest.withToken(all, "POST", DOCS, { headers: ourKey, body })).status).toBe(201);
      const read = await rest.withToken(all, "GET", link, { headers: ourKey });
      expect(read.body).toMatchObject(body);
      expect((await rest.withToken(all, "DELETE", link, { headers: ourKey })).status).toBe(204);
    }
  });
});

describe("the partition-key header", () => {
  test.each([
    [[CONTOSO, FABRIKAM]],
    [[FABRIKAM, CONTOSO]],
    [`${CONTOSO},${FABRIKAM}`],
    ['["contoso","fabrikam"]'],
    ['[["fabrikam"]]'],
    ['[{"contoso":"fabrikam"}]'],
    ['{"0":"contoso"}'],
    ['"fabrikam"'],
    ["fabrikam"],
    ['["Contoso"]'],
    ['["contoso "]'],
    ['["contoso\\u0000"]'],
    ["[]"],
    ["[{}]"],
    ["[null]"],
    ["[1e400]"],
    ["null"],
    [""],
    ["[*]"],
  ])("%j opens nothing", async (value) => {
    const headers = { "x-ms-documentdb-partitionkey": value };
    const body = { query: "SELECT * FROM c", parameters: [] };
    for (const token of tokens) {
      const answers = [
        await rest.withToken(token, "GET", `${DOCS}/3`, { headers }),
        await rest.withToken(token, "GET", DOCS, { headers }),
        await rest.withToken(token, "POST", DOCS, { headers: { ...headers, ...isQuery }, body }),
        await rest.withToken(token, "DELETE", `${DOCS}/3`, { headers }),
      ];
      for (const answer of answers) {
        showsNothing(answer);
        expect([400, 403]).toContain(answer.status);
      }
    }
    await theirItems();
  });

  test.each(['"contoso"', ' ["contoso"] ', '["\\u0063ontoso"]', '[\t"contoso"\t]'])(
    "%j names the token's own partition",
    async (value) => {
      const [all = ""] = tokens;
      const headers = { "x-ms-documentdb-partitionkey": value };
      const read = await rest.withToken(all, "GET", `${DOCS}/1`, { headers });
      expect(read.body).toMatchObject({ id: "1", tenantId: "contoso" });
      const body = { query: "SELECT VALUE COUNT(1) FROM c", parameters: [] };
      const count = await rest.withToken(all, "POST", DOCS, {
        headers: { ...headers, ...isQuery },
        body,
      });
      expect(count.body.Documents).toEqual([2]);
    },
  );
});

describe("a query in the token's own partition", () => {
  test.each([
    "SELECT * FROM c",
    "SELECT * FROM c WHERE c.tenantId = 'fabrikam'",
    "SELECT * FROM c WHERE c.tenantId != 'contoso' OR true",
    "SELECT VALUE COUNT(1) FROM c",
    "SELECT c.tenantId, COUNT(1) AS n FROM c GROUP BY c.tenantId",
    "SELECT DISTINCT VALUE c.tenantId FROM c",
    "SELECT TOP 100 * FROM c ORDER BY c.id DESC",
    "SELECT * FROM c JOIN d IN c",
    "SELECT VALUE (SELECT VALUE c) FROM c",
    "SELECT * FROM (SELECT * FROM c) AS c",
    "SELECT * FROM root",
    "SELECT * FROM c OFFSET 0 LIMIT 100",
    "SELECT ARRAY(SELECT VALUE d FROM d IN c) FROM c",
  ])("sees nothing else: %s", async (query) => {
    const [all = ""] = tokens;
    const headers = { ...isQuery, "x-ms-documentdb-partitionkey": CONTOSO };
    const answer = await rest.withToken(all, "POST", DOCS, {
      headers,
      body: { query, parameters: [] },
    });
    showsNothing(answer);
    expect(JSON.stringify(answer.body)).not.toContain('fabrikam"');
    if (query.includes("VALUE COUNT(1)")) {
      expect(answer.body.Documents).toEqual([2]);
    }
  });
});

test("no combination of path, headers and body shows or changes another partition", async () => {
  const before = await theirItems();
  /** Most requests have few of the headers: with many of them at once hardly any is let through. */
  const header = <Value>(name: string, ...values: readonly Value[]) =>
    fc
      .oneof(
        { weight: 5, arbitrary: fc.constant(undefined) },
        { weight: 1, arbitrary: fc.constantFrom(...values) },
      )
      .map((value) => [name, value] as const);
  const keyHeader = fc
    .oneof(
      { weight: 4, arbitrary: fc.constant<string | readonly string[]>(CONTOSO) },
      {
        weight: 1,
        arbitrary: fc.constantFrom(FABRIKAM, "[]", "[{}]", '"contoso"', [CONTOSO, FABRIKAM]),
      },
    )
    .map((value) => ["x-ms-documentdb-partitionkey", value] as const);
  const anyHeaders = fc
    .tuple(
      keyHeader,
      header("x-ms-documentdb-partitionkeyrangeid", "0", "1", "", "0,1"),
      header("x-ms-start-epk", "", "00"),
      header("x-ms-end-epk", "FF"),
      header("x-ms-documentdb-isquery", "True", "True", "true", "false", "1"),
      header("x-ms-cosmos-is-query-plan-request", "True"),
      header("x-ms-documentdb-query-enablecrosspartition", "True"),
      header("x-ms-documentdb-is-upsert", "True", "TRUE "),
      header("x-ms-cosmos-is-batch-request", "True"),
      header("x-ms-cosmos-batch-atomic", "True", "False"),
      header("content-type", "application/query+json", "application/json"),
      header("a-im", "Incremental feed", "Incremental Feed"),
      header("if-none-match", "0", "*", '"1"'),
      header("if-match", "*"),
      header("x-ms-continuation", ...theirContinuations),
      header("x-http-method", "GET", "DELETE"),
      header("x-http-method-override", "PUT"),
      header("x-ms-documentdb-populatequerymetrics", "True"),
    )
    .map(
      (pairs) =>
        Object.fromEntries(pairs.filter(([, value]) => value !== undefined)) as Readonly<
          Record<string, string | readonly string[]>
        >,
    );
  const operation = fc.record({
    operationType: fc.constantFrom("Create", "Upsert", "Replace", "Patch", "Read", "Delete"),
    id: fc.constantFrom("1", "3", links.theirRid),
    partitionKey: fc.constantFrom(CONTOSO, FABRIKAM, undefined, ["fabrikam"]),
    resourceBody: fc.constantFrom(
      { id: "3", tenantId: "fabrikam", stolen: true },
      { id: "3", tenantId: "contoso" },
      { operations: [{ op: "set", path: "/tenantId", value: "fabrikam" }] },
    ),
  });
  const anyBody = fc.oneof(
    fc.constantFrom(
      { query: "SELECT * FROM c", parameters: [] },
      { query: "SELECT * FROM c WHERE c.tenantId = 'fabrikam'", parameters: [] },
      { query: "SELECT * FROM c ORDER BY c.id", parameters: [] },
    ),
    fc.array(operation, { minLength: 1, maxLength: 3 }),
    operation.map(({ resourceBody }) => resourceBody),
    operation.map(({ resourceBody }) => ({ ...resourceBody, _rid: links.theirRid })),
  );
  const anyLink = fc.constantFrom(
    DOCS,
    DOCS,
    DOCS,
    `${links.container}docs`,
    `${DOCS}/1`,
    `${DOCS}/3`,
    `${DOCS}/${links.theirRid}`,
    links.theirs.slice(0, -1),
    "dbs/shop/colls/c/operations/partitionkeydelete",
    "dbs/shop/colls/c/pkranges",
    "dbs/shop/colls/c",
    "dbs/shop/colls/c/sprocs/s",
  );
  let allowed = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...tokens, ...tokens.slice(0, 1)),
      fc.constantFrom("GET", "GET", "POST", "POST", "PUT", "PATCH", "DELETE", "HEAD"),
      anyLink,
      anyHeaders,
      anyBody,
      async (token, method, link, headers, body) => {
        const answer = await rest.withToken(token, method, link, { headers, body });
        showsNothing(answer);
        if (answer.status < 300) {
          allowed += 1;
          await restoreOurItems();
        }
        expect(await theirItems()).toBe(before);
      },
    ),
    { numRuns: 2_000 },
  );
  expect(allowed).toBeGreaterThan(100);
}, 60_000);
