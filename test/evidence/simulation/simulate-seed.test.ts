import type { HttpClient, PipelineRequest } from "@azure/core-rest-pipeline";
import { describe, expect, test } from "vitest";
import type { CosmosUserGrants } from "../../../src/tokens/grant.ts";
import type { GrantCache } from "../../../src/tokens/grant-cache.ts";
import { simulateSeed } from "./simulate-seed.ts";
import type { Bends } from "./simulation.ts";

const SEED = 8;

/** Fewer than the command's, and enough for each fault to show. */
const ROUNDS = 6;

/** A seed takes a second of the processor's time, which may be someone else's for a while. */
const TIMEOUT_MS = 180_000;

/** Laws that were found broken, each once. */
async function lawsBrokenWith(bends: Bends, seed = SEED): Promise<ReadonlySet<string>> {
  const { findings } = await simulateSeed(seed, { bends, rounds: ROUNDS });
  return new Set(findings.map(({ law }) => law));
}

test(
  "a seed has one course, in which nothing is wrong, and another seed has another",
  async () => {
    const options = { rounds: ROUNDS };
    const first = await simulateSeed(SEED, options);
    expect(first.findings).toEqual([]);
    expect(first.operations).toBeGreaterThan(50);
    expect((await simulateSeed(SEED, options)).hash).toBe(first.hash);
    expect((await simulateSeed(SEED + 1, options)).hash).not.toBe(first.hash);
  },
  TIMEOUT_MS,
);

describe("a broken rule is found:", { timeout: TIMEOUT_MS }, () => {
  test("a clock that runs at half the speed keeps tokens beyond their end", async () => {
    const startMs = Date.UTC(2026, 0, 1);
    const clock: Bends["clock"] = (sound) => ({
      nowMs: () => startMs + (sound.nowMs() - startMs) / 2,
    });
    expect(await lawsBrokenWith({ clock })).toContain("token past its end");
  });

  test("a cache that knows the profile and not the user gives away another's tokens", async () => {
    const byProfile = new Map<string, CosmosUserGrants>();
    const cache = (sound: GrantCache): GrantCache => ({
      ...sound,
      grantsFor: async (access, ...rest) => {
        const known = byProfile.get(access.profile);
        if (known !== undefined && known.expiresAtMs > Date.now()) {
          return known;
        }
        const minted = await sound.grantsFor(access, ...rest);
        byProfile.set(access.profile, minted);
        return minted;
      },
    });
    expect(await lawsBrokenWith({ cache })).toContain("token of another user");
  });

  test("an answer that is kept for another caller shows foreign marks", async () => {
    const kept = new Map<string, Awaited<ReturnType<HttpClient["sendRequest"]>>>();
    const httpClient = changed(isItemRead, async (request, send) => {
      const answer = kept.get(request.url) ?? (await send(request));
      if (answer.status === 200) {
        kept.set(request.url, answer);
      }
      return { ...answer, request };
    });
    expect(await lawsBrokenWith({ httpClient })).toContain("foreign mark");
  });

  test("a client that sends a write again", async () => {
    const httpClient = changed(isPatch, async (request, send) => {
      await send(request);
      return send(request);
    });
    expect(await lawsBrokenWith({ httpClient })).toContain("write doubled");
  });

  test("a client that sends a write again when its answer was lost", async () => {
    const httpClient = changed(isPatch, (request, send) =>
      send(request).catch(() => send(request)),
    );
    expect(await lawsBrokenWith({ httpClient })).toContain("write doubled");
  });

  test("one operator's grants for another operator, who wants the same", async () => {
    let first: CosmosUserGrants | undefined;
    const cache = (sound: GrantCache): GrantCache => ({
      ...sound,
      grantsFor: async (access, ...rest) => {
        const grants = await sound.grantsFor(access, ...rest);
        first ??= access.profile === "operator" ? grants : undefined;
        return access.profile === "operator" ? (first ?? grants) : grants;
      },
    });
    const broken = await lawsBrokenWith({ cache });
    for (const law of ["token of another user", "issued token", "secret told"]) {
      expect(broken).toContain(law);
    }
  });

  test("customers with another mark than those that orders name", async () => {
    const httpClient = changed(isCustomerQuery, async (request, send) => {
      const answer = await send(request);
      return { ...answer, bodyAsText: (answer.bodyAsText ?? "").replaceAll(/"mk\w/g, '"mkX') };
    });
    expect(await lawsBrokenWith({ httpClient })).toContain("verdict");
  });

  test("a write that is said to be done and is not", async () => {
    // The item as it is answers for the item as it would be.
    const httpClient = changed(isPatch, async (request, send) => ({
      ...(await send({ ...request, method: "GET" })),
      request,
    }));
    expect(await lawsBrokenWith({ httpClient })).toContain("write lost");
  });

  test("a write that is said to be refused and is done", async () => {
    const httpClient = changed(isPatch, async (request, send) => ({
      ...(await send(request)),
      status: 409,
    }));
    expect(await lawsBrokenWith({ httpClient })).toContain("refused write done");
  });

  test("two reads of one permission feed at once", async () => {
    const httpClient = changed(
      ({ method, url }) => method === "GET" && url.endsWith("/permissions"),
      async (request, send) => {
        const [answer] = await Promise.all([send(request), send(request)]);
        return answer;
      },
    );
    expect(await lawsBrokenWith({ httpClient })).toContain("single flight");
  });

  test("a renewal that its caller waits for", async () => {
    const cache = (sound: GrantCache): GrantCache => ({
      ...sound,
      grantsFor: async (access, signal, deadlineMs) => {
        const grants = await sound.grantsFor(access, signal, deadlineMs);
        return grants.expiresAtMs - Date.now() > 200_000
          ? grants
          : sound.renew(access, grants, signal);
      },
    });
    expect(await lawsBrokenWith({ cache })).toContain("refresh ahead");
  });

  test("grants that never come, and a caller that is never told", async () => {
    let calls = 0;
    const cache = (sound: GrantCache): GrantCache => ({
      ...sound,
      grantsFor: (...asked) => {
        calls += 1;
        return calls === 60 ? new Promise(() => {}) : sound.grantsFor(...asked);
      },
    });
    expect(await lawsBrokenWith({ cache })).toContain("hang");
  });
});

/** A client that does something else with some requests. */
function changed(
  isMeant: (request: PipelineRequest) => boolean,
  change: (
    request: PipelineRequest,
    send: HttpClient["sendRequest"],
  ) => ReturnType<HttpClient["sendRequest"]>,
): NonNullable<Bends["httpClient"]> {
  return ({ sendRequest }) => ({
    sendRequest: (request) =>
      isMeant(request) ? change(request, sendRequest) : sendRequest(request),
  });
}

function isItemRead({ method, url }: PipelineRequest): boolean {
  return method === "GET" && url.includes("/docs/");
}

function isCustomerQuery({ method, url }: PipelineRequest): boolean {
  return method === "POST" && url.includes("/customers/docs");
}

function isPatch({ method }: PipelineRequest): boolean {
  return method === "PATCH";
}
