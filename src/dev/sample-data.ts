import type { SeedDatabase } from "../emulator/start-emulator.ts";

interface SampleProduct {
  readonly id: string;
  readonly category: string;
  readonly name: string;
  readonly price: number;
  readonly tags: readonly string[];
}

const PRODUCTS: readonly SampleProduct[] = [
  { id: "desk-oak", category: "desks", name: "Oak desk", price: 420, tags: ["wood", "office"] },
  {
    id: "desk-steel",
    category: "desks",
    name: "Steel desk",
    price: 310,
    tags: ["metal", "office"],
  },
  { id: "chair-mesh", category: "chairs", name: "Mesh chair", price: 189.5, tags: ["office"] },
  { id: "chair-ash", category: "chairs", name: "Ash chair", price: 95, tags: ["wood"] },
  { id: "lamp-arc", category: "lamps", name: "Arc lamp", price: 74.9, tags: [] },
  { id: "lamp-clip", category: "lamps", name: "Clip lamp", price: 19.9, tags: ["office"] },
];

const STATUSES = ["OPEN", "PAID", "SHIPPED"] as const;

/**
 * The sample shop: orders of two tenants, a catalogue that all share, a cart for each caller. Both
 * tenants have an order `order-1`, so that a mix-up between them would show.
 */
export const SAMPLE_DATABASE: SeedDatabase = {
  id: "shop",
  containers: [
    {
      id: "orders",
      partitionKey: { paths: ["/tenantId"] },
      // For `orderBy: [{ status: ASC }, { total: DESC }]`, and both the other way round.
      indexingPolicy: {
        includedPaths: [{ path: "/*" }],
        compositeIndexes: [
          [
            { path: "/status", order: "ascending" },
            { path: "/total", order: "descending" },
          ],
        ],
      },
      items: [...sampleOrders("contoso", 12), ...sampleOrders("fabrikam", 7)],
    },
    {
      id: "products",
      partitionKey: { paths: ["/category"] },
      items: PRODUCTS.map((product) => ({ ...product })),
    },
    {
      id: "carts",
      partitionKey: { paths: ["/ownerId"] },
      items: ["contoso-manager", "contoso-member", "fabrikam-manager", "fabrikam-member"].map(
        (ownerId, index) => ({
          id: "cart",
          ownerId,
          lines: [{ sku: productAt(index).id, quantity: index + 1 }],
        }),
      ),
    },
  ],
};

function sampleOrders(tenantId: string, count: number) {
  return Array.from({ length: count }, (_, index) => {
    const lines = [productAt(index), productAt(index + 2)].map((product, line) => ({
      sku: product.id,
      quantity: line + 1,
      price: product.price,
    }));
    return {
      id: `order-${index + 1}`,
      type: "order",
      tenantId,
      status: STATUSES[index % STATUSES.length] ?? "OPEN",
      total: lines.reduce((sum, line) => sum + line.quantity * line.price, 0),
      lines,
      customerId: `${tenantId}-customer-${(index % 4) + 1}`,
      createdAt: new Date(Date.UTC(2026, 0, 1 + index, 9)).toISOString(),
    };
  });
}

function productAt(index: number): SampleProduct {
  const product = PRODUCTS[index % PRODUCTS.length];
  if (product === undefined) {
    throw new Error("The sample catalogue is empty.");
  }
  return product;
}
