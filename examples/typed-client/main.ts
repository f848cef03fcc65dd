/**
 * Lists, creates, changes and deletes orders of the sample shop.
 *
 *     node examples/typed-client/main.ts [ORIGIN]     by default http://localhost:4000
 */
import { changeOrder } from "./change-order.ts";
import { developmentToken } from "./development-token.ts";
import { answered, createGatewayClient, type RunOperation } from "./gateway-client.ts";
import {
  CreateOrderDocument,
  DeleteOrderDocument,
  type OrderInput,
  ReplaceOrderDocument,
} from "./generated/operations.ts";
import { OperationError } from "./operation-error.ts";
import { orderPages } from "./order-pages.ts";

const origin = process.argv[2] ?? "http://localhost:4000";
const manager = await signIn("contoso-manager");
const member = await signIn("contoso-member");

say("The member lists the orders of contoso, page by page:");
for await (const orders of orderPages(member, 5)) {
  say(orders.map(({ id, status }) => `  ${id} ${status}`).join(","));
}

const newOrder: OrderInput = {
  tenantId: "contoso",
  status: "OPEN",
  total: 74.9,
  lines: [{ sku: "lamp-arc", quantity: 1, price: 74.9 }],
  customerId: "contoso-customer-1",
  createdAt: new Date().toISOString(),
};
say(
  `The member creates an order: ${await outcomeOf(member(CreateOrderDocument, { input: newOrder }))}`,
);

const { createOrder } = await manager(CreateOrderDocument, { input: newOrder });
const created = answered(createOrder);
say(`The manager creates an order: ${created.status}, ${created.total} euros`);

const paid = await changeOrder(manager, created.id, (order) => ({ ...order, status: "PAID" }));
say(`Then it is paid: ${paid.status}`);

const { _etag: oldVersion, ...content } = created;
const late = manager(ReplaceOrderDocument, {
  id: created.id,
  input: { ...content, total: 60 },
  ifMatch: oldVersion,
});
say(`A discount for the order as it was before: ${await outcomeOf(late)}`);

const cheaper = await changeOrder(manager, created.id, (order) => ({ ...order, total: 60 }));
say(`A discount for the order as it is now: ${cheaper.status}, ${cheaper.total} euros`);

await manager(DeleteOrderDocument, { id: created.id });
say("The manager deletes the order.");

/** A client that speaks for a sample caller. */
async function signIn(caller: string): Promise<RunOperation> {
  const token = await developmentToken(origin, caller);
  return createGatewayClient({ url: `${origin}/graphql`, bearerToken: async () => token });
}

/** What became of an operation: `done`, or the code of its first error. */
async function outcomeOf(operation: Promise<unknown>): Promise<string> {
  try {
    await operation;
    return "done";
  } catch (error) {
    // Anything else is no answer of the gateway: let it end the program.
    if (error instanceof OperationError && error.code !== undefined) {
      return error.code;
    }
    throw error;
  }
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
