import { createHttpHeaders, type PipelineRequest } from "@azure/core-rest-pipeline";
import type { Container } from "@azure/cosmos";
import { describe, expect, test } from "vitest";
import { createMetadataCache } from "../../src/cosmos/metadata-cache.ts";
import { GatewayError } from "../../src/gateway-error.ts";
import type { RequestAdmission } from "../../src/items/admission.ts";
import type { ItemRequest } from "../../src/items/item-request.ts";
import { createScopedRunner, type ScopedRunnerOptions } from "../../src/items/run-scoped.ts";
import { createSession } from "../../src/items/session.ts";
import { Secret } from "../../src/secret.ts";
import type { CosmosUserGrants } from "../../src/tokens/grant.ts";
import type { GrantScope } from "../../src/tokens/grant-scope.ts";

const READ: ItemRequest = { kind: "read", container: "orders", item: "1", partitionKey: ["t"] };
const CHANGE: ItemRequest = { ...READ, kind: "change" };
const REGION = { name: "here", databaseAccountEndpoint: "https://account.test/" };
const ACCOUNT = JSON.stringify({ writableLocations: [REGION], readableLocations: [REGION] });

/** Grants whose resource token is called `name`. */
function grantsOf(name: string, expiresAtMs: number, scope: Partial<GrantScope> = {}) {
  const grants: CosmosUserGrants = {
    cosmosUserId: "ann",
    expiresAtMs,
    grants: [
      {
        scope: { permissionId: "p", container: "orders", mode: "All", expiresAtMs, ...scope },
        resourceToken: new Secret(`type=resource&ver=1&sig=${name};`),
      },
    ],
  };
  return grants;
}

interface Answer {
  readonly status: number;
  readonly message?: string;
}

/** A runner over a Cosmos DB that answers item requests so, the last answer again and again. */
function createRunner(answers: readonly Answer[], options: Partial<ScopedRunnerOptions> = {}) {
  const left = [...answers];
  const log: string[] = [];
  const clock = { nowMs: () => 1000 };
  const runner = createScopedRunner({
    endpoint: "https://account.test/",
    database: "shop",
    clock,
    metadata: createMetadataCache(clock),
    session: createSession(),
    signal: undefined,
    renew: async (stale) => {
      log.push(`renewed what ends at ${stale.expiresAtMs}`);
      return grantsOf("new", 9000);
    },
    grants: grantsOf("first", 1001),
    httpClient: {
      sendRequest: async (request) => {
        const headers = createHttpHeaders({ "x-ms-request-charge": "1.5" });
        const path = new URL(request.url).pathname;
        if (!path.includes("/docs")) {
          const definition = { id: "orders", partitionKey: { paths: ["/t", "/u"] } };
          const bodyAsText = path === "/" ? ACCOUNT : JSON.stringify(definition);
          return { request, status: 200, headers, bodyAsText };
        }
        log.push(`${request.method} with ${tokenOf(request)}`);
        const { status, message } = (left.length > 1 ? left.shift() : left[0]) ?? { status: 200 };
        const bodyAsText = JSON.stringify(message === undefined ? { id: "1" } : { message });
        return { request, status, headers, bodyAsText };
      },
    },
    ...options,
  });
  return { runner, log };
}

function tokenOf({ headers }: PipelineRequest): string | undefined {
  return /sig=(.*);/.exec(decodeURIComponent(headers.get("authorization") ?? ""))?.[1];
}

const read = (container: Container, abortSignal: AbortSignal) =>
  container.item("1", ["t"]).read({ abortSignal });
const forbidden = { status: 403, message: "Insufficient permissions" };
const spent = { status: 403, message: "The authorization token is not valid at the current time." };

describe("grants that end", () => {
  test("are used until then, and no renewal is asked for", async () => {
    const { runner, log } = createRunner([{ status: 200 }]);
    await runner.run(READ, read);
    expect(log).toEqual(["GET with first"]);
    expect(runner.grants.expiresAtMs).toBe(1001);
  });

  test("are renewed first, once they have ended, for this operation and those that follow", async () => {
    const { runner, log } = createRunner([{ status: 200 }], { grants: grantsOf("first", 1000) });
    await runner.run(READ, read);
    await runner.run(READ, read);
    expect(log).toEqual(["renewed what ends at 1000", "GET with new", "GET with new"]);
    expect(runner.grants.expiresAtMs).toBe(9000);
  });

  test.each<[string, Answer]>([
    ["for their time", spent],
    ["as what the account does not know", { status: 401, message: "no" }],
  ])("and are refused %s are renewed, and the operation is run once more", async (_, refusal) => {
    const { runner, log } = createRunner([refusal, { status: 200 }]);
    await runner.run(READ, read);
    expect(log).toEqual(["GET with first", "renewed what ends at 1001", "GET with new"]);
  });

  test("are renewed once: new ones that are refused as well are another fault", async () => {
    const { runner, log } = createRunner([{ status: 401, message: "no" }]);
    await expect(runner.run(READ, read)).rejects.toMatchObject({ code: "UPSTREAM_UNAVAILABLE" });
    expect(log).toEqual(["GET with first", "renewed what ends at 1001", "GET with new"]);
  });
});

