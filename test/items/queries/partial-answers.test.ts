import {
  createHttpHeaders,
  type HttpClient,
  type PipelineRequest,
  type PipelineResponse,
} from "@azure/core-rest-pipeline";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { systemClock } from "../../../src/clock.ts";
import { createCosmosTransport } from "../../../src/cosmos/cosmos-transport.ts";
import { createMetadataCache } from "../../../src/cosmos/metadata-cache.ts";
import type { ItemOperations } from "../../../src/items/item-operations.ts";
import { aggregateItems } from "../../../src/items/queries/aggregate-items.ts";
import { countItems } from "../../../src/items/queries/count-items.ts";
import { groupItems } from "../../../src/items/queries/group-items.ts";
import { createScopedItems } from "../../../src/items/scoped-items.ts";
import { ALWAYS } from "../../../src/items/sql/condition.ts";
import type { PartitionChoice } from "../../../src/items/sql/partition-choice.ts";
import {
  accessOf,
  type EmulatedShop,
  startEmulatedShop,
  wants,
} from "../../tokens/emulated-shop.ts";

const ITEMS = Array.from({ length: 40 }, (_, index) => ({
  id: String(index),
  p: index % 2 === 0 ? "even" : "odd",
  kind: `k${index % 5}`,
  n: index,
}));

/**
 * Cosmos DB ends a page when it has worked for a while, with or without rows. The emulator never
 * has to, so this gives each of its answers to a query in three pages, the second one empty.
 */
function inThreePages(httpClient: HttpClient): HttpClient {
  const pending = new Map<string, PipelineResponse>();
  const pageOf = (answer: PipelineResponse, rows: readonly unknown[], continuation?: string) => {
    const headers = createHttpHeaders(answer.headers.toJSON());
    headers.delete("x-ms-continuation");
    if (continuation !== undefined) {
      headers.set("x-ms-continuation", continuation);
    }
    const bodyAsText = JSON.stringify({ _rid: "", Documents: rows, _count: rows.length });
    return { ...answer, headers, bodyAsText };
  };
  const rowsOf = ({ bodyAsText }: PipelineResponse): readonly unknown[] =>
    JSON.parse(bodyAsText ?? "").Documents;
  const isQuery = ({ headers }: PipelineRequest) =>
    headers.has("x-ms-documentdb-isquery") && !headers.has("x-ms-cosmos-is-query-plan-request");
  return {
    sendRequest: async (request) => {
      const [, page, id = ""] =
        /^(second|third) (.*)$/.exec(request.headers.get("x-ms-continuation") ?? "") ?? [];
      const held = pending.get(id);
      if (held !== undefined) {
        const rows = rowsOf(held);
        return page === "second"
          ? pageOf(held, [], `third ${id}`)
          : pageOf(held, rows.slice(Math.ceil(rows.length / 2)));
      }
      const answer = await httpClient.sendRequest(request);
      if (!isQuery(request) || answer.status !== 200) {
        return answer;
      }
      const name = String(pending.size);
      pending.set(name, answer);
      const rows = rowsOf(answer);
      return pageOf(answer, rows.slice(0, Math.ceil(rows.length / 2)), `second ${name}`);
    },
  };
}

describe.each([1, 4])("answers in parts, from %i physical partitions", (partitions) => {
  let shop: EmulatedShop;
  let transport: ReturnType<typeof createCosmosTransport>;
  let items: ItemOperations;
  beforeAll(async () => {
    shop = await startEmulatedShop({
      partitions,
      containers: [{ id: "numbers", partitionKey: { paths: ["/p"] }, items: ITEMS }],
    });
    transport = createCosmosTransport();
    const { grantCache } = shop.startProcess();
    const openItems = createScopedItems({
      endpoint: shop.emulator.endpoint,
      database: "shop",
      httpClient: inThreePages(transport.httpClient),
      metadata: createMetadataCache(systemClock),
      clock: systemClock,
      renew: grantCache.renew,
    });
    const access = accessOf("all", wants("numbers", "Read"));
    items = openItems(access, await grantCache.grantsFor(access), {
      signal: AbortSignal.timeout(3000),
    });
  });
  afterAll(async () => {
    transport.close();
    await shop.stop();
  });

  const CHOICES: readonly PartitionChoice[] = [
    { kind: "one", partitionKey: ["even"] },
    { kind: "several", partitionKeys: [["even"], ["odd"]] },
    { kind: "container" },
  ];
  const itemsOf = ({ kind }: PartitionChoice) =>
    ITEMS.filter(({ p }) => kind !== "one" || p === "even");
  const sumOf = (some: readonly { readonly n: number }[]) =>
    some.reduce((sum, { n }) => sum + n, 0);

  test.each(CHOICES)("make right groups: $kind", async (choice) => {
    const groups = await groupItems(items, {
      container: "numbers",
      partitions: choice,
      condition: ALWAYS,
      by: [{ path: ["kind"], type: "string" }],
      aggregates: [{ operator: "SUM", path: ["n"], type: "IS_NUMBER" }],
      maxGroups: 10,
    });
    const expected = ["k0", "k1", "k2", "k3", "k4"].map((kind) => {
      const own = itemsOf(choice).filter((item) => item.kind === kind);
      return { key: [kind], count: own.length, values: [sumOf(own)] };
    });
    expect(groups).toEqual(expected);
  });

  test.each(CHOICES)("are counted right: $kind", async (choice) => {
    expect(await countItems(items, "numbers", choice, ALWAYS)).toBe(itemsOf(choice).length);
  });

  test("end with an error where the SDK would go round for ever", async () => {
    const query = { query: "SELECT c.kind, COUNT(1) AS n FROM c GROUP BY c.kind", parameters: [] };
    const limit = { limit: Number.MAX_SAFE_INTEGER };
    const outcome = items.query<object>("numbers", query, undefined, limit);
    if (partitions === 1) {
      // One physical partition answers for itself: there is nothing for the SDK to put together.
      expect(await outcome).toHaveLength(5);
    } else {
      await expect(outcome).rejects.toMatchObject({ code: "UPSTREAM_UNAVAILABLE" });
    }
  });

  test.each(CHOICES)("make right totals: $kind", async (choice) => {
    const totals = await aggregateItems(items, "numbers", choice, ALWAYS, [
      { operator: "SUM", path: ["n"], type: "IS_NUMBER" },
    ]);
    const own = itemsOf(choice);
    expect(totals).toEqual({ count: own.length, values: [sumOf(own)] });
  });
});
