import { afterAll, beforeAll, expect, test } from "vitest";
import { SAMPLE_DATABASE } from "../../src/dev/sample-data.ts";
import type { SeedDatabase } from "../../src/emulator/start-emulator.ts";
import { errorCodes, type GatewayUnderTest, startGatewayUnderTest } from "./gateway-under-test.ts";

const MB = 1024 * 1024;

/** Ten orders of nearly 1 MB each: three pages of Cosmos DB, and 10 MB in memory. */
const database: SeedDatabase = {
  ...SAMPLE_DATABASE,
  containers: SAMPLE_DATABASE.containers.map((container) =>
    container.id !== "orders"
      ? container
      : {
          ...container,
          items: Array.from({ length: 10 }, (_, index) => ({
            id: `large-${index}`,
            type: "order",
            tenantId: "contoso",
            status: "OPEN",
            total: index,
            lines: [{ sku: "x".repeat(900_000), quantity: 1, price: 1 }],
            customerId: "nobody",
            createdAt: "2026-01-01T00:00:00Z",
          })),
        },
  ),
};

let gateway: GatewayUnderTest;
beforeAll(async () => {
  gateway = await startGatewayUnderTest({
    database,
    configure: (yaml) => `${yaml}\nlimits: { requestTimeoutMs: 60000, answerBytes: ${24 * MB} }\n`,
  });
});
afterAll(() => gateway.stop());

const LIST = "{ orders { nodes { id lines { sku } } } }";

test("large answers that come at once wait for each other's memory, and all are given or OVERLOADED", async () => {
  const callers = await Promise.all(
    ["a", "b", "c", "d"].map((sub) => gateway.as({ sub, tid: "contoso", roles: ["member"] })),
  );
  await Promise.all(callers.map((caller) => caller.post("{ viewer { cosmosUser } }")));
  await gateway.addFault({ match: { path: "/docs$" }, times: 10_000, delayMs: 100 });
  const answers = await Promise.all(
    Array.from({ length: 12 }, (_, index) => callers[index % 4]?.post(LIST)),
  );
  await gateway.clearFaults();
  const served = answers.filter((answer) => answer !== undefined && answer.errors.length === 0);
  expect(served.length).toBeGreaterThanOrEqual(4);
  for (const answer of answers) {
    if (answer === undefined || answer.errors.length === 0) {
      continue;
    }
    expect(errorCodes(answer)).toEqual(["OVERLOADED"]);
    expect(answer.status).toBe(503);
    expect(answer.headers.get("retry-after")).toBe("1");
  }
  // All memory is free again.
  for (const caller of callers) {
    expect(errorCodes(await caller.post(LIST))).toEqual([]);
  }
});
