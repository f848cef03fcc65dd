import { createHttpHeaders, type PipelineResponse } from "@azure/core-rest-pipeline";
import { RETRY_AFTER_HEADER } from "./header-names.ts";

/**
 * A batch in which one operation was throttled (429), or met a passing conflict (449), did nothing,
 * but is answered 207. As a 429 or 449 it is waited out and repeated like any request. The SDKs for
 * .NET and Java do the same.
 */
export function promoteThrottling(response: PipelineResponse): PipelineResponse {
  if (response.status !== 207) {
    return response;
  }
  const throttled = readBatchAnswers(response.bodyAsText).find(
    ({ statusCode }) => statusCode === 429 || statusCode === 449,
  );
  if (throttled === undefined) {
    return response;
  }
  const { statusCode: status, retryAfterMilliseconds } = throttled;
  const headers = createHttpHeaders(response.headers.toJSON());
  if (retryAfterMilliseconds !== undefined) {
    headers.set(RETRY_AFTER_HEADER, String(retryAfterMilliseconds));
  }
  const message = "Cosmos DB throttled an operation of the batch.";
  return {
    ...response,
    status,
    headers,
    bodyAsText: JSON.stringify({ code: String(status), message }),
  };
}

interface BatchAnswer {
  readonly statusCode: number;
  readonly retryAfterMilliseconds?: number;
}

function readBatchAnswers(text: string | null | undefined): readonly BatchAnswer[] {
  try {
    const answers: unknown = JSON.parse(text ?? "");
    // It is only compared with numbers, so any other type does no harm.
    return Array.isArray(answers) ? (answers as readonly BatchAnswer[]) : [];
  } catch {
    return [];
  }
}
