import type { Json } from "../../json.ts";
import { queryError } from "../query-error.ts";
import type { CountExpression } from "../syntax/ast.ts";
import { parameterValue } from "./static-value.ts";

/** Largest count that the service takes. */
const maxCount = 2_147_483_647;

/** The number of TOP, OFFSET or LIMIT. Throws 400 unless it is an integer from 0 to 2³¹ - 1. */
export function countValue(count: CountExpression, parameters: ReadonlyMap<string, Json>): number {
  const value = count.kind === "literal" ? count.value : parameterValue(count, parameters);
  if (typeof value !== "number" || !Number.isInteger(value) || value < 0) {
    const message =
      "The count value provided for a TOP, OFFSET or LIMIT clause must be an integer.";
    throw queryError("SC2060", message, count.span);
  }
  if (value > maxCount) {
    throw queryError("SC2061", "The count value exceeds the maximum allowed value.", count.span);
  }
  return value;
}
