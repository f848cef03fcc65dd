import { CosmosError } from "../cosmos-error.ts";
import type { CosmosRequest, CosmosResponse } from "../http/cosmos-request.ts";
import { readJsonObject } from "../http/request-body.ts";
import type { Throttle, ThroughputLimits } from "../throttling/throttle.ts";

const NAMES = ["metadataRequestUnitsPerSecond", "itemRequestUnitsPerSecond"] as const;

/**
 * Sets one limit or both, and returns both. 0 switches a limit off.
 *
 * @throws CosmosError 400 for a body that sets none, names something else, or holds a value that is
 *   no number from 0 up.
 */
export function setThroughputLimits(throttle: Throttle, request: CosmosRequest): CosmosResponse {
  const body = readJsonObject(request);
  const given: Partial<Record<keyof ThroughputLimits, number>> = {};
  for (const [name, value] of Object.entries(body)) {
    const known = NAMES.find((one) => one === name);
    if (known === undefined || typeof value !== "number" || value < 0) {
      throw refuse();
    }
    given[known] = value;
  }
  if (Object.keys(given).length === 0) {
    throw refuse();
  }
  throttle.setLimits(given);
  return { status: 200, body: throttle.limits };
}

function refuse(): CosmosError {
  return new CosmosError(
    400,
    "BadRequest",
    `Throughput: give ${NAMES.join(" or ")} or both, each a number from 0; 0 is no limit.`,
  );
}
