import { GatewayError } from "../../gateway-error.ts";
import type { RequestContext } from "../request-context.ts";

/**
 * How many references one caller's request may follow, there and back. An item of 2 MB holds more
 * than 100,000; and a thousand items that refer to one, followed from it to them and back three
 * times, are a thousand million. A writer of such items could end the process for all others.
 */
const MAX_REFERENCES = 20_000;

const followed = new WeakMap<RequestContext, number>();

/** @throws GatewayError QUERY_TOO_EXPENSIVE if the request has followed too many with these. */
export function admitReferences(context: RequestContext, count: number): void {
  const sum = (followed.get(context) ?? 0) + count;
  followed.set(context, sum);
  if (sum > MAX_REFERENCES) {
    throw new GatewayError(
      "QUERY_TOO_EXPENSIVE",
      `An operation follows ${MAX_REFERENCES} references at most. Ask for fewer items at once.`,
    );
  }
}
