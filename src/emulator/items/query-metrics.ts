import type { JsonObject } from "../json.ts";
import type { ItemSource } from "../sql/item-source.ts";

/** What a query's page took, as it is measured here. */
export interface QueryMeasures {
  readonly totalMs: number;
  readonly compileMs: number;
  readonly retrievedItems: number;
  readonly retrievedBytes: number;
  readonly outputRows: number;
  readonly outputBytes: number;
}

/**
 * The text of `x-ms-documentdb-query-metrics`, with the service's fields in its order. Clients take
 * a semicolon at the end for damage. Items are loaded while the query runs, so times that can't be
 * told apart are 0. Source of the fields: "Query performance metrics", and a
 * recorded answer in azure-cosmos-dotnet-v3.
 */
export function queryMetricsText(measures: QueryMeasures): string {
  const { totalMs, compileMs, retrievedItems, retrievedBytes, outputRows, outputBytes } = measures;
  const usedShare = retrievedItems === 0 ? 0 : Math.min(1, outputRows / retrievedItems);
  return [
    ["totalExecutionTimeInMs", totalMs.toFixed(2)],
    ["queryCompileTimeInMs", compileMs.toFixed(2)],
    ["queryLogicalPlanBuildTimeInMs", "0.00"],
    ["queryPhysicalPlanBuildTimeInMs", "0.00"],
    ["queryOptimizationTimeInMs", "0.00"],
    ["VMExecutionTimeInMs", Math.max(0, totalMs - compileMs).toFixed(2)],
    ["indexLookupTimeInMs", "0.00"],
    ["documentLoadTimeInMs", "0.00"],
    ["systemFunctionExecuteTimeInMs", "0.00"],
    ["userFunctionExecuteTimeInMs", "0.00"],
    ["retrievedDocumentCount", retrievedItems],
    ["retrievedDocumentSize", retrievedBytes],
    ["outputDocumentCount", outputRows],
    ["outputDocumentSize", outputBytes],
    ["writeOutputTimeInMs", "0.00"],
    ["indexUtilizationRatio", usedShare.toFixed(2)],
  ]
    .map(([name, value]) => `${name}=${value}`)
    .join(";");
}

/** A source that notes how large the items are that are taken from it. */
export interface MeasuredSource extends ItemSource {
  /**
   * Bytes of the first items that were taken, as JSON. What was taken after them was only looked
   * at.
   */
  bytesOfFirst(items: number): number;
  /** Forgets what was taken. */
  reset(): void;
}

export function measureSource(source: ItemSource): MeasuredSource {
  const sizes: number[] = [];
  const measured = function* (items: Iterable<JsonObject>): Iterable<JsonObject> {
    for (const item of items) {
      sizes.push(Buffer.byteLength(JSON.stringify(item)));
      yield item;
    }
  };
  return {
    scan: (afterRid) => measured(source.scan(afterRid)),
    range: (path, bounds, direction, after) => {
      const items = source.range?.(path, bounds, direction, after);
      return items === undefined ? undefined : measured(items);
    },
    bytesOfFirst: (items) => sizes.slice(0, items).reduce((sum, size) => sum + size, 0),
    reset: () => {
      sizes.length = 0;
    },
  };
}
