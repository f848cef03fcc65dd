/** What an error thrown by the Cosmos DB client says, in any of its shapes. */
export type CosmosFailure =
  | CosmosAnswer
  /** No answer: `code` is Node's, such as `ECONNREFUSED`. */
  | { readonly kind: "connection"; readonly code: string }
  | { readonly kind: "timeout" }
  | { readonly kind: "aborted" }
  /** Something that is not JSON answered. */
  | { readonly kind: "not-cosmos-db" }
  | { readonly kind: "unknown" };

/** An answer with an error status. */
export interface CosmosAnswer {
  readonly kind: "answer";
  readonly status: number;
  /** `x-ms-substatus`; 0 if there is none. */
  readonly substatus: number;
  /** The service's own text. For the log, never for a client of the gateway. */
  readonly message: string;
  readonly retryAfterMs: number | undefined;
}

/** The fields of the several error shapes of `@azure/cosmos` and `@azure/core-rest-pipeline`. */
interface ErrorFields {
  readonly name?: unknown;
  readonly code?: unknown;
  readonly substatus?: unknown;
  readonly message?: unknown;
  readonly retryAfterInMs?: unknown;
  readonly cause?: unknown;
}

export function readCosmosFailure(error: unknown): CosmosFailure {
  if (typeof error !== "object" || error === null) {
    return { kind: "unknown" };
  }
  const fields: ErrorFields = error;
  if (typeof fields.code === "number") {
    return {
      kind: "answer",
      status: fields.code,
      substatus: typeof fields.substatus === "number" ? fields.substatus : 0,
      message: firstLine(fields.message),
      retryAfterMs: typeof fields.retryAfterInMs === "number" ? fields.retryAfterInMs : undefined,
    };
  }
  if (fields.name === "AbortError") {
    return { kind: "aborted" };
  }
  if (fields.code === "TimeoutError") {
    return { kind: "timeout" };
  }
  if (fields.name === "RestError" && typeof fields.code === "string") {
    return { kind: "connection", code: fields.code };
  }
  if (error instanceof SyntaxError) {
    return { kind: "not-cosmos-db" };
  }
  // A batch wraps its error in one without a code.
  return fields.cause === undefined ? { kind: "unknown" } : readCosmosFailure(fields.cause);
}

/** The failure in one line, for a log. */
export function describeCosmosFailure(failure: CosmosFailure): string {
  switch (failure.kind) {
    case "answer":
      return `Cosmos DB answered ${failure.status}/${failure.substatus}: ${failure.message}`;
    case "connection":
      return `no answer (${failure.code})`;
    case "timeout":
      return "no answer in time";
    case "aborted":
      return "given up before an answer";
    case "not-cosmos-db":
      return "the answer is not JSON: is this a Cosmos DB endpoint?";
    case "unknown":
      return "an unexpected error";
  }
}

function firstLine(message: unknown): string {
  return typeof message === "string" ? (message.split(/[\r\n]/, 1)[0] ?? "") : "";
}
