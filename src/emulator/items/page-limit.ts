import type { Json } from "../json.ts";

/**
 * Longest page of items or rows. Source: "Maximum response size per page: 4 MB", service limits.
 */
export const MAX_PAGE_BYTES = 4 * 1024 * 1024;

/** How many of the rows fit a page by their length as JSON: all, or fewer, but never none. */
export function rowsThatFit(rows: readonly Json[]): number {
  let bytes = 0;
  for (const [index, row] of rows.entries()) {
    bytes += Buffer.byteLength(JSON.stringify(row));
    if (bytes > MAX_PAGE_BYTES) {
      return Math.max(1, index);
    }
  }
  return rows.length;
}
