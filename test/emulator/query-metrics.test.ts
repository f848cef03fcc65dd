import type { Container } from "@azure/cosmos";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createAll } from "./conformance/run-query.ts";
import { type RawAnswer, startTestAccount, type TestAccount } from "./test-account.ts";

/** The service's fields, in its order. */
const FIELDS = [
  "totalExecutionTimeInMs",
  "queryCompileTimeInMs",
  "queryLogicalPlanBuildTimeInMs",
  "queryPhysicalPlanBuildTimeInMs",
  "queryOptimizationTimeInMs",
  "VMExecutionTimeInMs",
  "indexLookupTimeInMs",
  "documentLoadTimeInMs",
  "systemFunctionExecuteTimeInMs",
  "userFunctionExecuteTimeInMs",
  "retrievedDocumentCount",
  "retrievedDocumentSize",
  "outputDocumentCount",
  "outputDocumentSize",
  "writeOutputTimeInMs",
  "indexUtilizationRatio",
];

describe.each([1, 4])("query metrics on %i physical partitions", (partitions) => {
  let account: TestAccount;
  let container: Container;

  beforeAll(async () => {
    account = await startTestAccount({ partitions });
    container = await account.createContainer();
    await createAll(
      container,
      Array.from({ length: 20 }, (_, n) => ({ id: String(n), pk: n < 10 ? "a" : `p${n}`, n })),
    );
  });
  afterAll(() => account.stop());

  const query = (text: string, headers: Record<string, string> = {}): Promise<RawAnswer> =>
    account.send("POST", `/dbs/db/colls/${container.id}/docs`, {
      headers: {
        "x-ms-documentdb-isquery": "true",
        "content-type": "application/query+json",
        "x-ms-documentdb-partitionkey": '["a"]',
        "x-ms-documentdb-populatequerymetrics": "True",
        ...headers,
      },
      body: { query: text },
    });

  const metricsOf = ({ headers }: RawAnswer): Readonly<Record<string, number>> =>
    Object.fromEntries(
      (headers["x-ms-documentdb-query-metrics"] ?? "").split(";").map((part) => {
        const [name = "", value] = part.split("=");
        return [name, Number(value)];
      }),
    );

  test("are answered when they are asked for, with the service's fields", async () => {
    const answer = await query("SELECT * FROM c");
    const header = answer.headers["x-ms-documentdb-query-metrics"] ?? "";
    expect(header.split(";").map((part) => part.split("=")[0])).toEqual(FIELDS);
    expect(Object.values(metricsOf(answer)).every(Number.isFinite)).toBe(true);
    for (const value of ["False", ""]) {
      const { headers } = await query("SELECT * FROM c", {
        "x-ms-documentdb-populatequerymetrics": value,
      });
      expect(headers["x-ms-documentdb-query-metrics"]).toBeUndefined();
    }
  });

  test.each([
    ["SELECT * FROM c", 10, 10],
    ["SELECT * FROM c WHERE c.n >= 7", 10, 3],
    ["SELECT VALUE COUNT(1) FROM c", 10, 1],
    ["SELECT VALUE c.n FROM c ORDER BY c.n DESC", 10, 10],
    ["SELECT * FROM c WHERE false", 10, 0],
    ["SELECT VALUE 1", 0, 1],
  ])("of %s count %i retrieved and %i given out", async (text, retrieved, output) => {
    const answer = await query(text);
    const metrics = metricsOf(answer);
    expect(metrics).toMatchObject({
      retrievedDocumentCount: retrieved,
      outputDocumentCount: output,
      outputDocumentSize: Buffer.byteLength(JSON.stringify(answer.body.Documents)),
      indexUtilizationRatio: retrieved === 0 ? 0 : output / retrieved,
    });
    expect(metrics.retrievedDocumentSize).toBeGreaterThanOrEqual(retrieved * 100);
  });

  test("of pages add up to the whole", async () => {
    let continuation = "";
    const counts: (number | undefined)[] = [];
    let bytes = 0;
    do {
      const answer = await query("SELECT * FROM c", {
        "x-ms-max-item-count": "3",
        "x-ms-continuation": continuation,
      });
      const metrics = metricsOf(answer);
      counts.push(metrics.retrievedDocumentCount);
      bytes += metrics.retrievedDocumentSize ?? 0;
      continuation = answer.headers["x-ms-continuation"] ?? "";
    } while (continuation !== "");
    expect(counts).toEqual([3, 3, 3, 1]);
    expect(bytes).toBe(metricsOf(await query("SELECT * FROM c")).retrievedDocumentSize);
  });

  test("reach the caller of the JavaScript SDK, summed up over the ranges", async () => {
    const { queryMetrics, resources } = await container.items
      .query("SELECT * FROM c WHERE c.n >= 5", {
        populateQueryMetrics: true,
        forceQueryPlan: true,
        maxItemCount: 100,
      })
      .fetchNext();
    expect(resources).toHaveLength(15);
    // its type says text, and it is one metric a range
    const ranges = Object.values(
      queryMetrics as unknown as Record<
        string,
        { readonly retrievedDocumentCount: number; readonly outputDocumentCount: number }
      >,
    );
    const sum = (field: "retrievedDocumentCount" | "outputDocumentCount") =>
      ranges.reduce((total, metrics) => total + metrics[field], 0);
    expect([sum("retrievedDocumentCount"), sum("outputDocumentCount")]).toEqual([20, 15]);
  });
});
