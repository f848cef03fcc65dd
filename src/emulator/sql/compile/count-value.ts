import type { Json } from "../../json.ts";
import { queryError } from "../query-error.ts";
import type { CountExpression } from "../syntax/ast.ts";
import { parameterValue } from "./static-value.ts";

/**
 * Largest count that the service takes: a signed 32-bit integer (azure-cosmos-dotnet-v3, query plan
 * baselines).
 */
export const MAX_COUNT = 2_147_483_647;

const TOO_LARGE_CODES = { LIMIT: "SC2061", OFFSET: "SC2062" } as const;

/**
 * The number of a TOP, OFFSET or LIMIT clause.
 *
 * @throws CosmosError 400 unless it is an integer from 0 to 2³¹ - 1.
 */
export function countValue(
  count: CountExpression,
  clause: "TOP" | keyof typeof TOO_LARGE_CODES,
  parameters: ReadonlyMap<string, Json>,
): number {
  const value = count.kind === "literal" ? count.value : parameterValue(count, parameters);
  const fits = Number.isInteger(value) && Number(value) >= 0;
  if (typeof value !== "number" || !fits || (clause === "TOP" && value > MAX_COUNT)) {
    const message = `The count value provided for a ${clause} clause must be an integer.`;
    throw queryError("SC2060", message, count.span);
  }
  if (clause !== "TOP" && value > MAX_COUNT) {
    const message = `The ${clause} count value exceeds the maximum allowed value.`;
    throw queryError(TOO_LARGE_CODES[clause], message, count.span);
  }
  return value;
}
