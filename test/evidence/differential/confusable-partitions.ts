import type { Content, KeyLevel, PartitionKey } from "../oracle/stored-items.ts";

export interface ContainerPlan {
  readonly id: string;
  /** Names of the properties that make the key. */
  readonly levels: readonly string[];
  readonly keys: readonly PartitionKey[];
}

/** A property that an item lacks, as headers write it. */
const MISSING = {};

/** One text for several of these is a hole. */
const TENANTS: readonly KeyLevel[] = [
  "contoso",
  "Contoso",
  "contoso ",
  1,
  "1",
  "01",
  true,
  "true",
  false,
  "false",
  0,
  "0",
  null,
  "null",
  MISSING,
  "undefined",
  "{}",
  "",
];

/** Levels that come to the same when they are joined. */
const PAIRS: readonly PartitionKey[] = [
  ["a", "bc"],
  ["ab", "c"],
  ["abc", ""],
  ["", "abc"],
  ["a", "b"],
  ["a", 1],
  ["a", "1"],
  [1, "a"],
  ["a", null],
  ["a", MISSING],
  ['a","b', "c"],
  ["a", 'b","c'],
];

const ONE_LEVEL = ["tenantId"];
const TENANT_KEYS = TENANTS.map((tenant) => [tenant]);

export const CONTAINERS: readonly ContainerPlan[] = [
  { id: "orders", levels: ONE_LEVEL, keys: TENANT_KEYS },
  { id: "customers", levels: ONE_LEVEL, keys: TENANT_KEYS },
  { id: "documents", levels: ["tenantId", "userId"], keys: PAIRS },
];

/** In each partition; other partitions have items of the same ids. */
const ITEMS = 8;

/** In one partition: from 1,000 on the emulator reads ordered queries from an index. */
const MANY_ITEMS = 1100;

export const STATUSES = ["open", "paid", "sent"];

export function isLarge(container: string, [tenant]: PartitionKey): boolean {
  return container === "orders" && tenant === "contoso";
}

export interface SeededItem {
  readonly key: PartitionKey;
  readonly content: Content;
}

/** The first items of a container, those of its partitions mixed. */
export function seededItems({ id, levels, keys }: ContainerPlan): readonly SeededItem[] {
  return Array.from({ length: MANY_ITEMS }, (_, at) => at + 1).flatMap((number) =>
    keys
      .filter((key) => number <= (isLarge(id, key) ? MANY_ITEMS : ITEMS))
      .map((key) => ({
        key,
        content: contentOf(levels, key, String(number), {
          rank: rankOf(number * keys.length + keys.indexOf(key)),
          mark: `${id} ${JSON.stringify(key)} ${number}`,
        }),
      })),
  );
}

/** Whole numbers that occur once, without the order of their places. */
export function rankOf(place: number): number {
  // Both are primes.
  return (place * 7919) % 1_000_003;
}

export function contentOf(
  levels: readonly string[],
  key: PartitionKey,
  id: string,
  { rank, mark }: { readonly rank: number; readonly mark: string },
): Content {
  const properties = levels.flatMap((level, at) => {
    const value = key[at];
    return typeof value === "object" && value !== null ? [] : [[level, value] as const];
  });
  const status = STATUSES[rank % STATUSES.length] ?? "open";
  return { id, ...Object.fromEntries(properties), rank, status, mark };
}
