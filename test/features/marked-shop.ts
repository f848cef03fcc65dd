import { SAMPLE_CALLERS } from "../../src/dev/sample-callers.ts";
import { SAMPLE_DATABASE } from "../../src/dev/sample-data.ts";
import type { JsonObject } from "../../src/emulator/json.ts";
import type { SeedDatabase } from "../../src/emulator/start-emulator.ts";

export type SampleCallerName = keyof typeof SAMPLE_CALLERS;

/** Whose a mark is: a tenant, or a caller with a cart. */
export const MARKS: ReadonlyMap<string, string> = new Map([
  ["mk4f9s0d2k7h1w8q3z6x5c", "contoso"],
  ["mkp0o9i8u7y6t5r4e3w2q1", "fabrikam"],
  ["mka1s2d3f4g5h6j7k8l9z0", "contoso-manager"],
  ["mkz9x8c7v6b5n4m3q2w1e0", "contoso-member"],
  ["mkl5k4j3h2g1f0d9s8a7p6", "fabrikam-manager"],
  ["mkt6y7u8i9o0p1a2s3d4f5", "fabrikam-member"],
]);

/** Whose marks a sample caller may see. */
export function mayCarry(name: string): ReadonlySet<string> {
  const tenant = SAMPLE_CALLERS[name]?.tid;
  const tenants = name === "auditor" ? ["contoso", "fabrikam"] : [tenant ?? "none"];
  return new Set([...tenants, name]);
}

const MISFIT_CART = {
  id: "misfit",
  ownerId: "contoso-manager",
  lines: [{ sku: { mark: "mka1s2d3f4g5h6j7k8l9z0" } }],
};

/**
 * The sample shop, where each order and cart carries the mark of those who may see it. One cart
 * does not fit the model.
 */
export const MARKED_SHOP: SeedDatabase = {
  ...SAMPLE_DATABASE,
  containers: SAMPLE_DATABASE.containers.map((container) => ({
    ...container,
    items: [
      ...(container.items ?? []).map(withMark),
      ...(container.id === "carts" ? [MISFIT_CART] : []),
    ],
  })),
};

function withMark(item: JsonObject): JsonObject {
  const owner = item.tenantId ?? item.ownerId;
  const mark = [...MARKS].find(([, one]) => one === owner)?.[0];
  if (mark === undefined || !Array.isArray(item.lines)) {
    return item;
  }
  return {
    ...item,
    ...("customerId" in item ? { customerId: `customer ${mark}` } : {}),
    lines: item.lines.map((line: JsonObject) => ({ ...line, sku: `sku ${mark}` })),
  };
}
