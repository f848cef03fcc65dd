import type { PartitionKey } from "../../cosmos/partition-key.ts";

/** Where an operation runs. */
export type PartitionChoice =
  /** In one partition, or, with fewer values than levels, in all below that prefix. */
  | { readonly kind: "one"; readonly partitionKey: PartitionKey }
  /** In several partitions one by one. Full keys, at least two, all different. */
  | { readonly kind: "several"; readonly partitionKeys: readonly PartitionKey[] }
  /** Across the container. */
  | { readonly kind: "container" };
