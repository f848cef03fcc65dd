/** Input of an order that no sample order is like. */
export const newOrder = {
  tenantId: "contoso",
  status: "OPEN" as const,
  total: 12.5,
  lines: [{ sku: "lamp-clip", quantity: 1, price: 12.5 }],
  customerId: "contoso-customer-1",
  createdAt: "2026-02-03T04:05:06Z",
};
