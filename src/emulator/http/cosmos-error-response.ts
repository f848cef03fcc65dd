import { CosmosError } from "../cosmos-error.ts";
import type { CosmosResponse } from "./cosmos-request.ts";

/**
 * The service's answer to an error: `{"code", "message"}`, the message ending with the activity id.
 */
export function cosmosErrorResponse(error: unknown, activityId: string): CosmosResponse {
  const known = error instanceof CosmosError ? error : unexpected(error);
  return {
    status: known.status,
    headers: {
      "x-ms-request-charge": "0",
      "x-ms-substatus": String(known.substatus),
      ...known.headers,
    },
    body: {
      code: known.code,
      message: `${known.message}\r\nActivityId: ${activityId}, Microsoft.Azure.Documents.Common/2.14.0`,
      ...(known.additionalErrorInfo === undefined
        ? {}
        : { additionalErrorInfo: known.additionalErrorInfo }),
    },
  };
}

/**
 * A fault of the emulator itself: the answer says no more than that. The rest goes to
 * standard error.
 */
function unexpected(error: unknown): CosmosError {
  process.stderr.write(
    `emulator: unexpected error: ${error instanceof Error ? error.stack : String(error)}\n`,
  );
  return new CosmosError(500, "InternalServerError", "Unknown server error occurred.");
}
