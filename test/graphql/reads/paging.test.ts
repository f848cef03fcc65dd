import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ApiUnderTest, startApiUnderTest } from "../api-under-test.ts";

const MODEL = `
type Note @container(name: "notes") {
  id: ID!
  owner: String! @partitionKey
  rank: Int
  title: String
  done: Boolean
  loose: Float
}
`;

const OWNERS = ["ann", "bob", "cid"];

/** Ids repeat across partitions; sort values repeat within them, are missing, null or of odd types. */
const NOTES = OWNERS.flatMap((owner, o) =>
  Array.from({ length: 20 - o }, (_, index) => ({
    id: `n${String(index).padStart(2, "0")}`,
    owner,
    ...(index % 5 === 4 ? {} : { rank: index % 3 }),
    title: index % 7 === 3 ? null : `t${(index * 7) % 10}`,
    done: index % 2 === 0,
    loose: index % 4,
  })),
);

const LIST = `query ($first: Int, $after: String, $owner: String, $orderBy: [NoteOrderBy!]) {
  notes(first: $first, after: $after, owner: $owner, orderBy: $orderBy) {
    edges { cursor node { id owner } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    totalCount
  }
}`;

describe.each([1, 4])("a list on %i physical partitions", (partitions) => {
  let api: ApiUnderTest;
  beforeAll(async () => {
    api = await startApiUnderTest({
      model: MODEL,
      partitions,
      containers: [
        {
          id: "notes",
          partitionKey: { paths: ["/owner"] },
          indexingPolicy: {
            includedPaths: [{ path: "/*" }],
            compositeIndexes: [
              [
                { path: "/rank", order: "ascending" },
                { path: "/title", order: "descending" },
              ],
            ],
          },
          items: NOTES,
        },
      ],
    });
  });
  afterAll(() => api.stop());

  const scopes = {
    "one partition": [{ container: "notes", partitionKey: ["ann"] }],
    "several partitions": OWNERS.map((owner) => ({ container: "notes", partitionKey: [owner] })),
    "the container": [{ container: "notes" }],
  } as const;

  // One partition lies on one physical partition, however many there are.
  const chosen = Object.entries(scopes).filter(
    ([name]) => partitions === 1 || name !== "one partition",
  );
  describe.each(chosen)("over %s", (name, permissions) => {
    const visible = NOTES.filter((note) => name !== "one partition" || note.owner === "ann");
    const keyOf = ({ id, owner }: { readonly id: string; readonly owner: string }) =>
      `${id}/${owner}`;

    const readAll = async (first: number, orderBy?: unknown) => {
      const caller = api.as(name, ...permissions);
      const keys: string[] = [];
      let after: string | null = null;
      for (let page = 0; page < 100; page += 1) {
        const { data, errors } = await caller(LIST, { first, after, orderBy });
        expect(errors).toEqual([]);
        const { edges, pageInfo, totalCount } = data.notes;
        keys.push(...edges.map(({ node }: { node: (typeof NOTES)[number] }) => keyOf(node)));
        expect(totalCount).toBe(visible.length);
        expect(pageInfo.hasPreviousPage).toBe(after !== null);
        expect(pageInfo.startCursor).toBe(edges[0]?.cursor ?? null);
        expect(pageInfo.endCursor).toBe(edges.at(-1)?.cursor ?? null);
        if (!pageInfo.hasNextPage) {
          return keys;
        }
        expect(edges).toHaveLength(first);
        after = pageInfo.endCursor;
      }
      throw new Error("The list has no end.");
    };

    test.each([1, 3, 20, 1000])(
      "gives each item once and in order of ids, in pages of %i",
      async (first) => {
        const keys = await readAll(first);
        expect(keys).toHaveLength(visible.length);
        expect(new Set(keys)).toEqual(new Set(visible.map(keyOf)));
        const ids = keys.map((key) => key.split("/")[0]);
        expect(ids).toEqual(ids.toSorted());
      },
    );

    const SORTS: readonly (readonly Record<string, "ASC" | "DESC">[])[] = [
      [{ rank: "ASC" }],
      [{ rank: "DESC" }],
      [{ title: "ASC" }],
      [{ title: "DESC" }],
      [{ done: "DESC" }],
      [{ rank: "ASC" }, { title: "DESC" }],
      [{ loose: "ASC" }, { id: "DESC" }],
      [{ id: "DESC" }],
    ];

    test.each(SORTS.map((orderBy) => [JSON.stringify(orderBy), orderBy] as const))(
      "gives each item once when ordered by %s, whatever the page size",
      async (_name, orderBy) => {
        const whole = await readAll(1000, orderBy);
        expect(new Set(whole)).toEqual(new Set(visible.map(keyOf)));
        expect(whole).toHaveLength(visible.length);
        const byKey = new Map(visible.map((note) => [keyOf(note), note]));
        const sorted = whole.toSorted((left, right) =>
          compareNotes(byKey.get(left), byKey.get(right), orderBy),
        );
        expect(sorted).toEqual(whole);
        for (const first of [2, 9]) {
          const paged = await readAll(first, orderBy);
          expect(paged).toEqual(whole);
          expect(paged).toHaveLength(whole.length);
        }
      },
    );

    test("goes on behind any edge", async () => {
      const caller = api.as(name, ...permissions);
      const { data } = await caller(LIST, { first: 1000 });
      const edges: { cursor: string; node: { id: string; owner: string } }[] = data.notes.edges;
      await fc.assert(
        fc.asyncProperty(
          fc.nat(edges.length - 1),
          fc.integer({ min: 0, max: 8 }),
          async (index, first) => {
            const next = await caller(LIST, { first, after: edges[index]?.cursor });
            const nodes = next.data.notes.edges.map(
              ({ node }: (typeof edges)[number]) => `${node.id}/${node.owner}`,
            );
            const expected = edges.slice(index + 1, index + 1 + first);
            expect(nodes).toEqual(expected.map(({ node }) => `${node.id}/${node.owner}`));
            expect(next.data.notes.pageInfo.hasNextPage).toBe(index + 1 + first < edges.length);
          },
        ),
        { numRuns: 10 },
      );
    });
  });
});

