import type { Json } from "../../json.ts";
import type { QueryBody } from "../body/query-body.ts";
import { valueKey } from "../values/value-key.ts";
import type { Continuation } from "./continuation.ts";

/**
 * What became of a row: used or skipped, no room for it on the page, or the last one that LIMIT
 * allows.
 */
export type RowOutcome = "next" | "full" | "done";

/** The rows of one page as they come in: DISTINCT, OFFSET, the size of the page, and LIMIT. */
export interface PageProgress {
  readonly rows: readonly Json[];
  /** Whether DISTINCT lets the row through; asked once for each row, of earlier pages too. */
  isNew(result: Json): boolean;
  use(result: Json): RowOutcome;
  isFull(): boolean;
  /** What OFFSET and LIMIT still have to skip and to give; `limit` is Infinity without one. */
  left(): { readonly offset: number; readonly limit: number };
  /** The same for a continuation token. */
  rest(): Pick<Continuation, "offset" | "limit">;
}

export function createPageProgress(
  body: QueryBody,
  maxItemCount: number,
  continuation: Continuation | undefined,
): PageProgress {
  const rows: Json[] = [];
  const seen = new Set<string>();
  let offset = continuation?.offset ?? body.offset;
  let limit = continuation?.limit ?? body.limit;

  return {
    rows,
    isNew: (result) => {
      if (!body.distinct) {
        return true;
      }
      const key = valueKey(result);
      const known = seen.has(key);
      seen.add(key);
      return !known;
    },
    use: (result) => {
      if (offset > 0) {
        offset -= 1;
        return "next";
      }
      if (rows.length >= maxItemCount) {
        return "full";
      }
      rows.push(result);
      limit -= 1;
      return limit > 0 ? "next" : "done";
    },
    isFull: () => rows.length >= maxItemCount,
    left: () => ({ offset, limit }),
    rest: () => ({ offset, ...(Number.isFinite(limit) && { limit }) }),
  };
}
