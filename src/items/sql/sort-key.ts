import type { PropertyPath } from "./property-path.ts";

/** One property that rows are ordered by. */
export interface SortKey {
  readonly path: PropertyPath;
  readonly direction: "ASC" | "DESC";
}
