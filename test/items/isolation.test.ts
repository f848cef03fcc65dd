import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ItemOperations } from "../../src/items/item-operations.ts";
import { accessOf, type EmulatedShop, startEmulatedShop, wants } from "../tokens/emulated-shop.ts";

let shop: EmulatedShop;

const TENANTS = ["contoso", "fabrikam", "northwind", "tailspin"];

beforeEach(async () => {
  shop = await startEmulatedShop({
    containers: [
      {
        id: "notes",
        partitionKey: { paths: ["/tenantId"] },
        // The same id in every partition, so that only the token keeps them apart.
        items: TENANTS.map((tenantId) => ({ id: "same", tenantId, secret: `of ${tenantId}` })),
      },
    ],
  });
});

afterEach(() => shop.stop());

/** A repeatable order: Park and Miller's generator. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

function tenantOf(access: string): string {
  return access.slice("user of ".length);
}

async function refused(promise: Promise<unknown>): Promise<boolean> {
  return promise.then(
    () => false,
    (error: { readonly code?: unknown }) => error.code === "FORBIDDEN",
  );
}

describe("Cosmos users at the same time", () => {
  test("10,000 interleaved operations in random order never mix tokens or items", async () => {
    const { grantCache, openItems } = shop.startProcess();
    const callers = await Promise.all(
      TENANTS.map(async (tenant) => {
        const access = accessOf(
          `user of ${tenant}`,
          wants("notes", "All", { partitionKey: [tenant] }),
        );
        return openItems(access, await grantCache.grantsFor(access));
      }),
    );
    const random = createRandom(20_261_122);
    const pick = <Value>(values: readonly Value[]): Value =>
      values[Math.floor(random() * values.length)] as Value; // below the length, so there is one
    await shop.forgetRequests();

    const operate = async (items: ItemOperations): Promise<void> => {
      const own = tenantOf(items.cosmosUserId);
      const dice = random();
      if (dice < 0.5) {
        const item = await items.read("notes", "same", [own]);
        expect(item?.secret).toBe(`of ${own}`);
      } else if (dice < 0.7) {
        const query = { query: "SELECT * FROM c", parameters: [] };
        const rows = await items.query("notes", query, [own], { limit: 10 });
        expect(rows.map((row) => row.secret)).toEqual([`of ${own}`]);
      } else if (dice < 0.85) {
        const body = { id: "same", tenantId: own, secret: `of ${own}` };
        expect((await items.upsert("notes", body, [own])).secret).toBe(`of ${own}`);
      } else {
        const other = pick(TENANTS);
        if (other !== own) {
          expect(await refused(items.read("notes", "same", [other]))).toBe(true);
        }
      }
    };

    for (let round = 0; round < 50; round += 1) {
      await Promise.all(Array.from({ length: 200 }, () => operate(pick(callers))));
    }

    const log = (await shop.requests()).filter(({ path }) => path.includes("/docs"));
    expect(log.length).toBeGreaterThan(8_000);
    const strays = log.filter(
      ({ authorization, cosmosUser, partitionKey, status }) =>
        authorization !== "resource" ||
        status >= 400 ||
        JSON.stringify(partitionKey) !== JSON.stringify([tenantOf(cosmosUser ?? "")]),
    );
    expect(strays).toEqual([]);
  });

  test("one process that serves users while their tokens end mixes nothing up", async () => {
    const { grantCache, openItems } = shop.startProcess();
    const accesses = TENANTS.map((tenant) =>
      accessOf(`user of ${tenant}`, wants("notes", "All", { partitionKey: [tenant] })),
    );
    for (let hour = 0; hour < 3; hour += 1) {
      await Promise.all(
        Array.from({ length: 200 }, async (_, index) => {
          const access = accesses[index % accesses.length];
          if (access === undefined) {
            return;
          }
          const items = openItems(access, await grantCache.grantsFor(access));
          const own = tenantOf(access.cosmosUserId);
          expect((await items.read("notes", "same", [own]))?.secret).toBe(`of ${own}`);
        }),
      );
      await shop.advanceSeconds(3600 + 301);
    }
    const feedReads = (await shop.requests()).filter(({ kind }) => kind === "permission-feed");
    expect(feedReads).toHaveLength(TENANTS.length * 3);
  });
});

test("four physical partitions: a container permission reads across all, a partition's reads its own", async () => {
  const items = Array.from({ length: 200 }, (_, index) => ({
    id: `${index}`,
    tenantId: `tenant-${index % 20}`,
    total: (index * 37) % 200,
  }));
  const wide = await startEmulatedShop({
    partitions: 4,
    containers: [{ id: "sales", partitionKey: { paths: ["/tenantId"] }, items }],
  });
  const { grantCache, openItems } = wide.startProcess();
  const auditor = accessOf("auditor", wants("sales", "Read"));
  const member = accessOf("member", wants("sales", "Read", { partitionKey: ["tenant-7"] }));
  const all = openItems(auditor, await grantCache.grantsFor(auditor));
  const own = openItems(member, await grantCache.grantsFor(member));

  const byTotal = { query: "SELECT c.id, c.total FROM c ORDER BY c.total DESC", parameters: [] };
  const top = await all.query<{ total: number }>("sales", byTotal, undefined, { limit: 5 });
  expect(top.map(({ total }) => total)).toEqual([199, 198, 197, 196, 195]);
  const count = { query: "SELECT VALUE COUNT(1) FROM c", parameters: [] };
  expect(await all.query<number>("sales", count, undefined, { limit: 1 })).toEqual([200]);
  await wide.forgetRequests();
  expect(await own.query("sales", byTotal, ["tenant-7"], { limit: 100 })).toHaveLength(10);
  expect((await wide.requests()).map(({ kind }) => kind)).toEqual(["query"]);

  // Another user's query across needs the ranges, which the process has read already.
  const other = accessOf("other", wants("sales", "Read"));
  const others = openItems(other, await grantCache.grantsFor(other));
  await wide.forgetRequests();
  await others.query("sales", byTotal, undefined, { limit: 200 });
  const kinds = new Set((await wide.requests()).map(({ kind }) => kind));
  expect(kinds).toEqual(new Set(["query", "query-plan"]));
  await wide.stop();
});
