/**
 * The codes that a client can meet in `extensions.code`, with the HTTP status of a response in
 * which the whole request failed with it. Errors of single fields travel with HTTP 200, as
 * GraphQL over HTTP says.
 */
export const ERROR_CODES = {
  UNAUTHENTICATED: { httpStatus: 401, when: "no valid bearer token where one is needed" },
  NO_ACCESS_PROFILE: { httpStatus: 403, when: "authenticated, but no access profile fits" },
  FORBIDDEN: { httpStatus: 403, when: "no grant covers the operation, or Cosmos DB said 403" },
  NOT_FOUND: {
    httpStatus: 404,
    when: "replace, patch or delete of an item that is not there (a point read gives null)",
  },
  CONFLICT: { httpStatus: 409, when: "the id exists already, or a unique key does" },
  PRECONDITION_FAILED: { httpStatus: 412, when: "`ifMatch` or `condition` failed" },
  THROTTLED: { httpStatus: 429, when: "Cosmos DB's or the gateway's own budget is spent" },
  OVERLOADED: { httpStatus: 503, when: "the process can take no more" },
  ITEM_TOO_LARGE: { httpStatus: 413, when: "the item is over 2 MB" },
  ITEM_MISFIT: { httpStatus: 500, when: "a stored item does not fit the model" },
  CONTAINER_MISSING: { httpStatus: 503, when: "the model's container is not in the database" },
  BAD_USER_INPUT: { httpStatus: 400, when: "arguments, cursor, partition key mismatch" },
  QUERY_TOO_EXPENSIVE: {
    httpStatus: 400,
    when: "a limit: depth, complexity, tokens, size of filters, requests, data read",
  },
  UPSTREAM_UNAVAILABLE: {
    httpStatus: 503,
    when: "Cosmos DB or the issuer's keys can't be reached",
  },
  TIMEOUT: { httpStatus: 504, when: "the request's deadline passed" },
  INTERNAL_SERVER_ERROR: { httpStatus: 500, when: "anything else; the original is in the log" },
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;

export interface GatewayErrorOptions {
  /** Where the fault came from. Goes to the log, never to the client. */
  readonly cause?: unknown;
  /** When trying again makes sense, in milliseconds. */
  readonly retryAfterMs?: number;
  /** What goes to the log and not to the client, such as why a bearer token was refused. */
  readonly logReason?: string;
  /** Which operation of a batch or a patch failed, counted from 0. Goes to the client. */
  readonly operationIndex?: number;
}

/**
 * The one error that crosses module edges on its way to a client. Its message is written for the
 * client: it says what to change and holds neither secrets nor texts of other systems.
 */
export class GatewayError extends Error {
  readonly code: ErrorCode;
  readonly retryAfterMs: number | undefined;
  readonly logReason: string | undefined;
  readonly operationIndex: number | undefined;

  constructor(code: ErrorCode, message: string, options: GatewayErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "GatewayError";
    this.code = code;
    this.retryAfterMs = options.retryAfterMs;
    this.logReason = options.logReason;
    this.operationIndex = options.operationIndex;
  }

  get httpStatus(): number {
    return ERROR_CODES[this.code].httpStatus;
  }
}
