import type { OperationArguments } from "../classes/resolver-class.ts";
import { nullInFilter } from "./null-in-filter.ts";

/**
 * What a `filter` or `condition` argument says; undefined where it is left out.
 *
 * @throws GatewayError BAD_USER_INPUT for null, which would else be all items.
 */
export function givenFilter(
  filter: unknown,
  argument: "filter" | "condition",
): OperationArguments | undefined {
  if (filter === null) {
    throw nullInFilter(argument, "Leave it out for no condition, or write `{}`.");
  }
  // GraphQL has coerced the argument to the type's filter.
  return filter as OperationArguments | undefined;
}
