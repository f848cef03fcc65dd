import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ApiUnderTest, startApiUnderTest } from "../api-under-test.ts";

const MODEL = `
type Order @container(name: "orders", discriminator: { field: "type", value: "order" }) {
  id: ID!
  owner: String! @partitionKey
  total: Int
}
type Note @container(name: "notes") { id: ID!  owner: String! @partitionKey  total: Int }
`;

let api: ApiUnderTest;
beforeAll(async () => {
  api = await startApiUnderTest({
    model: MODEL,
    genericApi: true,
    containers: ["orders", "notes"].map((id) => ({
      id,
      partitionKey: { paths: ["/owner"] },
      items: [],
    })),
  });
});
afterAll(() => api.stop());

const ann = () =>
  api.as(
    "ann",
    ...["orders", "notes"].map((container) => ({ container, partitionKey: ["ann"] as const })),
  );

/** The three ways to upsert one item with a condition. */
const WAYS = {
  alone: (type: string) =>
    `mutation ($input: ${type}Input!, $ifMatch: String) {
      upserted: upsert${type}(input: $input, ifMatch: $ifMatch) { total _etag }
    }`,
  "in a transaction": (type: string) =>
    `mutation ($input: ${type}Input!, $ifMatch: String) {
      upserted: transact${type}s(operations: [
        { create: { input: { id: "beside", owner: "ann" } } }
        { upsert: { input: $input, ifMatch: $ifMatch } }
        { delete: { id: "beside" } }
      ]) { total _etag }
    }`,
  generic: (type: string) =>
    `mutation ($input: JSON!, $ifMatch: String) {
      upserted: upsertItem(container: "${type.toLowerCase()}s", item: $input, partitionKey: "ann", ifMatch: $ifMatch)
    }`,
} as const;

const CASES = ["Order", "Note"].flatMap((type) =>
  (["alone", "in a transaction", "generic"] as const).map((way) => [type, way] as const),
);

describe.each(CASES)("an upsert of %s with `ifMatch`, %s,", (type, way) => {
  const ids = `${type}-${way}`.replaceAll(" ", "-");
  const input = (more: object) => ({
    owner: "ann",
    ...(way === "generic" && type === "Order" && { type: "order" }),
    ...more,
  });
  const upsert = (of: object, ifMatch?: string) =>
    ann()(WAYS[way](type), { input: input(of), ifMatch });
  const create = async (id: string): Promise<string> => {
    const { data } = await ann()(
      `mutation ($id: ID!) { create${type}(input: { id: $id, owner: "ann", total: 1 }) { _etag } }`,
      { id },
    );
    return data[`create${type}`]._etag;
  };
  const read = async (id: string): Promise<unknown> => {
    const field = type.toLowerCase();
    const { data } = await ann()(`query ($id: ID!) { item: ${field}(id: $id) { total } }`, { id });
    return data.item;
  };

  test("replaces the version that it names, and no other", async () => {
    const id = `${ids}-replaced`;
    const etag = await create(id);
    const { data, errors } = await upsert({ id, total: 2 }, etag);
    expect(errors).toEqual([]);
    expect([data.upserted].flat()).toContainEqual(expect.objectContaining({ total: 2 }));
    const again = await upsert({ id, total: 3 }, etag);
    expect(again.codes).toEqual(["PRECONDITION_FAILED"]);
    expect(await read(id)).toEqual({ total: 2 });
  });

  test("does not bring back a deleted item", async () => {
    const id = `${ids}-deleted`;
    const etag = await create(id);
    await ann()(`mutation ($id: ID!) { delete${type}(id: $id) }`, { id });
    for (const ifMatch of [etag, "*", '"made up"']) {
      expect((await upsert({ id, total: 2 }, ifMatch)).codes).toEqual(["PRECONDITION_FAILED"]);
    }
    expect(await read(id)).toBeNull();
    expect(await read("beside")).toBeNull();
  });

  test("needs the id", async () => {
    const { codes, errors } = await upsert({ total: 2 }, '"any"');
    expect(codes).toEqual(["BAD_USER_INPUT"]);
    expect(errors[0]?.message).toContain("`id`");
    expect((await upsert({ total: 2 })).codes).toEqual([]);
  });

  test("without it creates, as ever", async () => {
    const id = `${ids}-made`;
    expect((await upsert({ id, total: 2 })).codes).toEqual([]);
    expect(await read(id)).toEqual({ total: 2 });
  });
});

test("an upsert with `ifMatch` into another partition than the permission's is refused", async () => {
  const { codes } = await ann()(
    `mutation { upsertNote(input: { id: "x", owner: "bob" }, ifMatch: "*") { id } }`,
  );
  expect(codes).toEqual(["FORBIDDEN"]);
  const generic = await ann()(
    `mutation { upsertItem(container: "notes", item: { id: "x", owner: "bob" }, partitionKey: "ann", ifMatch: "*") }`,
  );
  expect(generic.codes).toEqual(["BAD_USER_INPUT"]);
});

test.each([
  ["alone", "Note"],
  ["generic", "Order"],
  ["generic", "Note"],
] as const)("%s, it is what a permission on the item allows: %s", async (way, type) => {
  const container = `${type.toLowerCase()}s`;
  const id = `${container}-${way}-own`;
  const { data } = await ann()(
    `mutation ($id: ID!) { create${type}(input: { id: $id, owner: "ann" }) { _etag } }`,
    { id },
  );
  const holder = api.as(`${id} alone`, { container, partitionKey: ["ann"], item: id });
  const write = (of: string, ifMatch?: string) =>
    holder(WAYS[way](type), { input: { id: of, owner: "ann", total: 2 }, ifMatch });
  expect((await write("another", "*")).codes).toEqual(["FORBIDDEN"]);
  expect((await write(id)).codes).toEqual(["FORBIDDEN"]);
  expect((await write(id, data[`create${type}`]._etag)).codes).toEqual([]);
});
