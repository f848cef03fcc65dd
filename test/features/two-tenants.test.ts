import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { itemRequests } from "../emulator-controls.ts";
import { ListOrdersDocument, ReadOrderDocument } from "../generated/operations.ts";
import { type GatewayUnderTest, startGatewayUnderTest } from "./gateway-under-test.ts";

let gateway: GatewayUnderTest;
beforeAll(async () => {
  gateway = await startGatewayUnderTest();
});
afterAll(() => gateway.stop());

const REQUESTS = 10_000;
/** How many are under way at a time. */
const CONCURRENT = 200;

/** Runs all of the work, in its order, with so many pieces of it under way at a time. */
async function runConcurrently<Piece>(
  pieces: readonly Piece[],
  work: (piece: Piece) => Promise<void>,
): Promise<void> {
  const rest = pieces.values();
  const worker = async () => {
    for (const piece of rest) {
      await work(piece);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENT }, worker));
}

test("callers of two tenants who ask for one id at the same moment each see their own, 10,000 times", async () => {
  const callers = {
    contoso: await gateway.as("contoso-member"),
    fabrikam: await gateway.as("fabrikam-member"),
  };
  const tenants = ["contoso", "fabrikam"] as const;
  // In a random order that a failure can be repeated with.
  const [order] = fc.sample(
    fc.array(fc.constantFrom(...tenants), {
      minLength: REQUESTS,
      maxLength: REQUESTS,
      size: "max",
    }),
    { numRuns: 1, seed: 20_261_122 },
  );
  expect(order).toHaveLength(REQUESTS);

  let answered = 0;
  await runConcurrently(order ?? [], async (tenant) => {
    const caller = callers[tenant];
    if (answered % 10 === 0) {
      const { data, errors } = await caller.run(ListOrdersDocument, { first: 3 });
      expect(errors).toEqual([]);
      expect(data?.orders?.nodes.map((order) => order?.tenantId)).toEqual([tenant, tenant, tenant]);
    } else {
      // Both tenants have an order of this id.
      const { data, errors } = await caller.run(ReadOrderDocument, { id: "order-1" });
      expect(errors).toEqual([]);
      expect(data?.order).toMatchObject({ id: "order-1", tenantId: tenant });
    }
    answered += 1;
  });
  expect(answered).toBe(REQUESTS);

  // Each partition was only ever asked for with a token of its own tenant's user.
  const sent = itemRequests(await gateway.requests());
  expect(sent.length).toBeGreaterThanOrEqual(REQUESTS);
  const pairs = new Set(
    sent.map(({ partitionKey, cosmosUser }) => `${JSON.stringify(partitionKey)} ${cosmosUser}`),
  );
  expect([...pairs].sort()).toEqual([
    '["contoso"] member:contoso:contoso-member',
    '["fabrikam"] member:fabrikam:fabrikam-member',
  ]);
}, 120_000);
