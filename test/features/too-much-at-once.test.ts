import { afterAll, beforeAll, expect, test } from "vitest";
import { errorCodes, type GatewayUnderTest, startGatewayUnderTest } from "./gateway-under-test.ts";
import { newOrder } from "./new-order.ts";

let gateway: GatewayUnderTest;

beforeAll(async () => {
  gateway = await startGatewayUnderTest();
});

afterAll(() => gateway.stop());

const LIST = "query ($filter: OrderFilter) { orders(filter: $filter) { nodes { id } } }";

test("a filter of thousands of values is refused before anything is sent", async () => {
  const member = await gateway.as("contoso-member");
  const values = (count: number) => Array.from({ length: count }, (_, index) => `x${index}`);
  const filters = [
    { id: { in: values(5000) } },
    { or: values(2000).map((eq) => ({ id: { eq } })) },
    { and: values(5000).map(() => ({})) },
  ];
  for (const filter of filters) {
    const answer = await member.post(LIST, { filter });
    expect(errorCodes(answer)).toEqual(["QUERY_TOO_EXPENSIVE"]);
    expect(answer.extensions).toMatchObject({ cosmos: { requests: 0 } });
  }
  const answer = await member.post(LIST, { filter: { id: { in: values(4000) } } });
  expect(errorCodes(answer)).toEqual([]);
});

test("what is wrong with variables is told in a short answer and is no fault of the gateway", async () => {
  const member = await gateway.as("contoso-member");
  const filter = Object.fromEntries(
    Array.from({ length: 20_000 }, (_, index) => [`unknown${index}`, 1]),
  );
  const answer = await member.post(LIST, { filter });
  expect(answer.status).toBe((await member.post(LIST, { filter: { unknown: 1 } })).status);
  expect(errorCodes(answer)).toEqual(["BAD_USER_INPUT"]);
  expect(answer.text.length).toBeLessThan(100_000);
  expect(gateway.observations.filter(({ kind }) => kind === "operation-failed")).toEqual([]);
});

test("an answer that repeats a long text a hundred times is refused instead of written", async () => {
  const manager = await gateway.as("contoso-manager");
  const lines = [{ sku: "x".repeat(900_000), quantity: 1, price: 1 }];
  const create = "mutation ($input: OrderInput!) { createOrder(input: $input) { id } }";
  await manager.post(create, { input: { ...newOrder, id: "large", lines } });
  const repeated = (times: number) => {
    const fields = Array.from({ length: times }, (_, index) => `a${index}: sku`).join(" ");
    return `{ order(id: "large") { lines { ${fields} } } }`;
  };
  expect(errorCodes(await manager.post(repeated(2)))).toEqual([]);
  const answer = await manager.post(repeated(100));
  expect(errorCodes(answer)).toEqual(["QUERY_TOO_EXPENSIVE"]);
  expect(answer.data).toBeNull();
});
