import { CosmosError } from "../cosmos-error.ts";
import type { CosmosRequest } from "../cosmos-request.ts";
import type { JsonObject } from "../json.ts";

/** What happens to one request in place of, or besides, its own answer. */
export interface Fault {
  /** Waits so long before anything else. */
  readonly delayMs?: number;
  /** Throws the error to answer with; absent: the request is served. */
  readonly answer?: () => never;
  /** Closes the connection in place of answering. */
  readonly drop?: boolean;
}

/** Faults that tests have asked for. */
export interface Faults {
  /** Adds one from its JSON. Throws CosmosError 400 if it is malformed. */
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
  const method = readText(match.method, "match.method");
  const path = readText(match.path, "match.path");
  const status = readNumber(definition.status, "status");
  const substatus = readNumber(definition.substatus, "substatus") ?? 0;
  const retryAfterMs = readNumber(definition.retryAfterMs, "retryAfterMs");
  const delayMs = readNumber(definition.delayMs, "delayMs");
  return {
    method: method?.toUpperCase(),
    path: path === undefined ? undefined : readPattern(path),
    timesLeft: readNumber(definition.times, "times") ?? 1,
    fault: {
      ...(delayMs === undefined ? {} : { delayMs }),
      ...(definition.drop === true ? { drop: true } : {}),
      ...(status === undefined
        ? {}
        : {
            answer: () => {
              throw new CosmosError(status, codeOf(status), messageOf(status), {
                substatus,
                ...(retryAfterMs === undefined
                  ? {}
                  : { headers: { "x-ms-retry-after-ms": String(retryAfterMs) } }),
              });
            },
          }),
    },
  };
}

const codes: Readonly<Record<number, string>> = {
  403: "Forbidden",
  404: "NotFound",
  408: "RequestTimeout",
  410: "Gone",
  429: "TooManyRequests",
  449: "RetryWith",
  500: "InternalServerError",
  503: "ServiceUnavailable",
};

function codeOf(status: number): string {
  return codes[status] ?? "BadRequest";
}

function messageOf(status: number): string {
  switch (status) {
    case 429:
      return "Request rate is large. More Request Units may be needed, so no changes were made. Please retry this request later.";
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
