import type { PipelineRequest } from "@azure/core-rest-pipeline";
import type { MetadataCache } from "../cosmos/metadata-cache.ts";
import { describeCosmosFailure, readCosmosFailure } from "../cosmos/read-cosmos-failure.ts";
import { GatewayError } from "../gateway-error.ts";
import { timedOut, unavailable } from "./translate-cosmos-error.ts";
import { isReadOnly } from "./wire-request.ts";

/**
 * What a request that got no answer is thrown as: an abort as it is if the caller left, `TIMEOUT`
 * if the answer took too long, or else what broke, as `UPSTREAM_UNAVAILABLE`.
 */
export function explainWireFailure(
  error: unknown,
  request: PipelineRequest,
  { metadata, signal }: { readonly metadata: MetadataCache; readonly signal: AbortSignal },
): unknown {
  const isWrite = !isReadOnly(request);
  if (isAbort(error)) {
    return signal.aborted ? error : timedOut("cosmos.endpoint: no answer in time", isWrite);
  }
  return connectionFailed(error, metadata, isWrite);
}

/** Whether a failure is the last word: a decision of the gateway, or an abort. */
export function isFinalFailure(error: unknown): boolean {
  return error instanceof GatewayError || isAbort(error);
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === "AbortError";
}

/** Thrown in place of the SDK's own kind, which it would repeat 120 times, writes included. */
function connectionFailed(error: unknown, metadata: MetadataCache, isWrite: boolean): GatewayError {
  if (error instanceof GatewayError) {
    return error;
  }
  // The account may have moved to another region.
  metadata.forgetAccount();
  return unavailable(
    `cosmos.endpoint: ${describeCosmosFailure(readCosmosFailure(error))}`,
    isWrite && !neverArrived(error),
  );
}

/** True if no connection came about, so that nothing can have been done. */
function neverArrived(error: unknown): boolean {
  const failure = readCosmosFailure(error);
  return (
    failure.kind === "connection" &&
    ["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH"].includes(failure.code)
  );
}
