import { GatewayError } from "../../gateway-error.ts";

/**
 * What a null inside a filter is answered, other than that of `eq` and `ne`. If it counted as left
 * out, a variable that is null by mistake would make a filter find, or a patch change, more.
 *
 * @param instead what to write, as a sentence or two.
 */
export function nullInFilter(name: string, instead: string): GatewayError {
  return new GatewayError("BAD_USER_INPUT", `\`${name}\` can't be null. ${instead}`);
}
