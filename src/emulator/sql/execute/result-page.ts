import type { Json } from "../../json.ts";
import type { Continuation } from "./continuation.ts";

/** One page of results. */
export interface ResultPage {
  readonly rows: readonly Json[];
  /** Absent: there are no more. */
  readonly continuation?: Continuation;
  readonly itemsRead: number;
}
