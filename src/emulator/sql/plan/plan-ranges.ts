import type { Json } from "../../json.ts";
import { pathNames } from "../compile/path-names.ts";
import type { Query } from "../syntax/ast.ts";
import { type KeyComponent, type KeyPattern, keyPatterns } from "./partition-key-filter.ts";

/**
 * Effective partition keys, as upper-case hexadecimal text; "" is the lowest, "FF" lies above the
 * highest.
 */
export interface QueryPlanRange {
  readonly min: string;
  readonly max: string;
  readonly isMinInclusive: boolean;
  readonly isMaxInclusive: boolean;
}

export interface PartitionKeyOptions {
  /**
   * The container's partition-key paths, such as `["/tenantId"]`. Default: every plan covers all
   * partitions.
   */
  readonly partitionKeyPaths?: readonly string[];
  /**
   * Hashes one value a path, as the container does. For fewer values than paths: what the hashes of
   * all their keys begin with. Default: every plan covers all partitions.
   */
  effectivePartitionKey?(values: readonly KeyComponent[]): string;
}

const EVERYTHING: QueryPlanRange = {
  min: "",
  max: "FF",
  isMinInclusive: true,
  isMaxInclusive: false,
};

/**
 * The partitions to ask, from the lowest to the highest, none twice: those with keys for which
 * WHERE can be true, and never too few. A query without FROM, or with a filter that is never true,
 * asks one of them, so that there is an answer.
 */
export function planRanges(
  query: Query,
  parameters: ReadonlyMap<string, Json>,
  options: PartitionKeyOptions,
): readonly QueryPlanRange[] {
  const [source] = query.from;
  if (source === undefined) {
    return [point("")];
  }
  const { partitionKeyPaths = [] } = options;
  const isContainer =
    source.collection.kind === "path" && source.collection.path.length === 0 && !source.iterates;
  if (!isContainer || source.alias === undefined || partitionKeyPaths.length === 0) {
    return [EVERYTHING];
  }
  const { alias } = source;
  const levels = partitionKeyPaths.map(pathNames);
  const patterns = keyPatterns(query.where, { alias, levels, parameters });
  return patterns.length === 0
    ? [point("")]
    : withoutOverlap(patterns.flatMap((pattern) => rangesOf(pattern, levels.length, options)));
}

function point(key: string): QueryPlanRange {
  return { min: key, max: key, isMinInclusive: true, isMaxInclusive: true };
}

/** One point for a whole key, all that begins with it for its first levels. */
function rangesOf(
  pattern: KeyPattern,
  levelCount: number,
  { effectivePartitionKey }: PartitionKeyOptions,
): readonly QueryPlanRange[] {
  const values: KeyComponent[] = [];
  while (pattern.has(values.length)) {
    values.push(pattern.get(values.length));
  }
  if (values.length === 0 || effectivePartitionKey === undefined) {
    return [EVERYTHING];
  }
  return withBothZeros(values).map((key) => {
    const min = effectivePartitionKey(key);
    return key.length === levelCount
      ? point(min)
      : { min, max: `${min}FF`, isMinInclusive: true, isMaxInclusive: false };
  });
}

/** To a filter 0 and -0 are one number; their hashes differ. */
function withBothZeros(values: readonly KeyComponent[]): readonly (readonly KeyComponent[])[] {
  return values.reduce<readonly (readonly KeyComponent[])[]>(
    (keys, value) =>
      (value === 0 ? [0, -0] : [value]).flatMap((one) => keys.map((key) => [...key, one])),
    [[]],
  );
}

/**
 * In order, without those that lie within another: two ranges here are apart, or one lies within
 * the other.
 */
function withoutOverlap(ranges: readonly QueryPlanRange[]): readonly QueryPlanRange[] {
  const sorted = ranges.toSorted(
    (left, right) => compare(left.min, right.min) || compare(right.max, left.max),
  );
  const kept: QueryPlanRange[] = [];
  for (const range of sorted) {
    const before = kept.at(-1);
    if (before === undefined || range.max > before.max) {
      kept.push(range);
    }
  }
  return kept;
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
