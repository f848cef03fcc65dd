import type { SortKey } from "./sort-key.ts";

/** SQL with its values apart. Values never become SQL text. */
export interface SqlQuery {
  readonly query: string;
  readonly parameters: readonly { readonly name: `@${string}`; readonly value: unknown }[];
  /** By what a generated query orders: for what to say where no index serves it. */
  readonly orderBy?: readonly SortKey[];
}
