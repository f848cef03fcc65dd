import { SESSION_HEADER } from "../cosmos/header-names.ts";
import {
  type CosmosAnswer,
  describeCosmosFailure,
  readCosmosFailure,
} from "../cosmos/read-cosmos-failure.ts";
import { readQueryFault } from "../cosmos/read-query-fault.ts";
import { GatewayError } from "../gateway-error.ts";
import type { ItemRequest } from "./item-request.ts";
import { missingCompositeIndex } from "./missing-composite-index.ts";
import { PartitionsMovedError } from "./partitions-moved-error.ts";

/** When a request makes sense again that met a passing fault, in milliseconds. */
const RETRY_AFTER_MS = 1_000;

/**
 * True if Cosmos DB refused a resource token for its time, or as a token: new grants will do.
 *
 * A token past its end (and the service's grace) is answered 403 with substatus 0, as a missing
 * permission is; only the text tells them apart: "The authorization token is not valid at the
 * current time. Please create another token and retry (token start time: …" (source of the text:
 * AuthorizationHelper.cs of azure-cosmos-dotnet-v3).
 * 401 is what a token gets that the account does not know, such as one of an emulator that was
 * started anew.
 */
export function isSpentToken(error: unknown): boolean {
  const failure = readCosmosFailure(error);
  if (failure.kind !== "answer") {
    return false;
  }
  const { status, substatus, message } = failure;
  return (
    status === 401 ||
    (status === 403 && substatus === 0 && message.includes("not valid at the current time"))
  );
}

/**
 * What an error of an item operation is to a client of the gateway. The only place that decides it.
 */
export function translateCosmosError(error: unknown, request: ItemRequest): GatewayError {
  if (error instanceof GatewayError) {
    return error;
  }
  const failure = readCosmosFailure(error);
  const logReason = `${request.kind} in container ${request.container}: ${describeCosmosFailure(failure)}`;
  switch (failure.kind) {
    case "answer":
      return translateAnswer(failure, request, logReason);
    case "timeout":
    case "aborted":
      return timedOut(logReason, isWrite(request));
    case "connection":
    case "not-cosmos-db":
      return unavailable(logReason, isWrite(request));
    case "unknown":
      if (isMixedOrder(error)) {
        return new GatewayError("BAD_USER_INPUT", MIXED_ORDER, { logReason });
      }
      return new GatewayError("INTERNAL_SERVER_ERROR", "Something went wrong.", {
        cause: error,
        logReason,
      });
  }
}

/**
 * Where the SDK puts the rows of a client's own SQL together, and can't. It has no class for it:
 * "Cannot execute cross partition order-by queries on mixed types. …", "Tried to compare an object
 * type" (`orderByDocumentProducerComparator.js` of `@azure/cosmos` 4.10.1).
 */
function isMixedOrder(error: unknown): boolean {
  return (
    error instanceof Error &&
    /order-by queries on mixed types|^Tried to compare an object type/.test(error.message)
  );
}

const MIXED_ORDER =
  "Across partitions, SQL orders no values of different types. Keep to one type, such as `WHERE IS_NUMBER(c.total)`, or query one partition.";

/** The error of an operation that took too long. A write may have been done all the same. */
export function timedOut(logReason: string, isUncertain: boolean): GatewayError {
  const message = "The data store did not answer in time.";
  return new GatewayError("TIMEOUT", isUncertain ? `${message} ${UNCERTAIN}` : message, {
    logReason,
  });
}

/** The error of a request that Cosmos DB did not, or could not, serve. */
export function unavailable(logReason: string, isUncertain: boolean): GatewayError {
  const message = "The data store can't be used at the moment.";
  return new GatewayError(
    "UPSTREAM_UNAVAILABLE",
    isUncertain ? `${message} ${UNCERTAIN}` : message,
    {
      logReason,
      retryAfterMs: RETRY_AFTER_MS,
    },
  );
}

/** What a caller must know of a write without an answer: repeating it is the caller's decision. */
const UNCERTAIN = "The change may have been made.";

export function isWrite({ kind }: ItemRequest): boolean {
  return kind === "create" || kind === "change" || kind === "batch";
}

