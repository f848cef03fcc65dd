import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { itemRequests } from "../../emulator-controls.ts";
import { type ApiUnderTest, startApiUnderTest } from "../api-under-test.ts";

const MODEL = `
type Note @container(name: "notes") {
  id: ID!
  owner: String! @partitionKey
  rank: Float!
  title: String
}
type Owner @container(name: "owners") {
  id: ID! @partitionKey
  notes: [Note!]! @reference(from: "owner")
}
`;

const OWNERS = ["ann", "bob", "cid", "dan", "eve", "fay"];

/** One of each type, and several of those that have an order; the store holds what it was given. */
const VALUES = [
  undefined,
  null,
  false,
  true,
  -1,
  0,
  2.5,
  "",
  "2",
  "b",
  "\u{1f600}",
  "\uffff",
  ["x"],
  ["a"],
  { a: 1 },
  { a: 0 },
];

/** Ids repeat across partitions, values within them. */
const NOTES = OWNERS.flatMap((owner, o) =>
  Array.from({ length: 24 }, (_, index) => {
    const rank = VALUES[(index * 5 + o * 3) % VALUES.length];
    const title = VALUES[(index + o) % 12];
    return {
      id: `n${String(index % 20).padStart(2, "0")}${index < 20 ? "" : "x"}`,
      owner,
      ...(rank !== undefined && { rank }),
      ...(title !== undefined && { title }),
    };
  }),
);

const COMPOSITE = ["ascending", "descending"].map((order) => [
  { path: "/title", order: "ascending" },
  { path: "/rank", order },
]);

const LIST = `query ($first: Int, $after: String, $orderBy: [NoteOrderBy!]) {
  notes(first: $first, after: $after, orderBy: $orderBy) {
    edges { cursor node { id owner } }  pageInfo { hasNextPage endCursor }  totalCount
  }
}`;

