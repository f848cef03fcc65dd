import type { Access } from "../../model/access.ts";
import { placeOf, type Store, type StoredItem } from "../../model/terms.ts";
import { planOf } from "../world/type-plans.ts";
import { isPermitted } from "./permitted.ts";
import type { Answer } from "./replica.ts";

/** An order as `follow` asks for it. */
interface FollowedOrder {
  readonly id: string;
  readonly customerId: string;
  readonly customerTenantId: string;
  readonly customer: Readonly<Record<string, unknown>> | null;
}

/**
 * Judges the customers that came with orders: each is the one that its order names, or not there
 * where the caller may not see it. Customers that were there at the beginning stay as they were.
 */
export function judgeReferences(
  access: Access,
  { data, errors }: Answer,
  store: Store,
  report: (detail: string) => void,
): void {
  const { nodes = [] } = (data?.answer ?? {}) as { nodes?: readonly FollowedOrder[] }; // As asked
  let isSomeForbidden = false;
  for (const { id, customerId, customerTenantId, customer } of nodes) {
    const stored = store.get(placeOf("customers", [customerTenantId], customerId));
    const isVisible = isPermitted(access, {
      do: "list",
      plan: planOf("Customer"),
      target: customerAt(customerTenantId),
    });
    isSomeForbidden ||= !isVisible;
    const expected = isVisible ? stored?.content : undefined;
    const isSame =
      expected === undefined
        ? customer === null
        : ["id", "tenantId", "mark"].every((field) => customer?.[field] === expected[field]);
    if (!isSame) {
      const place = `customer ${customerId} of ${customerTenantId}`;
      const found = customer === null ? "none" : JSON.stringify(customer.id);
      report(`order ${id} names ${place}${isVisible ? "" : ", who is forbidden"}; found ${found}`);
    }
  }
  if (isSomeForbidden !== errors.some(({ code }) => code === "FORBIDDEN") && nodes.length > 0) {
    report(isSomeForbidden ? "no customer was FORBIDDEN" : "a customer of its own was FORBIDDEN");
  }
}

/** Any customer of a tenant: what is permitted goes by the partition. */
function customerAt(tenantId: string): StoredItem {
  return { container: "customers", partitionKey: [tenantId], content: { id: "any" } };
}
