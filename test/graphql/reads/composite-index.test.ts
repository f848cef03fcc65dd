import { afterEach, expect, test } from "vitest";
import { type ApiUnderTest, startApiUnderTest } from "../api-under-test.ts";

const MODEL = `
type Note @container(name: "notes") {
  id: ID!
  owner: String! @partitionKey
  rank: Int
  title: String @name(is: "title of it")
}
`;
const NOTES = ["ann", "bob", "cid"].flatMap((owner) =>
  [3, 1, 2, 1].map((rank, index) => ({
    id: `${owner}-${index}`,
    owner,
    rank,
    "title of it": index % 2 === 0 ? "a" : "b",
  })),
);
const LIST = `{ notes(orderBy: [{ title: DESC }, { rank: ASC }, { id: DESC }]) { nodes { id } } }`;

let api: ApiUnderTest;
afterEach(() => api.stop());

const start = async (partitions: number, indexingPolicy: object = {}) => {
  api = await startApiUnderTest({
    model: MODEL,
    partitions,
    genericApi: true,
    containers: [
      { id: "notes", partitionKey: { paths: ["/owner"] }, indexingPolicy, items: NOTES },
    ],
  });
  return [
    api.as("one", { container: "notes", partitionKey: ["ann"] }),
    api.as(
      "several",
      ...["ann", "bob", "cid"].map((owner) => ({ container: "notes", partitionKey: [owner] })),
    ),
    api.as("all", { container: "notes" }),
  ];
};

test.each([1, 4])(
  "an order by several properties names the composite index that is missing, and works with it (%i)",
  async (partitions) => {
    const callers = await start(partitions);
    const [answer, ...others] = await Promise.all(callers.map((caller) => caller(LIST)));
    expect(answer?.codes).toEqual(["BAD_USER_INPUT"]);
    expect(others.map(({ errors }) => errors)).toEqual(others.map(() => answer?.errors));
    const message = answer?.errors[0]?.message ?? "";
    const policy: object = JSON.parse(message.slice(message.indexOf("{")));
    expect(policy).toEqual({
      compositeIndexes: [
        [
          { path: '/"title of it"', order: "descending" },
          { path: "/rank", order: "ascending" },
        ],
      ],
    });

    await api.stop();
    const indexed = await start(partitions, { includedPaths: [{ path: "/*" }], ...policy });
    const [, several, all] = await Promise.all(indexed.map((caller) => caller(LIST)));
    expect(all?.errors).toEqual([]);
    expect(all?.data.notes.nodes.slice(0, 4)).toEqual([
      { id: "cid-3" },
      { id: "cid-1" },
      { id: "bob-3" },
      { id: "bob-1" },
    ]);
    expect(several).toEqual(all);
  },
);

test("an order by one property and the id takes no index", async () => {
  const [one] = await start(1);
  const answer = await one?.("{ notes(orderBy: [{ rank: ASC }, { id: DESC }]) { nodes { id } } }");
  expect(answer?.errors).toEqual([]);
  expect(answer?.data.notes.nodes.map(({ id }: { readonly id: string }) => id)).toEqual([
    "ann-3",
    "ann-1",
    "ann-2",
    "ann-0",
  ]);
});

test("SQL of the client's own gets the reason without an index", async () => {
  const [one] = await start(1);
  const query = "SELECT * FROM c ORDER BY c.rank, c.owner";
  const answer = await one?.(
    'query ($query: String!) { items(container: "notes", query: $query) { rows } }',
    { query },
  );
  expect(answer?.codes).toEqual(["BAD_USER_INPUT"]);
  expect(answer?.errors[0]?.message).toMatch(/composite index/);
});
