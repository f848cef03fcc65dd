import { GatewayError } from "../../gateway-error.ts";
import type { OperationArguments } from "../classes/resolver-class.ts";

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

/**
 * What a null inside a filter is answered, other than that of `eq` and `ne`. If it counted as left
 * out, a variable that is null by mistake would make a filter find, or a patch change, more.
 *
 * @param instead what to write, as a sentence or two.
 */
export function nullInFilter(name: string, instead: string): GatewayError {
  return new GatewayError("BAD_USER_INPUT", `\`${name}\` can't be null. ${instead}`);
}
