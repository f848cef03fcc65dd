import { setTimeout as sleep } from "node:timers/promises";
import type { HttpClient, PipelineRequest, PipelineResponse } from "@azure/core-rest-pipeline";
import { RETRY_AFTER_HEADER } from "./header-names.ts";

/** How long a request waits in all, in milliseconds. An answer that asks for more is passed on. */
const MAX_WAIT_MS = 5_000;

/** The first wait where the answer names none, in milliseconds. It doubles each time. */
const FIRST_WAIT_MS = 20;

/**
 * The least wait, in milliseconds, grows by five with each repeat up to fifty: an answer that keeps
 * naming a millisecond must not make thousands of requests of one. About a hundred is the most.
 */
const LEAST_WAIT_STEP_MS = 5;
const MAX_LEAST_WAIT_MS = 50;

/**
 * Waits out 429 (throttled) and 449 (retry with), as long as Cosmos DB asks and five seconds at
 * most. Both say that nothing was done, so that any request may be repeated. The SDK's own retry
 * knows no 449, and sleeps as long as the answer says.
 *
 * `statuses` says which of them. Where many requests share a budget, 429 is handled for all of them
 * together.
 */
export function createPatientHttpClient(
  httpClient: HttpClient,
  statuses: readonly number[] = [429, 449],
): HttpClient {
  return {
    async sendRequest(request) {
      let waitedMs = 0;
      let unaskedWaitMs = FIRST_WAIT_MS;
      for (let repeats = 0; ; repeats += 1) {
        const response = await httpClient.sendRequest(request);
        if (!statuses.includes(response.status)) {
          return response;
        }
        const askedMs = retryAfterMs(response);
        const waitMs = Math.max(
          askedMs ?? unaskedWaitMs,
          Math.min(repeats * LEAST_WAIT_STEP_MS, MAX_LEAST_WAIT_MS),
        );
        if (askedMs === undefined) {
          unaskedWaitMs *= 2;
        }
        if (waitedMs + waitMs > MAX_WAIT_MS) {
          return response;
        }
        waitedMs += waitMs;
        await sleepUnlessAborted(waitMs, request);
      }
    },
  };
}

function retryAfterMs(response: PipelineResponse): number | undefined {
  const value = Number(response.headers.get(RETRY_AFTER_HEADER));
  return Number.isFinite(value) && value >= 0 ? value : undefined;
}

/** An abort ends the wait; the next send then throws the abort in the way the SDK expects. */
async function sleepUnlessAborted(waitMs: number, request: PipelineRequest): Promise<void> {
  const aborted = new AbortController();
  const abort = () => aborted.abort();
  request.abortSignal?.addEventListener("abort", abort);
  if (request.abortSignal?.aborted) {
    abort();
  }
  try {
    await sleep(waitMs, undefined, { signal: aborted.signal });
  } catch {
    // Aborted.
  } finally {
    request.abortSignal?.removeEventListener("abort", abort);
  }
}
