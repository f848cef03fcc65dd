import { expect, test } from "vitest";
import type { Access } from "../../model/access.ts";
import { placeOf, type Store, type StoredItem } from "../../model/terms.ts";
import { judgeReferences } from "./judge-references.ts";

const access: Access = {
  profile: "member",
  cosmosUser: "member:contoso:ann",
  permissions: [{ container: "customers", partitionKey: ["contoso"], mode: "Read" }],
};
const own = customer("contoso", "mark of contoso");
const foreign = customer("fabrikam", "mark of fabrikam");
const store: Store = new Map(
  [own, foreign].map((item) => [placeOf("customers", item.partitionKey, "c1"), item]),
);

function customer(tenantId: string, mark: string): StoredItem {
  return {
    container: "customers",
    partitionKey: [tenantId],
    content: { id: "c1", tenantId, mark },
  };
}

/** What is reported of one order that names a customer of a tenant. */
function reportsOf(tenantId: string, shown: StoredItem | null, codes: readonly string[] = []) {
  const reports: string[] = [];
  const order = {
    id: "o1",
    customerId: "c1",
    customerTenantId: tenantId,
    customer: shown?.content ?? null,
  };
  const answer = {
    data: { answer: { nodes: [order] } },
    errors: codes.map((code) => ({ code, message: code, isWritten: false })),
    text: "",
    session: undefined,
  };
  judgeReferences(access, answer, store, (detail) => reports.push(detail));
  return reports;
}

test("the customer that an order names, and none that is forbidden, is as it should be", () => {
  expect(reportsOf("contoso", own)).toEqual([]);
  expect(reportsOf("fabrikam", null, ["FORBIDDEN"])).toEqual([]);
});

test("a missing, another, a forbidden and a silently left out customer are reported", () => {
  expect(reportsOf("contoso", null)).toHaveLength(1);
  expect(reportsOf("contoso", foreign)).toHaveLength(1);
  expect(reportsOf("fabrikam", foreign, ["FORBIDDEN"])).toHaveLength(1);
  expect(reportsOf("fabrikam", null)).toHaveLength(1);
  expect(reportsOf("contoso", own, ["FORBIDDEN"])).toHaveLength(1);
});
