import type { ResourceTokenClaims } from "../../../src/emulator/security/resource-token.ts";
import { type CosmosRequest, type Shown, verdictOf } from "../../model/verdict.ts";
import type { WireAnswer } from "./exchange-in-memory.ts";
import type { Findings } from "./findings.ts";
import { levelsOf } from "./permitted.ts";
import type { ServedExchange } from "./service.ts";
import type { WireRequest, WireWatch } from "./wire.ts";

/** What the watch must know of the operation that a request belongs to. */
export interface WatchedOperation {
  /** By the reference model; undefined for a caller who is nobody to Cosmos DB. */
  readonly cosmosUser: string | undefined;
  /** By the replica's clock. */
  readonly startedAtMs: number;
  /** Whether the replica's clock was put forward or back since. */
  readonly isClockMoved: () => boolean;
}

export interface TokenWatchOptions {
  readonly findings: Findings;
  readonly lifetimeMs: number;
  readonly operationOf: (number: number) => WatchedOperation | undefined;
  /** The clock of a replica. */
  readonly nowOf: (replica: string) => number;
  readonly serviceNowMs: () => number;
}

/** Half a minute before its end, a token is no longer used: the gateway's own promise. */
const MARGIN_MS = 30_000;

/** How long after its end the service takes a token. */
const GRACE_MS = 300_000;

/**
 * Looks at every request that shows a resource token: whose it is, whether it is of this account,
 * and whether it is used after its end. It keeps its own account of when each token was asked for,
 * by the clock of the replica that asked.
 */
export function createTokenWatch(options: TokenWatchOptions): WireWatch {
  const { findings, lifetimeMs, operationOf, nowOf, serviceNowMs } = options;
  const minted = new Map<string, { readonly replica: string; readonly askedAtMs: number }>();
  const askedAtMs = new Map<number, number>();

  const checkUse = (request: WireRequest): void => {
    const { claims, resourceToken = "", operation, replica } = request;
    const place = `#${request.number} ${request.method} ${request.path}`;
    const asking = operation === undefined ? undefined : operationOf(operation);
    const mint = minted.get(resourceToken);
    if (claims === undefined || asking === undefined || mint === undefined) {
      findings.add("unknown token", place);
      return;
    }
    if (claims.userId !== asking.cosmosUser) {
      const detail = `${place}: a token of ${claims.userId} for ${asking.cosmosUser}`;
      findings.add("token of another user", detail);
    }
    const endMs = mint.askedAtMs + lifetimeMs - MARGIN_MS;
    if (!asking.isClockMoved() && endMs <= asking.startedAtMs && mint.replica === replica) {
      const lateMs = asking.startedAtMs - endMs;
      findings.add("token past its end", `${place}: ended ${lateMs} ms before the operation began`);
    }
  };

  const keepMinted = (request: WireRequest, { body }: WireAnswer): void => {
    for (const token of tokensIn(body)) {
      const { replica } = request;
      minted.set(token, { replica, askedAtMs: askedAtMs.get(request.number) ?? 0 });
    }
  };

  /** The service itself: whether it takes a token is what the reference model says. */
  const checkService = (
    request: WireRequest,
    claims: ResourceTokenClaims,
    { answer, logged }: ServedExchange,
  ): void => {
    const isTaken = answer.status !== 401 && answer.status !== 403;
    const nowMs = serviceNowMs();
    const place = `#${request.number} ${request.method} ${request.path}: ${answer.status}`;
    if (logged?.cosmosUser !== claims.userId && isTaken) {
      findings.add("token of another user", `${place}: the log has ${logged?.cosmosUser}`);
    }
    if (isTaken && nowMs > claims.expiryMs + GRACE_MS) {
      findings.add("token past its end", `${place}: the service took it`);
    }
    const verdict = verdictOf(shownBy(claims), cosmosRequestOf(request), { nowMs, levelsOf });
    if ((verdict === "allowed") !== isTaken) {
      findings.add("verdict", `${place}, and the model says ${verdict}`);
    }
  };

  return {
    onSend: (request) => {
      if (request.resourceToken !== undefined) {
        checkUse(request);
      } else if (request.subject === "item") {
        findings.add("account key for items", `#${request.number} ${request.path}`);
      } else {
        askedAtMs.set(request.number, nowOf(request.replica));
      }
    },
    onServed: (request, exchange, isFault) => {
      const { claims, subject } = request;
      if (subject === "users" && exchange.answer.status < 300) {
        keepMinted(request, exchange.answer);
      }
      if (claims !== undefined && !isFault) {
        checkService(request, claims, exchange);
      }
    },
  };
}

/** A token in the words of the reference model. */
function shownBy({ mode, resource, partitionKey, startMs, expiryMs }: ResourceTokenClaims): Shown {
  return {
    resource,
    ...(partitionKey && { partitionKey }),
    mode: mode.toLowerCase() === "all" ? "All" : "Read",
    startMs,
    expiryMs,
  };
}

function cosmosRequestOf({ method, path, headers }: WireRequest): CosmosRequest {
  return { method, segments: path.split("/").filter(Boolean), headers };
}

/** Of a permission, or of a feed of them. */
export function tokensIn(body: string): readonly string[] {
  const parsed: unknown = body === "" ? undefined : JSON.parse(body);
  const { Permissions: feed = [parsed] } = (parsed ?? {}) as { Permissions?: readonly unknown[] };
  return feed.flatMap((each) => {
    const { _token } = (each ?? {}) as { _token?: unknown };
    return typeof _token === "string" ? [_token] : [];
  });
}
