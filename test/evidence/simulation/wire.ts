import { AsyncLocalStorage } from "node:async_hooks";
import {
  createHttpHeaders,
  type HttpClient,
  type PipelineRequest,
  type PipelineResponse,
  RestError,
} from "@azure/core-rest-pipeline";
import type { ResourceTokenClaims } from "../../../src/emulator/security/resource-token.ts";
import type { Random } from "../random.ts";
import { messageOf } from "./exchange-in-memory.ts";
import type { ServedExchange, Service } from "./service.ts";
import type { Trace } from "./trace.ts";

/** How messages fare at present. */
export interface WireConditions {
  /** One way, in milliseconds, from and to. */
  latencyMs: readonly [number, number];
  /** Share of requests that never arrive. */
  lostRequests: number;
  /** Share of requests that are served, but whose connection breaks before the answer. */
  lostAnswers: number;
  /** What both are limited to; undefined: nothing. */
  subjects?: readonly string[];
  /** Share of requests that are answered with one of `statuses`. */
  faults: number;
  statuses: readonly number[];
}

export const CALM: WireConditions = {
  latencyMs: [20, 20],
  lostRequests: 0,
  lostAnswers: 0,
  faults: 0,
  statuses: [],
};

/** One request on the wire. */
export interface WireRequest {
  readonly number: number;
  /** Which replica sent it, and which one of its lives. */
  readonly replica: string;
  /** Number of the operation in whose course it was sent; undefined: none. */
  readonly operation: number | undefined;
  readonly method: string;
  /** Decoded. */
  readonly path: string;
  /** `users`, `item`, `container`, `ranges` or `account`, by the path. */
  readonly subject: string;
  /** Of the message; names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The whole resource token; undefined for a request signed with an account key. */
  readonly resourceToken: string | undefined;
  /** What the token says; undefined as well for one that this account never gave. */
  readonly claims: ResourceTokenClaims | undefined;
  readonly partitionKey: string | undefined;
  readonly isQuery: boolean;
  readonly sentAtMs: number;
}

/** Who watches the wire. */
export interface WireWatch {
  onSend?(request: WireRequest): void;
  /** The service has answered; the client may never hear of it. `isFault`: not by itself. */
  onServed?(request: WireRequest, exchange: ServedExchange, isFault: boolean): void;
  /** The client's wait is over. */
  onEnd?(request: WireRequest, outcome: number | string): void;
}

export interface WireOptions {
  readonly service: Service;
  readonly random: Random;
  readonly trace: Trace;
  readonly watches: readonly WireWatch[];
}

export interface Wire {
  conditions: WireConditions;
  /** How many were sent so far. */
  readonly requests: number;
  clientOf(replica: string): HttpClient;
  /** Runs what sends requests in the course of an operation. */
  inOperation<Result>(operation: number, action: () => Promise<Result>): Promise<Result>;
}

/**
 * What lies between replicas and service. Every message takes its time, by a timer of the virtual
 * clock, and may be lost on its way. It does with aborts what a socket does: the wait ends at once,
 * and whether the request arrives all the same is chance.
 */
