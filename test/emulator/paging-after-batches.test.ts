import { ChangeFeedStartFrom, type Container, type OperationInput } from "@azure/cosmos";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { pagesOf } from "./conformance/run-query.ts";
import { startTestAccount, type TestAccount } from "./test-account.ts";

const KEYS = ["p0", "p1", "p2"];

/** One operation of a batch, on an item that may or may not be there. */
interface Step {
  readonly type: "Create" | "Upsert" | "Replace" | "Patch" | "Delete";
  readonly id: string;
}

interface Batch {
  readonly pk: string;
  readonly steps: readonly Step[];
}

const step: fc.Arbitrary<Step> = fc.record({
  type: fc.constantFrom("Create", "Upsert", "Replace", "Patch", "Delete"),
  id: fc.constantFrom("a", "b", "c", "d", "e"),
});

const batches: fc.Arbitrary<readonly Batch[]> = fc.array(
  fc.record({
    pk: fc.constantFrom(...KEYS),
    steps: fc.array(step, { minLength: 1, maxLength: 12 }),
  }),
  { minLength: 1, maxLength: 4 },
);

/** The step as it can be done on what is there: so that batches take effect. */
function possible({ type, id }: Step, isThere: boolean): Step {
  if (isThere) {
    return { type: type === "Create" ? "Patch" : type, id };
  }
  return { type: type === "Upsert" ? "Upsert" : "Create", id };
}

function toOperation({ type, id }: Step, pk: string, n: number): OperationInput {
  switch (type) {
    case "Create":
    case "Upsert":
      return { operationType: type, resourceBody: { id, pk, n } };
    case "Replace":
      return { operationType: type, id, resourceBody: { id, pk, n } };
    case "Patch":
      return {
        operationType: type,
        id,
        resourceBody: { operations: [{ op: "set", path: "/n", value: n }] },
      };
    case "Delete":
      return { operationType: type, id };
  }
}

describe.each([1, 4])("on %i physical partitions", (partitions) => {
  let account: TestAccount;

  beforeAll(async () => {
    account = await startTestAccount({ partitions });
  });
  afterAll(() => account.stop());

  test("an item that a batch patches after creating another keeps its place on every page", async () => {
    const container = await account.createContainer();
    await runBatches(container, [
      {
        pk: "p0",
        steps: [
          { type: "Create", id: "a" },
          { type: "Create", id: "b" },
          { type: "Patch", id: "a" },
        ],
      },
    ]);
    for (const maxItemCount of [1, 2, 3]) {
      const pages = await pagesOf<string>(container, "SELECT VALUE c.id FROM c", {
        partitionKey: "p0",
        maxItemCount,
      });
      expect(pages.flat()).toEqual(["a", "b"]);
    }
  });

  test("after any batches, pages of any size give each item once", async () => {
    await fc.assert(
      fc.asyncProperty(
        batches,
        fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 3 }),
        fc.integer({ min: 1, max: 7 }),
        async (generated, existing, maxItemCount) => {
          const container = await account.createContainer();
          const before = [...new Set(existing)].map((id): Step => ({ type: "Create", id }));
          const first = KEYS.flatMap((pk) => before.map((one) => ({ pk, steps: [one] })));
          const there = await runBatches(container, [...first, ...generated]);
          await expectEachOnce(container, there, maxItemCount);
        },
      ),
      { numRuns: 25 },
    );
  });
});

/** Runs the batches, each with its steps made possible. Returns the items that are there afterwards, as `pk/id`. */
async function runBatches(
  container: Container,
  all: readonly Batch[],
): Promise<ReadonlySet<string>> {
  const there = new Set<string>();
  let n = 0;
  for (const { pk, steps } of all) {
    const operations = steps.map((one) => {
      const name = `${pk}/${one.id}`;
      const doable = possible(one, there.has(name));
      if (doable.type === "Delete") {
        there.delete(name);
      } else {
        there.add(name);
      }
      n += 1;
      return toOperation(doable, pk, n);
    });
    const { code } = await container.items.batch(operations, pk);
    expect(code).toBe(200);
  }
  return there;
}

interface Named {
  readonly id: string;
  readonly pk: string;
}

async function expectEachOnce(
  container: Container,
  there: ReadonlySet<string>,
  maxItemCount: number,
): Promise<void> {
  const expectNames = (items: readonly Named[], pk?: string): void => {
    const wanted = [...there].filter((name) => pk === undefined || name.startsWith(`${pk}/`));
    expect(items.map((item) => `${item.pk}/${item.id}`).sort()).toEqual(wanted.sort());
  };
  for (const pk of [...KEYS, undefined]) {
    const options = pk === undefined ? { maxItemCount } : { maxItemCount, partitionKey: pk };
    for (const query of [
      "SELECT c.id, c.pk FROM c",
      "SELECT c.id, c.pk FROM c WHERE c.n > 0 ORDER BY c.id",
    ]) {
      expectNames((await pagesOf<Named>(container, query, options)).flat(), pk);
    }
    expectNames(await readFeed(container, options), pk);
    expectNames(await changeFeed(container, maxItemCount, pk), pk);
  }
}

async function readFeed(
  container: Container,
  options: { readonly maxItemCount: number; readonly partitionKey?: string },
): Promise<readonly Named[]> {
  const iterator = container.items.readAll<Named>(options);
  const items: Named[] = [];
  while (iterator.hasMoreResults()) {
    items.push(...(await iterator.fetchNext()).resources);
  }
  return items;
}

async function changeFeed(
  container: Container,
  maxItemCount: number,
  pk: string | undefined,
): Promise<readonly Named[]> {
  const iterator = container.items.getChangeFeedIterator<Named>({
    maxItemCount,
    changeFeedStartFrom: ChangeFeedStartFrom.Beginning(pk),
  });
  const ranges = pk === undefined ? (await container.getFeedRanges()).length : 1;
  const items: Named[] = [];
  for (let quietAnswers = 0; quietAnswers < ranges; ) {
    const { result, statusCode } = await iterator.readNext();
    items.push(...result);
    quietAnswers = statusCode === 304 ? quietAnswers + 1 : 0;
  }
  return items;
}