/** As Cosmos DB orders: missing, null, booleans, numbers, strings. */
function compareNotes(
  left: Record<string, unknown> | undefined,
  right: Record<string, unknown> | undefined,
  orderBy: readonly Record<string, "ASC" | "DESC">[],
): number {
  const rank = (value: unknown) =>
    value === undefined
      ? 0
      : value === null
        ? 1
        : typeof value === "boolean"
          ? 2
          : typeof value === "number"
            ? 3
            : 4;
  for (const key of orderBy) {
    const [name, direction] = Object.entries(key)[0] ?? ["id", "ASC"];
    const a = left?.[name];
    const b = right?.[name];
    const order = rank(a) - rank(b) || (a === b ? 0 : (a as number) < (b as number) ? -1 : 1);
    if (order !== 0) {
      return direction === "ASC" ? order : -order;
    }
  }
  return 0;
}

describe("while others write", () => {
  let api: ApiUnderTest;
  beforeAll(async () => {
    api = await startApiUnderTest({
      model: MODEL,
      containers: [{ id: "notes", partitionKey: { paths: ["/owner"] }, items: [] }],
    });
  });
  afterAll(() => api.stop());

  test("items that were there throughout come once, though the cursor's own item is deleted", async () => {
    const caller = api.as("writer", { container: "notes", partitionKey: ["ann"] });
    const create = (id: string) =>
      caller(`mutation ($id: ID!) { createNote(input: { id: $id, owner: "ann" }) { id } }`, { id });
    for (const id of ["b", "d", "f", "h", "j"]) {
      await create(id);
    }
    const first = await caller(LIST, { first: 2 });
    const cursor = first.data.notes.pageInfo.endCursor;
    await caller(`mutation { deleteNote(id: "d") }`);
    await create("a");
    await create("e");
    const second = await caller(LIST, { first: 10, after: cursor });
    expect(second.data.notes.edges.map((edge: { node: { id: string } }) => edge.node.id)).toEqual([
      "e",
      "f",
      "h",
      "j",
    ]);
  });
});

describe("the arguments of a page", () => {
  let api: ApiUnderTest;
  beforeAll(async () => {
    api = await startApiUnderTest({
      model: MODEL,
      pageSize: { default: 4, max: 10 },
      containers: [{ id: "notes", partitionKey: { paths: ["/owner"] }, items: NOTES }],
    });
  });
  afterAll(() => api.stop());
  const ann = { container: "notes", partitionKey: ["ann"] } as const;

  test("without `first` the page has the default size", async () => {
    const { data } = await api.as("ann", ann)(`{ notes { nodes { id } } }`);
    expect(data.notes.nodes).toHaveLength(4);
  });

  test.each([-1, 11, 2_000_000])("`first: %i` is BAD_USER_INPUT", async (first) => {
    expect((await api.as("ann", ann)(LIST, { first })).codes).toEqual(["BAD_USER_INPUT"]);
  });

  test("`first: 0` gives an empty page that says whether there is more", async () => {
    const { data } = await api.as("ann", ann)(LIST, { first: 0 });
    expect(data.notes).toEqual({
      edges: [],
      pageInfo: { hasNextPage: true, hasPreviousPage: false, startCursor: null, endCursor: null },
      totalCount: 20,
    });
  });

  test("an altered cursor, another operation's, other arguments' or another caller's is BAD_USER_INPUT", async () => {
    const caller = api.as("ann", ann);
    const { data } = await caller(LIST, { first: 2 });
    const cursor: string = data.notes.pageInfo.endCursor;
    const other = api.as("ann2", ann);
    const answers = await Promise.all([
      caller(LIST, { first: 2, after: `A${cursor.slice(1)}` }),
      caller(LIST, { first: 2, after: "nonsense" }),
      caller(LIST, { first: 2, after: "" }),
      caller(LIST, { first: 2, after: cursor, owner: "ann" }),
      caller(LIST, { first: 2, after: cursor, orderBy: [{ rank: "ASC" }] }),
      caller(
        `query ($after: String) { notes(after: $after, filter: { rank: { eq: 1 } }) { nodes { id } } }`,
        { after: cursor },
      ),
      other(LIST, { first: 2, after: cursor }),
    ]);
    expect(answers.map(({ codes }) => codes)).toEqual(answers.map(() => ["BAD_USER_INPUT"]));
    const good = await caller(LIST, { first: 3, after: cursor });
    expect(good.errors).toEqual([]);
  });

  test.each([[[{ rank: "ASC", title: "ASC" }]], [[{}]], [[{ rank: null }]]])(
    "an element of `orderBy` names exactly one field: %j is BAD_USER_INPUT",
    async (orderBy) => {
      expect((await api.as("ann", ann)(LIST, { orderBy })).codes).toEqual(["BAD_USER_INPUT"]);
    },
  );
});