describe("a failure", () => {
  test("of another kind is the caller's, at once", async () => {
    const { runner, log } = createRunner([forbidden]);
    await expect(runner.run(READ, read)).rejects.toMatchObject({
      code: "FORBIDDEN",
      logReason: expect.stringContaining("read in container orders"),
    });
    expect(log).toEqual(["GET with first"]);
  });

  test("to find a grant sends nothing", async () => {
    const grants = grantsOf("first", 1001, { partitionKey: ["other"] });
    const { runner, log } = createRunner([{ status: 200 }], { grants });
    await expect(runner.run(READ, read)).rejects.toMatchObject({ code: "FORBIDDEN" });
    expect(log).toEqual([]);
  });

  test("of a query under a prefix says what the permission lacks", async () => {
    const grants = grantsOf("first", 1001, { partitionKey: ["t"] });
    const { runner } = createRunner([forbidden], { grants });
    const query = runner.run({ kind: "query", container: "orders", partitionKey: ["t"] }, (c) =>
      c.items.query("SELECT * FROM c", { partitionKey: ["t"] }).fetchAll(),
    );
    await expect(query).rejects.toThrow("names all levels");
  });
});

describe("a query that Cosmos DB refuses under a permission on outer levels", () => {
  const query = (grants: CosmosUserGrants, answers: readonly Answer[]) => {
    const { runner, log } = createRunner(answers, { grants });
    const request: ItemRequest = { kind: "query", container: "orders", partitionKey: ["t"] };
    const outcome = runner.run(request, (container) =>
      container.items.query("SELECT * FROM c", { partitionKey: ["t"] }).fetchAll(),
    );
    return { outcome, log };
  };
  const narrow = { partitionKey: ["t"] };

  /** Grants of that scope, and besides of those of `others`. */
  function grantsBeside(...others: readonly Partial<GrantScope>[]): CosmosUserGrants {
    const first = grantsOf("narrow", 1001, narrow);
    const more = others.map((scope, index) => grantsOf(`other${index}`, 1001, scope));
    return { ...first, grants: [first, ...more].flatMap(({ grants }) => grants) };
  }

  test("runs under one on the whole container, if there is one", async () => {
    const { outcome, log } = query(grantsBeside({}), [forbidden, { status: 200 }]);
    await outcome;
    expect(log).toEqual(["POST with narrow", "POST with other0"]);
  });

  test.each<[string, Partial<GrantScope>]>([
    ["another container", { container: "carts" }],
    ["another partition", { partitionKey: ["u", "v"] }],
    ["a single item", { item: "1" }],
  ])("runs under none on %s", async (_what, scope) => {
    const { outcome, log } = query(grantsBeside(scope), [forbidden, { status: 200 }]);
    await expect(outcome).rejects.toThrow("names all levels");
    expect(log).toEqual(["POST with narrow"]);
  });

  test("is not tried again for another failure", async () => {
    const { outcome, log } = query(grantsBeside({}), [{ status: 404, message: "gone" }]);
    await expect(outcome).rejects.toMatchObject({ code: expect.not.stringMatching("FORBIDDEN") });
    expect(log).toEqual(["POST with narrow"]);
  });
});

test("the cost is that of everything that went over the wire", async () => {
  const { runner } = createRunner([{ status: 200 }, forbidden]);
  await runner.run(READ, read);
  await runner.run(READ, read).catch(() => {});
  // The account document is one of the three.
  expect(runner.cost).toEqual({ requestCharge: 4.5, requests: 3 });
});

describe("a deadline", () => {
  const never = () => new Promise<never>(() => {});
  const busy = new GatewayError("OVERLOADED", "Busy.");

  /** An admission that made its callers wait. */
  const admission: RequestAdmission = {
    admit: async () => ({ release: () => {} }),
    overload: () => busy,
    finish: () => {},
    end: () => {},
  };

  test("that has passed sends nothing", async () => {
    const { runner, log } = createRunner([{ status: 200 }], { signal: AbortSignal.abort() });
    await expect(runner.run(READ, read)).rejects.toMatchObject({
      code: "TIMEOUT",
      logReason: "deadline passed: read in container orders",
    });
    expect(log).toEqual([]);
  });

  test("renews no grants when it has passed", async () => {
    const grants = grantsOf("first", 1000);
    const { runner, log } = createRunner([], { signal: AbortSignal.abort(), grants });
    await expect(runner.run(READ, read)).rejects.toMatchObject({ code: "TIMEOUT" });
    expect(log).toEqual([]);
  });

  test("ends an operation that does not end by itself, a write with what is uncertain", async () => {
    const deadline = new AbortController();
    const { runner } = createRunner([], { signal: deadline.signal });
    const outcomes = [READ, CHANGE].map((request) =>
      runner.run(request, never).catch(({ message }: Error) => message),
    );
    deadline.abort();
    expect(await Promise.all(outcomes)).toEqual([
      "The data store did not answer in time.",
      "The data store did not answer in time. The change may have been made.",
    ]);
  });

  test("reaches the requests of a read and not those of a write", async () => {
    const { signal } = new AbortController();
    const { runner } = createRunner([], { signal });
    const seen = async (request: ItemRequest) => runner.run(request, async (_, given) => given);
    expect(await seen(READ)).toBe(signal);
    expect(await seen(CHANGE)).not.toBe(signal);
  });

  test("that has a reason of the gateway's is told as that", async () => {
    const reason = new GatewayError("QUERY_TOO_EXPENSIVE", "Too much.");
    const { runner } = createRunner([], { signal: AbortSignal.abort(reason), admission });
    await expect(runner.run(READ, never)).rejects.toBe(reason);
  });

  test("of a read that the process made wait is the process's fault, of a write uncertain", async () => {
    const { runner } = createRunner([], { signal: AbortSignal.abort(), admission });
    await expect(runner.run(READ, never)).rejects.toBe(busy);
    await expect(runner.run(CHANGE, never)).rejects.toMatchObject({ code: "TIMEOUT" });
  });
});
