import type { Json } from "../../json.ts";
import { pathRanges } from "../compile/access-plan.ts";
import type { Query } from "../syntax/ast.ts";

/** Effective partition keys, as upper-case hexadecimal text; "" is the lowest, "FF" lies above the highest. */
export interface QueryPlanRange {
  readonly min: string;
  readonly max: string;
  readonly isMinInclusive: boolean;
  readonly isMaxInclusive: boolean;
}

export interface PartitionKeyOptions {
  /** The container's partition-key paths, such as `["/tenantId"]`. Default: every plan covers all partitions. */
  readonly partitionKeyPaths?: readonly string[];
  /** Hashes one value a path, as the container does. Default: every plan covers all partitions. */
  readonly effectivePartitionKey?: (values: readonly Json[]) => string;
}

/** The partitions to ask: one if WHERE fixes the whole partition key, one for a query without FROM, else all. */
export function planRanges(
  query: Query,
  parameters: ReadonlyMap<string, Json>,
  options: PartitionKeyOptions,
): readonly QueryPlanRange[] {
  if (query.from.length === 0) {
    return [point("")];
  }
  const values = partitionKeyValues(query, parameters, options.partitionKeyPaths ?? []);
  return values && options.effectivePartitionKey
    ? [point(options.effectivePartitionKey(values))]
    : [{ min: "", max: "FF", isMinInclusive: true, isMaxInclusive: false }];
}

function point(key: string): QueryPlanRange {
  return { min: key, max: key, isMinInclusive: true, isMaxInclusive: true };
}

function partitionKeyValues(
  query: Query,
  parameters: ReadonlyMap<string, Json>,
  paths: readonly string[],
): readonly Json[] | undefined {
  const [source] = query.from;
  const isContainer = source?.collection.kind === "path" && source.collection.path.length === 0;
  if (!isContainer || source.iterates || paths.length === 0) {
    return undefined;
  }
  const ranges = pathRanges(query.where, (name) => name === source.alias, parameters);
  const values: Json[] = [];
  for (const path of paths) {
    const found = ranges.find((range) => `/${range.path.join("/")}` === path);
    if (found?.equalTo === undefined || typeof found.equalTo === "object") {
      return undefined; // null too: an item without the property is another partition than one with null
    }
    values.push(found.equalTo);
  }
  return values;
}
