import { afterAll, beforeAll, expect, test } from "vitest";
import { createLogger, createLogObserver } from "../../src/observability/log.ts";
import type { Observation } from "../../src/observability/observation.ts";
import type { Fault } from "../emulator-controls.ts";
import { knownExceptions } from "../evidence/oracle/known-exceptions.ts";
import { createLeakSearch, type Leak, type LeakSearch } from "../evidence/oracle/leak-search.ts";
import { searchResponse } from "../evidence/oracle/search-response.ts";
import { watchUsedTokens } from "../evidence/oracle/watch-used-tokens.ts";
import { type GatewayUnderTest, startGatewayUnderTest } from "./gateway-under-test.ts";
import { MARKED_SHOP, MARKS, mayCarry } from "./marked-shop.ts";
import { type KindOfOperation, OPERATIONS_OF_EVERY_KIND } from "./operations-of-every-kind.ts";

const CURSOR_SECRET = "a secret of cursors that is long enough for its use";

let gateway: GatewayUnderTest;
let leakSearch: LeakSearch;
let stopWatching: () => void;
const usedTokens = new Set<string>();
let aheadMs = 0;
const accountKeys = new Set<string>();
/** The Cosmos DB user of each token that was issued, as the emulator names it. */
const ownersOfIssued = new Map<string, string>();

beforeAll(async () => {
  stopWatching = watchUsedTokens((token) => usedTokens.add(token));
  gateway = await startGatewayUnderTest({
    database: MARKED_SHOP,
    clock: { nowMs: () => Date.now() + aheadMs },
    configure: (yaml) =>
      yaml
        .replace("  provision: auto", "  provision: auto\n  issue: true\napi: { generic: true }")
        .replace("  port: 4000", `  port: 4000\n  cursorSecret: "${CURSOR_SECRET}"`),
  });
});
afterAll(async () => {
  stopWatching();
  await gateway.stop();
});

/** Answers as they came, to be searched when every token is known. */
const received: { readonly response: Response; readonly body: string; readonly to: string }[] = [];

async function receive(to: string, path: string, init: RequestInit = {}) {
  const response = await fetch(new URL(path, gateway.address), init);
  const body = await response.text();
  received.push({ response, body, to });
  return { response, body };
}

async function ask({ as, query, variables = {} }: KindOfOperation) {
  const bearerToken = await (as === "stranger"
    ? gateway.issuer.issue({ sub: "stranger" })
    : gateway.bearerTokenOf(String(as)));
  return receive(String(as), "/graphql", {
    method: "POST",
    headers: {
      "content-type": "application/json",
      ...(as === "nobody" ? {} : { authorization: `Bearer ${bearerToken}` }),
    },
    body: JSON.stringify({ query, variables }),
  });
}

const codesIn = (body: string) =>
  [...body.matchAll(/"code":"([A-Z_]+)"/g)].map(([, code]) => code).filter((code) => code !== "");

/** Which Cosmos DB user a token acts for: shown to the emulator, whose request log says it. */
async function learnOwner(token: string): Promise<void> {
  await gateway.forgetRequests();
  const authorization = encodeURIComponent(token);
  await fetch(gateway.emulator.endpoint, { headers: { authorization } });
  const [request] = await gateway.requests();
  ownersOfIssued.set(token, request?.cosmosUser ?? "nobody");
}

const FAULTS: readonly Fault[] = [
  { match: { path: "/docs" }, status: 500 },
  { match: { path: "/docs" }, status: 503, times: 20 },
  { match: { path: "/docs" }, status: 429, retryAfterMs: 20_000, times: 20 },
  { match: { path: "/docs" }, status: 403, times: 20 },
  { match: { path: "/docs" }, status: 410, substatus: 1002, times: 20 },
  { match: { path: "/docs" }, drop: true, times: 20 },
  { match: { path: "/docs" }, status: 405, times: 20 },
  { match: { path: "/users" }, status: 500, times: 20 },
  { match: { path: "/users" }, status: 401, times: 20 },
];

