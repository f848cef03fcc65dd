import { PrefixQueryError } from "../../items/prefix-query-error.ts";

/**
 * Passes an error of item operations on. Where it says to give a partition key, it names the
 * arguments that take one.
 *
 * @param names as `partitionArgumentList` gives them.
 */
export function namePartitionArguments(names: string): (error: unknown) => never {
  return (error) => {
    throw error instanceof PrefixQueryError ? new PrefixQueryError(error.logReason, names) : error;
  };
}
