import { isObject } from "../values/value-types.ts";
import { type Builtin, builtin } from "./builtin.ts";

/** Functions that fit no other family. */
export const CONDITIONAL_FUNCTIONS: Readonly<Record<string, Builtin>> = {
  /** The number of an item within its physical partition: the last 8 bytes of its `_rid`. */
  DOCUMENTID: builtin(1, 1, (item) =>
    isObject(item) && typeof item._rid === "string" ? documentId(item._rid) : undefined,
  ),
  IIF: builtin(3, 3, (condition, whenTrue, otherwise) =>
    condition === true ? whenTrue : otherwise,
  ),
};

function documentId(rid: string): number | undefined {
  const bytes = Buffer.from(rid.replaceAll("-", "/"), "base64");
  return bytes.length === 16 ? Number(bytes.readBigUInt64LE(8)) : undefined;
}