export function createWire({ service, random, trace, watches }: WireOptions): Wire {
  const operations = new AsyncLocalStorage<number>();
  let count = 0;

  // What comes at one time comes in one turn of the event loop, as from several sockets at once.
  const deliveries = new Map<number, (() => void)[]>();
  const deliverIn = (durationMs: number, deliver: () => void): void => {
    const atMs = Date.now() + durationMs;
    const others = deliveries.get(atMs);
    if (others !== undefined) {
      others.push(deliver);
      return;
    }
    const all = [deliver];
    deliveries.set(atMs, all);
    setTimeout(() => {
      deliveries.delete(atMs);
      for (const each of all) {
        each();
      }
    }, durationMs);
  };

  const describe = (replica: string, request: PipelineRequest): WireRequest => {
    const path = decodeURIComponent(new URL(request.url).pathname);
    const authorization = decodeURIComponent(request.headers.get("authorization") ?? "");
    const isResource = authorization.startsWith("type=resource");
    count += 1;
    return {
      number: count,
      replica,
      operation: operations.getStore(),
      method: request.method,
      path,
      subject: subjectOf(path),
      headers: request.headers.toJSON(),
      resourceToken: isResource ? authorization : undefined,
      claims: isResource ? service.openToken(authorization.split("&sig=")[1] ?? "") : undefined,
      partitionKey: request.headers.get("x-ms-documentdb-partitionkey"),
      isQuery: request.headers.get("x-ms-documentdb-isquery")?.toLowerCase() === "true",
      sentAtMs: Date.now(),
    };
  };

  const send = (replica: string, request: PipelineRequest): Promise<PipelineResponse> => {
    if (request.abortSignal?.aborted) {
      return Promise.reject(aborted());
    }
    const sent = describe(replica, request);
    const message = messageOf(request);
    const { latencyMs, lostRequests, lostAnswers, subjects, faults, statuses } = wire.conditions;
    const canBeLost = subjects?.includes(sent.subject) ?? true;
    const fate = {
      outMs: random.int(...latencyMs),
      backMs: random.int(...latencyMs),
      isRequestLost: random.chance(lostRequests) && canBeLost,
      isAnswerLost: random.chance(lostAnswers) && canBeLost,
      fault: random.chance(faults) && statuses.length > 0 ? random.pick(statuses) : undefined,
      arrivesAborted: random.chance(0.5),
    };
    for (const watch of watches) {
      watch.onSend?.(sent);
    }
    trace.add(
      sent.replica,
      "send",
      `op=${sent.operation ?? "-"}`,
      `#${sent.number}`,
      ...what(sent),
    );

    return new Promise((resolve, reject) => {
      let isWaiting = true;
      const end = (outcome: number | string, settle: () => void) => {
        if (isWaiting) {
          isWaiting = false;
          request.abortSignal?.removeEventListener("abort", onAbort);
          clearTimeout(timeout);
          trace.add(sent.replica, "end", `#${sent.number}`, outcome);
          for (const watch of watches) {
            watch.onEnd?.(sent, outcome);
          }
          settle();
        }
      };
      const breakOff = (code: string) =>
        end(code, () => reject(new RestError(`The connection broke: ${code}`, { code, request })));
      const onAbort = () => end("aborted", () => reject(aborted()));
      request.abortSignal?.addEventListener("abort", onAbort);
      const timeout = request.timeout > 0 ? setTimeout(onAbort, request.timeout) : undefined;

      const arrive = async () => {
        if (!service.isUp) {
          breakOff("ECONNREFUSED");
          return;
        }
        if (fate.isRequestLost || (!isWaiting && !fate.arrivesAborted)) {
          breakOff("ECONNRESET");
          return;
        }
        const { run } = service;
        const exchange = await service.exchange(message, fate.fault);
        const { answer } = exchange;
        trace.add("service", "served", `#${sent.number}`, answer.status);
        for (const watch of watches) {
          watch.onServed?.(sent, exchange, fate.fault !== undefined);
        }
        deliverIn(fate.backMs, () => {
          if (fate.isAnswerLost || service.run !== run || !service.isUp) {
            breakOff("ECONNRESET");
            return;
          }
          const headers = createHttpHeaders(answer.headers);
          end(answer.status, () =>
            resolve({ request, status: answer.status, headers, bodyAsText: answer.body }),
          );
        });
      };
      setTimeout(() => void arrive(), fate.outMs);
    });
  };

  const wire: Wire = {
    conditions: CALM,
    get requests() {
      return count;
    },
    clientOf: (replica) => ({ sendRequest: (request) => send(replica, request) }),
    inOperation: (operation, action) => operations.run(operation, action),
  };
  return wire;
}

function subjectOf(path: string): string {
  if (/^\/dbs\/[^/]+\/users/.test(path)) {
    return "users";
  }
  if (/^\/dbs\/[^/]+\/colls\/[^/]+\/docs/.test(path)) {
    return "item";
  }
  if (path.endsWith("/pkranges")) {
    return "ranges";
  }
  return /^\/dbs\/[^/]+\/colls/.test(path) ? "container" : "account";
}

function what({ method, path, partitionKey, isQuery, claims }: WireRequest): readonly string[] {
  return [
    isQuery ? "QUERY" : method,
    path,
    partitionKey ?? "-",
    claims === undefined ? "key" : claims.userId,
  ];
}

/** As the client of `@azure/core-rest-pipeline` throws it. */
function aborted(): Error {
  return new DOMException("The operation was aborted.", "AbortError");
}
