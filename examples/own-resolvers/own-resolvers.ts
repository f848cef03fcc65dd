import { createHash } from "node:crypto";
import {
  type ApiExtension,
  type AuthenticatedCaller,
  type Caller,
  GatewayError,
  type Item,
  type ItemOperations,
  type RequestContext,
} from "cosmos-graphql-gateway";
import { Ctx, FieldResolver, Float, Int, Mutation, Resolver, Root } from "type-graphql";

/** What the sample shop's API gets beside what it has from its models. */
const ownResolvers: ApiExtension = ({ classOf, fromItem }) => {
  const Order = classOf("Order");
  const Cart = classOf("Cart");

  @Resolver(() => Order)
  class OrderFields {
    @FieldResolver(() => Int, { description: "How many pieces are in the order." })
    pieces(@Root() order: { readonly lines: readonly CartLine[] }): number {
      return order.lines.reduce((sum, { quantity }) => sum + quantity, 0);
    }
  }

  @Resolver(() => Cart)
  class CartFields {
    @FieldResolver(() => Float, {
      description: "What the cart costs today, in euros. Products that are gone don't count.",
      complexity: 1,
    })
    async total(
      @Root() cart: { readonly lines: readonly CartLine[] },
      @Ctx() { items }: RequestContext,
    ): Promise<number> {
      const prices = await readPrices(items, cart.lines);
      return totalOf(cart.lines.map((line) => ({ ...line, price: prices.get(line.sku) ?? 0 })));
    }
  }

  @Resolver()
  class Checkout {
    @Mutation(() => Order, {
      description: "Orders what is in the caller's cart, for the caller's tenant, and empties it.",
      complexity: 4,
    })
    async checkOut(@Ctx() { caller, items }: RequestContext): Promise<object> {
      const { subject, claims } = signedIn(caller);
      const cart = await items.read("carts", "cart", [subject]);
      const lines = await pricedLines(items, cart);
      const { id, _etag: version, ...rest } = cart as Item; // it has lines, so it is there
      const order = await items.create(
        "orders",
        {
          // One order for one version of the cart: who clicks twice gets CONFLICT.
          id: createHash("sha256").update(version).digest("hex").slice(0, 32),
          type: "order",
          tenantId: claims.tid,
          status: "OPEN",
          total: totalOf(lines),
          lines,
          customerId: subject,
          createdAt: new Date().toISOString(),
        },
        [String(claims.tid)],
      );
      await items.replace("carts", id, { ...rest, id, lines: [] }, [subject], { ifMatch: version });
      return fromItem("Order", order);
    }
  }

  return [OrderFields, CartFields, Checkout];
};

export default ownResolvers;

interface CartLine {
  readonly sku: string;
  readonly quantity: number;
}

interface PricedLine extends CartLine {
  readonly price: number;
}

/** A `GatewayError` reaches the client with its code; any other error as INTERNAL_SERVER_ERROR. */
function signedIn(caller: Caller): AuthenticatedCaller {
  if (caller.kind !== "authenticated") {
    throw new GatewayError("UNAUTHENTICATED", "Sign in to order.");
  }
  return caller;
}

async function pricedLines(
  items: ItemOperations,
  cart: Item | undefined,
): Promise<readonly PricedLine[]> {
  const lines = (cart?.lines ?? []) as readonly CartLine[];
  if (lines.length === 0) {
    throw new GatewayError("BAD_USER_INPUT", "Your cart is empty.");
  }
  const prices = await readPrices(items, lines);
  return lines.map((line) => {
    const price = prices.get(line.sku);
    if (price === undefined) {
      throw new GatewayError("BAD_USER_INPUT", `"${line.sku}" is no longer sold.`);
    }
    return { ...line, price };
  });
}

/** Values go into a query as parameters, never as text. */
async function readPrices(
  items: ItemOperations,
  lines: readonly CartLine[],
): Promise<ReadonlyMap<string, number>> {
  const products = await items.query<{ readonly id: string; readonly price: number }>(
    "products",
    {
      query: "SELECT c.id, c.price FROM c WHERE ARRAY_CONTAINS(@skus, c.id)",
      parameters: [{ name: "@skus", value: lines.map(({ sku }) => sku) }],
    },
    undefined, // in all partitions: everyone may read the whole catalogue
    { limit: 1000 },
  );
  return new Map(products.map(({ id, price }) => [id, price]));
}

function totalOf(lines: readonly PricedLine[]): number {
  return lines.reduce((sum, { quantity, price }) => sum + quantity * price, 0);
}
