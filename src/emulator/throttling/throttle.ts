import { CosmosError } from "../cosmos-error.ts";
import type { EmulatorClock } from "../emulator-clock.ts";
import type { CosmosResponse } from "../http/cosmos-request.ts";
import type { RequestKind } from "../security/request-kind.ts";
import type { ContainerStore } from "../store/container-store.ts";
import { requestRateTooLarge } from "./request-rate-too-large.ts";
import { createTokenBucket, type TokenBucket } from "./token-bucket.ts";

/** Request units per second; 0: no limit. */
export interface ThroughputLimits {
  /**
   * All requests of the account that are not for items: users and permissions, databases,
   * containers and what they are made of. The service's is 240:
   * https://learn.microsoft.com/azure/cosmos-db/concepts-limits
   */
  readonly metadataRequestUnitsPerSecond: number;
  /** Requests for items, of each container. */
  readonly itemRequestUnitsPerSecond: number;
}

/** Refuses requests beyond a budget, where there is one. */
export interface Throttle {
  readonly limits: ThroughputLimits;
  /** Replaces the limits. Each budget whose limit is given starts full. */
  setLimits(limits: Partial<ThroughputLimits>): void;
  /**
   * Answers a request and takes its charge out of its budget. `container` is the one that the
   * request's path names; undefined: there is none.
   *
   * @throws CosmosError 429, which costs nothing, if nothing is left.
   */
  answer(
    kind: RequestKind,
    container: ContainerStore | undefined,
    answer: () => CosmosResponse,
  ): CosmosResponse;
}

const ITEM_KINDS: ReadonlySet<RequestKind> = new Set<RequestKind>([
  "createItem",
  "upsertItem",
  "readItem",
  "replaceItem",
  "patchItem",
  "deleteItem",
  "listItems",
  "queryItems",
  "planQuery",
  "readChangeFeed",
  "batch",
  "bulk",
  "deletePartition",
  "executeScript",
]);

export function createThrottle(
  clock: EmulatorClock,
  initial: Partial<ThroughputLimits> = {},
): Throttle {
  let limits: ThroughputLimits = {
    metadataRequestUnitsPerSecond: 0,
    itemRequestUnitsPerSecond: 0,
    ...initial,
  };
  const createBucket = (requestUnitsPerSecond: number): TokenBucket | undefined =>
    requestUnitsPerSecond === 0 ? undefined : createTokenBucket(requestUnitsPerSecond, clock);
  let metadataBucket = createBucket(limits.metadataRequestUnitsPerSecond);
  let itemBuckets = new WeakMap<ContainerStore, TokenBucket>();

  const itemBucketOf = (container: ContainerStore): TokenBucket | undefined => {
    const bucket = itemBuckets.get(container) ?? createBucket(limits.itemRequestUnitsPerSecond);
    if (bucket !== undefined) {
      itemBuckets.set(container, bucket);
    }
    return bucket;
  };

  const bucketOf = (
    kind: RequestKind,
    container: ContainerStore | undefined,
  ): TokenBucket | undefined => {
    if (!ITEM_KINDS.has(kind)) {
      return metadataBucket;
    }
    // Without a container there is nobody's budget to spend: the answer is a 404
    return container === undefined ? undefined : itemBucketOf(container);
  };

  return {
    get limits() {
      return limits;
    },
    setLimits: (given) => {
      limits = { ...limits, ...given };
      if (given.metadataRequestUnitsPerSecond !== undefined) {
        metadataBucket = createBucket(limits.metadataRequestUnitsPerSecond);
      }
      if (given.itemRequestUnitsPerSecond !== undefined) {
        itemBuckets = new WeakMap();
      }
    },
    answer: (kind, container, answer) => {
      const bucket = bucketOf(kind, container);
      if (bucket === undefined) {
        return answer();
      }
      const retryAfterMs = bucket.waitMs();
      if (retryAfterMs > 0) {
        throw requestRateTooLarge(retryAfterMs);
      }
      try {
        const response = answer();
        bucket.take(chargeOf(response.headers));
        return response;
      } catch (error) {
        bucket.take(error instanceof CosmosError ? chargeOf(error.headers) : 0);
        throw error;
      }
    },
  };
}

/** What an answer says that it cost. */
function chargeOf(headers: Readonly<Record<string, string>> | undefined): number {
  return Number(headers?.["x-ms-request-charge"] ?? 0);
}
