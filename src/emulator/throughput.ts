import { CosmosError } from "./cosmos-error.ts";
import type { CosmosRequest } from "./cosmos-request.ts";

/** Request units per second that a create asks for, if it does. Throws 400 for a number the service refuses. */
export function requestedThroughput(request: CosmosRequest): { readonly throughput?: number } {
  const manual = request.headers["x-ms-offer-throughput"];
  if (manual !== undefined && manual !== "") {
    return { throughput: requireThroughput(Number(manual), manual) };
  }
  const autoscale = request.headers["x-ms-cosmos-offer-autopilot-settings"];
  if (autoscale === undefined || autoscale === "") {
    return {};
  }
  return { throughput: requireThroughput(autoscaleMaximum(autoscale), autoscale) };
}

function autoscaleMaximum(header: string): number {
  try {
    const settings = JSON.parse(header) as { readonly maxThroughput?: unknown } | null;
    return Number(settings?.maxThroughput);
  } catch {
    return Number.NaN;
  }
}

function requireThroughput(throughput: number, header: string): number {
  // the service's least is 400, in steps of 100
  if (!Number.isInteger(throughput) || throughput < 400 || throughput % 100 !== 0) {
    throw new CosmosError(
      400,
      "BadRequest",
      `The offer throughput '${header.slice(0, 100)}' is invalid: it must be at least 400 and a multiple of 100.`,
    );
  }
  return throughput;
}