async function runEverything(): Promise<void> {
  for (const operation of OPERATIONS_OF_EVERY_KIND) {
    const { body } = await ask(operation);
    const codes = codesIn(body);
    expect([operation.query, codes.includes(operation.fails ?? "")]).toEqual([
      operation.query,
      operation.fails !== undefined,
    ]);
    for (const [, token] of body.matchAll(/"token":"(type=resource[^"]+)"/g)) {
      await learnOwner(String(token));
    }
  }
  for (const [index, fault] of FAULTS.entries()) {
    await gateway.addFault(fault);
    const tid = index % 2 === 0 ? "contoso" : "fabrikam";
    const bearerToken = await gateway.issuer.issue({ sub: `${index}`, tid, roles: ["manager"] });
    await receive(`${tid}-manager`, "/graphql", {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${bearerToken}` },
      body: JSON.stringify({ query: `mutation { deleteOrder(id: "order-2") }` }),
    });
    await gateway.clearFaults();
  }
  // An answer of /readyz is kept for five seconds.
  aheadMs = 6000;
  await gateway.addFault({ match: { path: "/dbs/shop$" }, status: 500, times: 20 });
  await receive("nobody", "/readyz");
  await gateway.clearFaults();
  const [oldKey] = gateway.emulator.keys;
  accountKeys.add(oldKey);
  await fetch(new URL("_emulator/keys", gateway.emulator.endpoint), {
    method: "POST",
    body: JSON.stringify({ regenerate: "primary" }),
  });
  await ask({ as: "fabrikam-member", query: "{ orders { totalCount } }" });
  const bearerToken = await gateway.bearerTokenOf("contoso-member");
  const bent = `${bearerToken.slice(0, -4)}AAAA`;
  const expired = await gateway.issuer.issue({ sub: "late" }, { lifetimeSeconds: -120 });
  for (const authorization of [`Bearer ${bent}`, `Bearer ${expired}`, bearerToken, "Bearer"]) {
    await receive("nobody", "/graphql?query=%7Bviewer%7Bsubject%7D%7D", {
      headers: { authorization, "content-type": "application/json" },
    });
  }
  for (const path of ["/graphql", "/healthz", "/readyz", "/nowhere", `/x/${bearerToken}`]) {
    await receive("nobody", path, path.startsWith("/x") ? {} : { method: "POST", body: "{" });
  }
}

/** What the gateway logged, in the lines of the log itself. */
function logLines(observations: readonly Observation[]): readonly string[] {
  const lines: string[] = [];
  const observe = createLogObserver(createLogger((line) => lines.push(line)));
  observations.forEach(observe);
  return lines;
}

function searchLog(lines: readonly string[]): readonly Leak[] {
  return lines.flatMap((line) =>
    leakSearch.search(line, { mayCarry: new Set<string>(), where: "log" }),
  );
}

function cosmosUserOf(caller: string): string {
  const [tenant, role] = caller.split("-");
  return role === undefined ? `${caller}:${caller}` : `${role}:${tenant}:${caller}`;
}

beforeAll(async () => {
  await runEverything();
  const [primary, secondary] = gateway.emulator.keys;
  accountKeys.add(primary).add(secondary);
  leakSearch = createLeakSearch({
    marks: MARKS,
    secrets: [
      ...[...accountKeys].map((value, index) => ({ name: `account key ${index}`, value })),
      { name: "the secret of cursors", value: CURSOR_SECRET },
      ...[...usedTokens]
        .filter((value) => value.length >= 24)
        .map((value, index) => ({ name: `used token ${index}`, value })),
      ...[...ownersOfIssued].map(([value, owner]) => ({ name: `of ${owner}`, value, owner })),
    ],
    exceptions: knownExceptions(primary),
  });
});

test("no answer and no header holds another's mark, a key or a token", () => {
  expect(usedTokens.size).toBeGreaterThan(20);
  for (const kind of ["type=master", "type=resource", "eyJ"]) {
    expect([...usedTokens].some((token) => token.startsWith(kind))).toBe(true);
  }
  for (const { response, body, to } of received) {
    const leaks = searchResponse(
      leakSearch,
      { statusText: response.statusText, headers: response.headers, body },
      { mayCarry: mayCarry(to), cosmosUser: cosmosUserOf(to) },
    );
    expect([body.slice(0, 200), leaks]).toEqual([body.slice(0, 200), []]);
  }
});

test("no line of the log holds a mark, a key or a token", () => {
  const lines = logLines(gateway.observations);
  const events = new Set(lines.map((line) => JSON.parse(line).event));
  for (const event of [
    "permission-created",
    "grants-minted",
    "resource-tokens-issued",
    "caller-refused",
    "request-refused",
    "item-misfit",
    "account-key-refused",
    "not-ready",
  ]) {
    expect(events).toContain(event);
  }
  expect(searchLog(lines)).toEqual([]);
});

test("an answer to the wrong caller would be found", () => {
  const withMarks = received.filter(({ body, to }) => to === "auditor" && body.includes("mk"));
  expect(withMarks).not.toEqual([]);
  for (const { body } of withMarks) {
    const context = { mayCarry: mayCarry("contoso-member"), where: "answer" as const };
    expect(leakSearch.search(body, context)).toMatchObject([{ name: "fabrikam" }]);
  }
});

test("issued tokens to the wrong caller, or in another place, would be found", () => {
  const issued = received.filter(({ body }) => body.includes('"issueResourceTokens":'));
  expect(issued).toHaveLength(1);
  for (const { body } of issued) {
    const context = { mayCarry: new Set<string>(), where: "answer" as const };
    const other = { ...context, cosmosUser: "member:fabrikam:fabrikam-member" };
    expect(leakSearch.search(body, other)).not.toEqual([]);
    expect(leakSearch.search(body, context)).not.toEqual([]);
  }
});

test("a log line with a token that nobody masked would be found", () => {
  const find = (text: string) =>
    searchLog(logLines([{ kind: "operation-failed", errorId: "e1", error: new Error(text) }]));
  for (const token of usedTokens) {
    if (token.length >= 24) {
      expect(find(`Refused with authorization: ${token}`)).not.toEqual([]);
      expect(find(`Refused with ${encodeURIComponent(token).slice(0, 90)}…`)).not.toEqual([]);
    }
  }
  for (const key of accountKeys) {
    const leaks = find(`with key ${key}`);
    expect(leaks.some(({ name }) => name.startsWith("account key"))).toBe(true);
  }
  expect(find("Refused.")).toEqual([]);
});
