import { expect, test } from "vitest";
import { type Outcome, placeOf, type Store, type StoredItem } from "../../model/terms.ts";
import type { AccountReader } from "./account-reader.ts";
import { compareStores, isUncertain, reconcile } from "./reconcile.ts";

const item = (id: string, total: number): StoredItem => ({
  container: "orders",
  partitionKey: ["contoso"],
  content: { id, tenantId: "contoso", total },
});
const storeOf = (...items: readonly StoredItem[]): Store =>
  new Map(items.map((one) => [placeOf(one.container, one.partitionKey, one.content.id), one]));

/** A database that holds exactly this. */
function readerOf(...items: readonly StoredItem[]): AccountReader {
  return {
    readItem: async (_container, _partitionKey, id) => {
      const found = items.find(({ content }) => content.id === id);
      return found === undefined ? undefined : { content: found.content, etag: "e" };
    },
    readAll: async () => items.map(({ content }) => content),
  };
}

const before = storeOf(item("o1", 1), item("o2", 1));
const after = storeOf(item("o1", 2), item("o2", 2));
const outcome: Outcome = { answer: null, store: after };

test("a write that failed is found done or undone", async () => {
  const undone = await reconcile(before, outcome, readerOf(item("o1", 1), item("o2", 1)));
  expect(undone).toEqual({ store: before });
  const done = await reconcile(before, outcome, readerOf(item("o1", 2), item("o2", 2)));
  expect(done).toEqual({ store: after });
});

test("a write that is done by half, or another than was asked for, is a difference", async () => {
  const half = await reconcile(before, outcome, readerOf(item("o1", 2), item("o2", 1)));
  expect(half.difference?.kind).toBe("wrong store");
  const other = await reconcile(before, outcome, readerOf(item("o1", 3), item("o2", 2)));
  expect(other.difference?.kind).toBe("wrong store");
  const deleted = await reconcile(before, outcome, readerOf(item("o2", 2)));
  expect(deleted.difference?.kind).toBe("wrong store");
});

test("only a write that the model does and that wasn't answered is uncertain", () => {
  const observed = { replies: [], errors: [], cursors: [] };
  const write = { do: "delete", type: "Order", id: "o1" } as const;
  expect(isUncertain(write, outcome, observed)).toBe(true);
  expect(isUncertain(write, { refused: ["FORBIDDEN"] }, observed)).toBe(false);
  expect(isUncertain(write, outcome, { ...observed, answer: "o1" })).toBe(false);
  expect(isUncertain({ do: "read", type: "Order", id: "o1" }, outcome, observed)).toBe(false);
});

test("stores are compared item by item: other, additional and missing ones are seen", async () => {
  const containers = [{ id: "orders", partitionKeyFields: ["tenantId"] }];
  const compare = (...items: readonly StoredItem[]) =>
    compareStores(before, containers, readerOf(...items));
  expect(await compare(item("o2", 1), item("o1", 1))).toEqual([]);
  expect(await compare(item("o1", 1), item("o2", 5))).toHaveLength(1);
  expect(await compare(item("o1", 1), item("o2", 1), item("o3", 1))).toHaveLength(1);
  expect(await compare(item("o1", 1))).toHaveLength(1);
});
