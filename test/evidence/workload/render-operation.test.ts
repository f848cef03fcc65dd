import { type GraphQLSchema, parse, validate } from "graphql";
import { beforeAll, expect, test } from "vitest";
import { buildApiSchema } from "../../../src/graphql/build-schema.ts";
import { loadModel } from "../../../src/model/load-model.ts";
import type { Operation } from "../../model/terms.ts";
import { createRandom } from "../random.ts";
import { createWorld } from "../world/create-world.ts";
import { nextOperation } from "./next-operation.ts";
import { renderOperation, STALE_ETAG } from "./render-operation.ts";

const world = createWorld(createRandom(11), { tenants: 4, itemsPerPartition: 4 });
let schema: GraphQLSchema;

beforeAll(() => {
  schema = buildApiSchema(loadModel([{ path: "world.model.graphql", text: world.modelSdl }]), {
    pageSize: { default: 50, max: 1000 },
    cursorKey: Buffer.alloc(32),
    genericApi: true,
  });
});

function operations(seed: number, count: number): readonly Operation[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, () =>
    nextOperation(world, random.pick(world.callers), world.store, random),
  );
}

test("every rendered operation is valid in the API of the world's model", () => {
  const random = createRandom(5);
  const faults = operations(21, 1500).flatMap((operation) => {
    const { query } = renderOperation(operation, { random });
    return validate(schema, parse(query)).map(({ message }) => `${message} in ${query}`);
  });
  expect(faults).toEqual([]);
});

test("the same seed writes the same, and without a stream there are variables alone", () => {
  const [operation] = operations(22, 1);
  const write = (seed: number) =>
    operation && renderOperation(operation, { random: createRandom(seed) });
  expect(write(7)).toEqual(write(7));

  const list: Operation = {
    do: "list",
    type: "Order",
    partitionKey: ["contoso"],
    filter: { field: "status", is: "in", value: ["PAID"] },
    orderBy: { field: "total", descending: true },
    pageSize: 3,
  };
  expect(renderOperation(list, { after: "cursor" })).toMatchObject({
    query: expect.stringContaining(
      "query Evidence($filter: OrderFilter, $orderBy: [OrderOrderBy!], $first: Int, $tenantId: String, $after: String)",
    ),
    variables: {
      filter: { status: { in: ["PAID"] } },
      orderBy: [{ total: "DESC" }],
      first: 3,
      tenantId: "contoso",
      after: "cursor",
    },
    alias: "orders",
  });
});

test("values, aliases, fragments, edges and @include all occur", () => {
  const random = createRandom(6);
  const texts = operations(23, 400).map((one) => renderOperation(one, { random }).query);
  for (const pattern of [/answer: /, /\.\.\.All/, /\.\.\. on /, /@include/, /edges \{/, /: "/]) {
    expect(texts.some((text) => pattern.test(text))).toBe(true);
  }
});

test("ifMatch is the item's etag, or one that nothing has", () => {
  const write: Operation = { do: "delete", type: "Order", id: "o1", ifMatch: "current" };
  const etags = () => '"the-etag"';
  expect(renderOperation(write, { etags }).variables).toEqual({ id: "o1", ifMatch: '"the-etag"' });
  expect(renderOperation(write).variables).toEqual({ id: "o1", ifMatch: STALE_ETAG });
});
