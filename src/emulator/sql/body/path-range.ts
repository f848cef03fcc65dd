import type { Json } from "../../json.ts";
import type { RangeBounds } from "../item-source.ts";

/** Items that can pass the filter have a value within these bounds at this path. */
export interface PathRange {
  readonly path: readonly string[];
  readonly bounds: RangeBounds;
  /** The only value within the bounds. */
  readonly equalTo?: Json;
  /** The only values, each once, where an IN lists few. */
  readonly oneOf?: readonly Json[];
}
