import { CosmosError } from "../cosmos-error.ts";
import type { CosmosRequest } from "../http/cosmos-request.ts";
import { isJsonObject } from "../http/request-body.ts";
import type { JsonObject } from "../json.ts";
import { MAX_PARTITIONS } from "../store/physical-partition.ts";
import type { AutoscaleSettings, ProvisionedThroughput } from "../store/store-change.ts";

/**
 * What a create asks for, if it does: a fixed throughput, or autoscale up to one.
 *
 * @throws CosmosError 400 for what the service refuses.
 */
export function requestedThroughput({ headers }: CosmosRequest): ProvisionedThroughput {
  const manual = headers["x-ms-offer-throughput"] ?? "";
  const autoscale = headers["x-ms-cosmos-offer-autopilot-settings"] ?? "";
  if (manual !== "" && autoscale !== "") {
    throw refuse("A fixed throughput and autoscale can't be asked for together.");
  }
  if (manual !== "") {
    return { throughput: requireThroughput(Number(manual), manual, 400, 100) };
  }
  return autoscale === "" ? {} : { autoscaleSettings: readAutoscale(autoscale) };
}

function readAutoscale(header: string): AutoscaleSettings {
  const settings = parseObject(header);
  const maxThroughput = requireThroughput(Number(settings.maxThroughput), header, 1000, 1000);
  const { autoUpgradePolicy } = settings;
  return { maxThroughput, ...(isJsonObject(autoUpgradePolicy) ? { autoUpgradePolicy } : {}) };
}

function parseObject(header: string): JsonObject {
  try {
    const value = JSON.parse(header);
    return isJsonObject(value) ? value : {};
  } catch {
    return {};
  }
}

/** Source of the least and the steps: "Minimum RU/s" and "Autoscale", service limits. */
function requireThroughput(
  throughput: number,
  header: string,
  least: number,
  step: number,
): number {
  if (!Number.isInteger(throughput) || throughput < least || throughput % step !== 0) {
    throw refuse(
      `The offer throughput '${header.slice(0, 100)}' is invalid: it must be at least ${least} and a multiple of ${step}.`,
    );
  }
  return throughput;
}

/**
 * A physical partition serves so many request units a second. Source: "Physical partitions",
 * partitioning overview.
 */
const THROUGHPUT_PER_PARTITION = 10_000;

/**
 * Physical partitions of a new container: as many as the emulator was told, or more where its
 * throughput needs them.
 */
export function partitionsFor(
  fewest: number,
  { throughput = 0, autoscaleSettings }: ProvisionedThroughput,
): number {
  const most = autoscaleSettings?.maxThroughput ?? throughput;
  return Math.min(MAX_PARTITIONS, Math.max(fewest, Math.ceil(most / THROUGHPUT_PER_PARTITION)));
}

function refuse(message: string): CosmosError {
  return new CosmosError(400, "BadRequest", message);
}