describe.each([1, 4])("lists over %i physical partitions, of values of all types", (partitions) => {
  let api: ApiUnderTest;
  beforeAll(async () => {
    api = await startApiUnderTest({
      model: MODEL,
      partitions,
      containers: [
        {
          id: "notes",
          partitionKey: { paths: ["/owner"] },
          indexingPolicy: { includedPaths: [{ path: "/*" }], compositeIndexes: COMPOSITE },
          items: NOTES,
        },
        {
          id: "owners",
          partitionKey: { paths: ["/id"] },
          items: OWNERS.map((id) => ({ id })),
        },
      ],
    });
  });
  afterAll(() => api.stop());
  beforeEach(() => api.forgetRequests());

  const owners = { container: "owners" };
  const ofContainer = () => api.as("container", { container: "notes" }, owners);
  const ofPartitions = () =>
    api.as(
      "partitions",
      ...OWNERS.map((owner) => ({ container: "notes", partitionKey: [owner] })),
      owners,
    );

  const pages = async (
    caller: ReturnType<ApiUnderTest["as"]>,
    first: number,
    orderBy: unknown,
  ): Promise<readonly string[]> => {
    const keys: string[] = [];
    let after: string | null = null;
    for (let hasNextPage = true; hasNextPage; ) {
      const { data, errors } = await caller(LIST, { first, after, orderBy });
      expect(errors).toEqual([]);
      const { edges, pageInfo, totalCount } = data.notes;
      expect(totalCount).toBe(NOTES.length);
      expect(pageInfo.hasNextPage ? edges.length === first : edges.length > 0).toBe(true);
      keys.push(...edges.map(({ node }: Edge) => `${node.owner}/${node.id}`));
      ({ hasNextPage, endCursor: after } = pageInfo);
    }
    return keys;
  };

  const ORDERS: readonly (readonly Record<string, string>[])[] = [
    [],
    [{ id: "DESC" }],
    [{ rank: "ASC" }],
    [{ rank: "DESC" }],
    [{ title: "ASC" }, { rank: "ASC" }],
    [{ title: "DESC" }, { rank: "DESC" }],
    [{ title: "ASC" }, { rank: "DESC" }],
    [{ title: "DESC" }, { rank: "ASC" }, { id: "DESC" }],
    [{ rank: "DESC" }, { id: "DESC" }],
  ];

  test("come in one order, for a caller of the container and one of all its partitions", async () => {
    for (const orderBy of ORDERS) {
      const whole = await pages(ofContainer(), 1000, orderBy);
      expect(whole).toHaveLength(NOTES.length);
      expect(new Set(whole).size).toBe(NOTES.length);
      expect(await pages(ofPartitions(), 1000, orderBy)).toEqual(whole);
    }
  });

  test("have that order on pages of any size", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...ORDERS),
        fc.integer({ min: 5, max: 150 }),
        async (orderBy, first) => {
          const whole = await pages(ofContainer(), 1000, orderBy);
          expect(await pages(ofContainer(), first, orderBy)).toEqual(whole);
          expect(await pages(ofPartitions(), first, orderBy)).toEqual(whole);
        },
      ),
      { numRuns: 3 },
    );
  });

  test("go on behind any edge", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...ORDERS),
        fc.nat(NOTES.length - 1),
        fc.integer({ min: 1, max: 7 }),
        async (orderBy, place, first) => {
          const { data } = await ofContainer()(LIST, { first: 1000, orderBy });
          const edges: readonly Edge[] = data.notes.edges;
          const after = edges[place]?.cursor;
          const next = await ofContainer()(LIST, { first, after, orderBy });
          expect(next.data.notes.edges.map(({ node }: Edge) => node)).toEqual(
            edges.slice(place + 1, place + 1 + first).map(({ node }) => node),
          );
        },
      ),
      { numRuns: 5 },
    );
  });

  test("are alike inside other items", async () => {
    const query = `{ owners { nodes { id notes(first: 9, orderBy: [{ rank: DESC }]) { id } } } }`;
    const [one, other] = await Promise.all([ofContainer()(query), ofPartitions()(query)]);
    expect(one.errors).toEqual([]);
    expect(one.data.owners.nodes).toHaveLength(OWNERS.length);
    expect(one.data.owners.nodes[0].notes).toHaveLength(9);
    expect(other).toEqual(one);
  });

  test("put items without the property first, then null, false, true, numbers, strings, arrays, objects", async () => {
    const { data } = await ofContainer()(LIST, { first: 1000, orderBy: [{ rank: "ASC" }] });
    const ranks = data.notes.edges.map(({ node }: Edge) => {
      const note = NOTES.find(({ id, owner }) => id === node.id && owner === node.owner);
      return typeName(note?.rank);
    });
    expect([...new Set(ranks)]).toEqual(TYPES);
    expect(ranks).toEqual(
      ranks.toSorted((a: string, b: string) => TYPES.indexOf(a) - TYPES.indexOf(b)),
    );
  });

  test("take one request a physical partition and no query plan", async () => {
    await ofContainer()(`{ notes(first: 1000, orderBy: [{ rank: ASC }]) { nodes { id } } }`);
    await api.forgetRequests();
    await ofContainer()(`{ notes(first: 1000, orderBy: [{ rank: ASC }]) { nodes { id } } }`);
    const sent = await api.requests();
    expect(sent.map(({ kind }) => kind)).toEqual(Array(partitions).fill("query"));
    expect(itemRequests(sent)).toHaveLength(partitions);
    expect(new Set(sent.map(({ authorization }) => authorization))).toEqual(new Set(["resource"]));
  });

  test("begin anew where a physical partition is no more", async () => {
    const query = `{ notes(first: 40, orderBy: [{ rank: ASC }]) { nodes { id owner } } }`;
    const whole = await ofContainer()(query);
    await api.addFault({ match: { path: "/docs$" }, times: 1, status: 410, substatus: 1002 });
    expect(await ofContainer()(query)).toEqual(whole);
    expect(whole.data.notes.nodes).toHaveLength(40);
    expect((await api.requests()).map(({ status }) => status)).toContain(410);
  });
});

interface Edge {
  readonly cursor: string;
  readonly node: { readonly id: string; readonly owner: string };
}

const TYPES = ["undefined", "null", "false", "true", "number", "string", "array", "object"];

function typeName(value: unknown): string {
  return value === null || typeof value === "boolean"
    ? String(value)
    : Array.isArray(value)
      ? "array"
      : typeof value;
}
