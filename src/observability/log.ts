import { type Logger, pino } from "pino";
import { GatewayError } from "../gateway-error.ts";
import type { Observation, Observe } from "./observation.ts";

/** JSON lines on standard output, or readable text lines where a person looks on. */
export function createLogger(write: (line: string) => void): Logger {
  return pino(
    {
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write },
  );
}

/** The one place where what happens becomes a log line. */
export function createLogObserver(logger: Logger): Observe {
  return (observation) => {
    const { kind, ...details } = observation;
    logger[LEVELS[kind]]({ event: kind, ...describe(details) }, messageOf(observation));
  };
}

type Level = "info" | "warn" | "error";

const LEVELS: Readonly<Record<Observation["kind"], Level>> = {
  "caller-refused": "info",
  "request-refused": "warn",
  "not-ready": "warn",
  "container-missing": "warn",
  "grants-minted": "info",
  "grants-refresh-failed": "warn",
  "permission-created": "info",
  "permission-replaced": "info",
  "permission-deleted": "info",
  "permission-held-by-another": "warn",
  "resource-tokens-issued": "info",
  "item-misfit": "warn",
  "graphql-server-warning": "warn",
  "account-key-refused": "warn",
  "issuer-keys-unreachable": "warn",
  "unhandled-rejection": "error",
  "uncaught-exception": "error",
  "secrets-read-again": "info",
  "secret-unreadable": "warn",
  "operation-failed": "error",
};

function messageOf(observation: Observation): string {
  switch (observation.kind) {
    case "request-refused":
      return reasonOf(observation.error);
    case "container-missing":
      return `An operation failed: ${reasonOf(observation.error)}`;
    case "not-ready":
      return `Not ready: ${reasonOf(observation.error)}`;
    case "item-misfit":
      return `An item of container "${observation.container}" does not fit type ${observation.type} of the model.`;
    case "graphql-server-warning":
      return observation.message;
    case "account-key-refused":
      return `Cosmos DB refused the account key cosmos.keys[${observation.keyIndex}].`;
    case "issuer-keys-unreachable":
      return `The keys of issuer ${observation.issuer} can't be read: see auth.issuers.`;
    case "grants-refresh-failed":
      return "The resource tokens of a Cosmos DB user could not be renewed in time before their end.";
    case "unhandled-rejection":
      return "A promise was rejected, and nothing waited for it. Await it, or catch its error.";
    case "uncaught-exception":
      return "An exception was not caught. The process finishes its requests and ends.";
    case "secrets-read-again":
      return `Keys and secrets were read again. Changed: ${observation.changed.join(", ") || "none"}`;
    case "secret-unreadable":
      return `${observation.setting} keeps its value: expected ${observation.expected}, found ${observation.found}`;
    case "operation-failed":
      return "An operation failed. The client was told the error id alone.";
    default:
      return observation.kind.replaceAll("-", " ");
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof GatewayError) {
    return error.logReason ?? error.message;
  }
  return error instanceof Error ? error.message : "an unknown fault";
}

function describe(details: Record<string, unknown>): Record<string, unknown> {
  const { error, ...rest } = details;
  return error === undefined ? rest : { ...rest, error: describeError(error) };
}

/**
 * Name, message, stack and causes of an error, and nothing else: SDK errors carry the request and
 * its `authorization` header as properties.
 */
function describeError(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) {
    return typeof error === "string" ? error : `${typeof error} thrown`;
  }
  return {
    name: error.name,
    message: error.message,
    // An error with a known reason needs no stack: the stack only shows how the gateway reports it.
    ...(error instanceof GatewayError && error.logReason !== undefined
      ? {}
      : { stack: error.stack }),
    ...("code" in error ? { code: String(error.code) } : {}),
    ...(error instanceof GatewayError && error.logReason !== undefined
      ? { reason: error.logReason }
      : {}),
    ...(error.cause === undefined || depth >= MAX_CAUSES
      ? {}
      : { cause: describeError(error.cause, depth + 1) }),
  };
}

const MAX_CAUSES = 5;
