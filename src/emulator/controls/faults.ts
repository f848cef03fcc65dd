import { CosmosError } from "../cosmos-error.ts";
import type { CosmosRequest } from "../http/cosmos-request.ts";
import type { JsonObject } from "../json.ts";
import { REQUEST_RATE_TOO_LARGE_TEXT } from "../throttling/request-rate-too-large.ts";

/** What happens to one request in place of, or besides, its own answer. */
export interface Fault {
  /** Waits so long before anything else. */
  readonly delayMs?: number;
  /** What to answer with; absent: the request is served. */
  readonly error?: CosmosError;
  /**
   * Closes the connection: before the request is served ("request"), or in place of the answer to
   * one that was served ("response").
   */
  readonly drop?: "request" | "response";
  /** Sends the head of the answer at once, and its body so much later. */
  readonly slowBodyMs?: number;
}

/** Faults that tests have asked for. */
export interface Faults {
  /**
   * Adds one from its JSON.
   *
   * @throws CosmosError 400 if it is malformed.
   */
  add(definition: JsonObject): void;
  /** The fault that the request meets, which is then used up by one time; undefined: none. */
  take(request: CosmosRequest): Fault | undefined;
  clear(): void;
}

interface ArmedFault {
  readonly method: string | undefined;
  readonly path: RegExp | undefined;
  readonly fault: Fault;
  timesLeft: number;
}

export function createFaults(): Faults {
  let armed: ArmedFault[] = [];
  return {
    add: (definition) => {
      armed.push(readFault(definition));
    },
    take: (request) => {
      const met = armed.find(
        ({ method, path }) =>
          (method === undefined || method === request.method) &&
          (path === undefined || path.test(request.rawPath)),
      );
      if (met === undefined) {
        return undefined;
      }
      met.timesLeft -= 1;
      armed = armed.filter(({ timesLeft }) => timesLeft > 0);
      return met.fault;
    },
    clear: () => {
      armed = [];
    },
  };
}

function readFault(definition: JsonObject): ArmedFault {
  const match = readObject(definition.match);
  const path = readText(match.path, "match.path");
  const times = readNumber(definition.times, "times") ?? 1;
  if (times < 1) {
    throw refuse("times", "1 or more");
  }
  const delayMs = readNumber(definition.delayMs, "delayMs");
  const slowBodyMs = readNumber(definition.slowBodyMs, "slowBodyMs");
  const drop = readDrop(definition.drop);
  const error = readError(definition);
  return {
    method: readText(match.method, "match.method")?.toUpperCase(),
    path: path === undefined ? undefined : readPattern(path),
    timesLeft: times,
    fault: {
      ...(delayMs === undefined ? {} : { delayMs }),
      ...(slowBodyMs === undefined ? {} : { slowBodyMs }),
      ...(drop === undefined ? {} : { drop }),
      ...(error === undefined ? {} : { error }),
    },
  };
}

function readError(definition: JsonObject): CosmosError | undefined {
  const status = readNumber(definition.status, "status");
  if (status === undefined) {
    return undefined;
  }
  if (!Number.isInteger(status) || status < 400 || status > 599) {
    throw refuse("status", "an HTTP status from 400 to 599");
  }
  const retryAfterMs = readNumber(definition.retryAfterMs, "retryAfterMs");
  return new CosmosError(status, CODES[status] ?? "BadRequest", messageOf(status), {
    substatus: readNumber(definition.substatus, "substatus") ?? 0,
    ...(retryAfterMs === undefined
      ? {}
      : { headers: { "x-ms-retry-after-ms": String(retryAfterMs) } }),
  });
}

function readDrop(value: JsonObject[string] | undefined): "request" | "response" | undefined {
  if (value === undefined || value === false) {
    return undefined;
  }
  if (value === true || value === "request") {
    return "request";
  }
  if (value === "response") {
    return value;
  }
  throw refuse("drop", "true, 'request' or 'response'");
}

const CODES: Readonly<Record<number, string>> = {
  403: "Forbidden",
  404: "NotFound",
  408: "RequestTimeout",
  410: "Gone",
  429: "TooManyRequests",
  449: "RetryWith",
  500: "InternalServerError",
  503: "ServiceUnavailable",
};

function messageOf(status: number): string {
  switch (status) {
    case 429:
      return REQUEST_RATE_TOO_LARGE_TEXT;
    case 503:
      return "Service is currently unavailable.";
    default:
      return `A fault that a test has asked for: ${status}.`;
  }
}

function readObject(value: JsonObject[string] | undefined): JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as JsonObject)
    : {};
}

function readText(value: JsonObject[string] | undefined, name: string): string | undefined {
  if (value === undefined || typeof value === "string") {
    return value;
  }
  throw refuse(name, "a text");
}

function readNumber(value: JsonObject[string] | undefined, name: string): number | undefined {
  if (value === undefined || (typeof value === "number" && value >= 0)) {
    return value;
  }
  throw refuse(name, "a number from 0");
}

function readPattern(source: string): RegExp {
  try {
    return new RegExp(source);
  } catch {
    throw refuse("match.path", "a regular expression");
  }
}

function refuse(name: string, expected: string): CosmosError {
  return new CosmosError(400, "BadRequest", `Fault: ${name} must be ${expected}.`);
}
