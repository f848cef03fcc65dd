import { randomBytes } from "node:crypto";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { createHttpHeaders, type HttpClient } from "@azure/core-rest-pipeline";
import type { Access } from "../../../src/access/access.ts";
import { systemClock } from "../../../src/clock.ts";
import { createResourceTokenSealer } from "../../../src/emulator/security/resource-token.ts";
import { Secret } from "../../../src/secret.ts";
import { createAccountClient } from "../../../src/tokens/account-client.ts";
import { createGrantCache } from "../../../src/tokens/grant-cache.ts";
import { type MemoryPoint, slopeOf } from "./memory-slope.ts";

export interface BeyondCacheFigures {
  readonly callers: number;
  readonly cache: number;
  readonly seconds: number;
  readonly feedReads: number;
  readonly samples: readonly MemoryPoint[];
  /** Of reachable memory after the warm-up, which fills the cache. */
  readonly megabytesPer100000Callers: number;
}

/** 20 bytes that are kept of each caller are 2 MB of a hundred thousand. */
export const MAX_MEGABYTES_PER_100000 = 2;

const AT_A_TIME = 32;
const SAMPLES = 40;
const MEGABYTE = 1024 * 1024;
const DATABASE = "evidence";

/**
 * Sends callers through the gateway's own account client and cache of grants, each a Cosmos user
 * of its own, many times more than the cache holds. What is at the other end answers in memory: a
 * permission feed with tokens that the emulator's sealer makes.
 */
export async function passCallersBeyondCache(
  callers: number,
  cache: number,
): Promise<BeyondCacheFigures> {
  const { httpClient, feedReads } = createFeeds();
  const observe = () => {};
  const accountClient = createAccountClient({
    endpoint: "http://127.0.0.1:1/",
    keys: [new Secret(randomBytes(64).toString("base64"))],
    database: DATABASE,
    httpClient,
    observe,
  });
  const { grantsFor } = createGrantCache({
    accountClient,
    tokens: {
      lifetimeSeconds: 86_400,
      refreshAheadSeconds: 600,
      maxCachedUsers: cache,
      provision: "existing",
      issue: false,
    },
    clock: systemClock,
    observe,
  });
  const collectGarbage = garbageCollector();
  const samples: MemoryPoint[] = [];
  const startedMs = Date.now();
  let next = 0;
  for (let sample = 1; sample <= SAMPLES; sample++) {
    const until = Math.floor((callers * sample) / SAMPLES);
    await Promise.all(
      Array.from({ length: AT_A_TIME }, async () => {
        while (next < until) {
          const { grants } = await grantsFor(accessOfCaller(next++));
          if (grants.length !== CONTAINERS.length) {
            throw new Error(`A caller got ${grants.length} grants.`);
          }
        }
      }),
    );
    collectGarbage();
    // Callers take the place of time: the line goes through memory by callers
    samples.push({ atMs: next, bytes: process.memoryUsage().heapUsed });
  }
  const slope = slopeOf(samples);
  const counted = samples.slice(Math.floor(samples.length * 0.3));
  const passed = (counted.at(-1)?.atMs ?? 0) - (counted[0]?.atMs ?? 0);
  return {
    callers,
    cache,
    seconds: (Date.now() - startedMs) / 1000,
    feedReads: feedReads(),
    samples,
    megabytesPer100000Callers: ((slope?.grownMegabytes ?? Number.NaN) / passed) * 100_000,
  };
}

/** The figures as lines of text. */
export function describeBeyondCache(figures: BeyondCacheFigures): string {
  const { callers, cache, seconds, feedReads, samples, megabytesPer100000Callers } = figures;
  const shown = samples.filter((_, index) => index % 5 === 4);
  return [
    `callers              ${callers}, each a Cosmos user of its own, through a cache of ${cache}`,
    `permission feeds     ${feedReads}, ${(feedReads / seconds).toFixed(0)}/s in ${seconds.toFixed(0)} s`,
    `reachable memory     ${shown.map(({ atMs, bytes }) => `${atMs}: ${(bytes / MEGABYTE).toFixed(1)} MB`).join(", ")}`,
    `slope                ${megabytesPer100000Callers.toFixed(2)} MB per 100,000 callers; at most ${MAX_MEGABYTES_PER_100000}`,
  ].join("\n");
}

const CONTAINERS = ["orders", "carts"] as const;

function accessOfCaller(index: number): Access {
  const subject = `caller-${index}`;
  return {
    profile: "member",
    cosmosUserId: `member:${subject}`,
    wantedPermissions: CONTAINERS.map((container) => ({
      permissionId: `${container}-of-${subject}`,
      container,
      resource: `dbs/${DATABASE}/colls/${container}`,
      partitionKey: [subject],
      mode: "All" as const,
    })),
  };
}

/** A Cosmos DB of nothing but permission feeds. */
function createFeeds() {
  const sealer = createResourceTokenSealer(randomBytes(32));
  let reads = 0;
  const httpClient: HttpClient = {
    sendRequest: async (request) => {
      const [, userId = ""] = /\/users\/([^/]+)\/permissions$/.exec(request.url) ?? [];
      reads += 1;
      const subject = decodeURIComponent(userId).replace(/^member:/, "");
      const nowMs = Date.now();
      const Permissions = CONTAINERS.map((container) => {
        const id = `${container}-of-${subject}`;
        const resource = `dbs/${DATABASE}/colls/${container}`;
        const claims = { userRid: "AAAAAA==", userId, permissionId: id, mode: "All" as const };
        const _token = sealer.seal({
          ...claims,
          resource,
          partitionKey: [subject],
          startMs: nowMs,
          expiryMs: nowMs + 86_400_000,
        });
        return {
          id,
          permissionMode: "All",
          resource,
          resourcePartitionKey: [subject],
          _rid: `AAAA${reads}`,
          _token,
        };
      });
      return {
        request,
        status: 200,
        headers: createHttpHeaders({
          "content-type": "application/json",
          "x-ms-request-charge": "3",
        }),
        bodyAsText: JSON.stringify({ _rid: "AAAA", Permissions, _count: Permissions.length }),
      };
    },
  };
  return { httpClient, feedReads: () => reads };
}

function garbageCollector(): () => void {
  setFlagsFromString("--expose-gc");
  // The flag holds for contexts that are made from now on
  return runInNewContext("gc") as () => void;
}