function translateAnswer(
  answer: CosmosAnswer,
  request: ItemRequest,
  logReason: string,
): GatewayError {
  const { status, substatus } = answer;
  switch (status) {
    case 400:
      return translateBadRequest(answer, request, logReason);
    case 403:
      return translateForbidden(substatus, logReason);
    case 404:
      return translateNotFound(substatus, request, logReason);
    case 408:
      return timedOut(logReason, isWrite(request));
    case 410:
      return request.partitionKeyRangeId === undefined
        ? unavailable(logReason, false)
        : new PartitionsMovedError(logReason);
    case 409:
      return new GatewayError(
        "CONFLICT",
        "An item with this id, or with the same value of a unique key, exists already.",
        { logReason },
      );
    case 412:
      return new GatewayError(
        "PRECONDITION_FAILED",
        request.hasCondition === true
          ? "The item does not fulfil the condition, or has changed since the given version."
          : "The item has changed since the given version.",
        { logReason },
      );
    case 413:
      return new GatewayError(
        "ITEM_TOO_LARGE",
        request.kind === "batch"
          ? "An item, and all that a transaction sends, is 2 MB at most."
          : "An item holds 2 MB at most.",
        { logReason },
      );
    case 429:
      return new GatewayError("THROTTLED", "The data store is busy. Try again later.", {
        logReason,
        retryAfterMs: answer.retryAfterMs ?? RETRY_AFTER_MS,
      });
    default:
      // 401, 449 after all repeats, and every 5xx: nothing that the client could change.
      return unavailable(logReason, status >= 500 && isWrite(request));
  }
}

function translateBadRequest(
  { substatus, message }: CosmosAnswer,
  { orderBy }: ItemRequest,
  logReason: string,
): GatewayError {
  // The service has no code of its own for it, neither has the emulator: "The order by query does
  // not have a corresponding composite index that it can be served from."
  if (message.includes("does not have a corresponding composite index")) {
    return new GatewayError("BAD_USER_INPUT", missingCompositeIndex(orderBy), { logReason });
  }
  // Substatus 1001 is the service's word for it; an older form has only the text.
  if (substatus === 1001 || message.includes("PartitionKey extracted from document")) {
    return new GatewayError(
      "BAD_USER_INPUT",
      "The item's partition key is not the one that the operation names.",
      { logReason },
    );
  }
  // Which operation of a patch it was, counted from 1, the service says in its text alone: "For
  // Operation(2): Remove Operation can only be performed on …".
  const [, patchOperation] = /For Operation\((\d{1,4})\)/.exec(message) ?? [];
  if (patchOperation !== undefined) {
    return new GatewayError(
      "BAD_USER_INPUT",
      "An operation of the patch does not fit the item: what its path names, or leads through, is not there, is of another type, or can't be changed.",
      { logReason, operationIndex: Number(patchOperation) - 1 },
    );
  }
  // About the text that the client sent, or, for a generated one, a fault of the gateway.
  const fault = readQueryFault(message);
  if (fault !== undefined) {
    const { code, location } = fault;
    const place = location === undefined ? "" : `, characters ${location.start} to ${location.end}`;
    return new GatewayError(
      "BAD_USER_INPUT",
      `The query is not valid: ${fault.message} (${code}${place})`,
      { logReason },
    );
  }
  return new GatewayError("BAD_USER_INPUT", "The data store refused the request as invalid.", {
    logReason,
  });
}

function translateForbidden(substatus: number, logReason: string): GatewayError {
  // 3: writes moved to another region; 1008: the account has left this one.
  if (substatus === 3 || substatus === 1008) {
    return unavailable(logReason, false);
  }
  return new GatewayError(
    "FORBIDDEN",
    substatus === 1014
      ? "The partition is full: Cosmos DB keeps 20 GB in one."
      : "This caller has no permission for that.",
    { logReason },
  );
}

function translateNotFound(
  substatus: number,
  request: ItemRequest,
  logReason: string,
): GatewayError {
  // No replica has caught up with the session token.
  if (substatus === 1002) {
    return new GatewayError(
      "UPSTREAM_UNAVAILABLE",
      `The data store has not caught up with this session yet. Try again. If that does not help, leave out the header ${SESSION_HEADER} to begin a new session.`,
      { logReason, retryAfterMs: RETRY_AFTER_MS },
    );
  }
  if (substatus === 1003) {
    return new GatewayError("CONTAINER_MISSING", "What holds these items is not there.", {
      logReason: `the database has no container "${request.container}": ${logReason}`,
    });
  }
  if (request.isUpsert === true) {
    return new GatewayError(
      "PRECONDITION_FAILED",
      "The item is not there, so it is not the given version.",
      { logReason },
    );
  }
  return new GatewayError("NOT_FOUND", "There is no such item.", {
    logReason: `${logReason} (item ${request.item ?? "unnamed"})`,
  });
}
