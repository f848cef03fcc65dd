import { afterAll, beforeAll, expect, test } from "vitest";
import { createRandom } from "../random.ts";
import { createWorld } from "../world/create-world.ts";
import { type StartedWorld, startWorld } from "../world/start-world.ts";
import { bearerOf } from "./bearer-of.ts";
import { callersOf } from "./history.ts";
import { type BearerKind, nextHostileStep } from "./hostile-step.ts";
import { runHostileStep } from "./run-hostile-step.ts";
import { createTokenWatch } from "./token-watch.ts";

const world = createWorld(createRandom(71), { tenants: 2, itemsPerPartition: 3 });
const callers = callersOf(world);
let started: StartedWorld;
let url: string;

beforeAll(async () => {
  started = await startWorld(world);
  url = started.replicas[0]?.url ?? "";
});
afterAll(() => started.stop());

const given = { do: "list", type: "Product", pageSize: 1, partitionKey: ["desks"] } as const;
const step = {
  do: "cursor",
  owner: "operator",
  given,
  caller: "operator",
  shown: given,
  replica: 0,
} as const;
const differenceOf = async (changed: object) =>
  (await runHostileStep(started, { ...step, ...changed }, callers, url))?.difference?.kind;

test("a cursor of one's own goes on; any other is refused for being another", async () => {
  expect(await differenceOf({})).toBe("wrong grant");
  expect(await differenceOf({ caller: "second operator" })).toBeUndefined();
  expect(await differenceOf({ alteredAt: 0.5 })).toBeUndefined();
  expect(await differenceOf({ alteredAt: 0.99 })).toBeUndefined();
  expect(await differenceOf({ shown: { ...given, partitionKey: ["chairs"] } })).toBeUndefined();
});

test("steps are of every kind, and plain JSON", () => {
  const random = createRandom(72);
  const names = ["operator", "manager of contoso", "clerk of contoso"];
  const steps = Array.from({ length: 60 }, () =>
    nextHostileStep(world, world.store, callers, names, random),
  );
  expect(JSON.parse(JSON.stringify(steps))).toEqual(steps);
  const cursors = steps.filter((one) => one.do === "cursor");
  const foreign = cursors.filter(({ owner, caller }) => owner !== caller);
  const altered = cursors.filter(({ alteredAt }) => alteredAt !== undefined);
  expect(foreign.length).toBeGreaterThan(3);
  expect(altered.length).toBeGreaterThan(3);
  expect(cursors.length - foreign.length - altered.length).toBeGreaterThan(3);
  expect(steps.length - cursors.length).toBeGreaterThan(3);
});

test.each(["spoiled", "other audience", "expired", "good"] as const)(
  "a bearer token that is %s",
  async (kind: BearerKind) => {
    const caller = callers.get("operator");
    if (caller === undefined) {
      throw new Error("The world has no operator.");
    }
    const bearer = await bearerOf(started, kind, caller, url);
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${bearer}` },
      body: JSON.stringify({ query: "{ viewer { cosmosUser } }" }),
    });
    expect(response.status).toBe(kind === "good" ? 200 : 401);
    expect(started.secrets.bearerTokens).toContain(bearer);
  },
);

test("a token of another user is seen, and one of the caller's own is none", async () => {
  const watch = createTokenWatch(started);
  await watch.findForeign("anyone", true);
  const ask = async () => {
    const bearer = await started.bearerFor({ claims: { sub: "operator", roles: ["operator"] } });
    await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${bearer}` },
      body: JSON.stringify({ query: '{ products(category: "desks", first: 1) { nodes { id } } }' }),
    });
  };
  await ask();
  expect(await watch.findForeign(callers.get("operator"), true)).toBeUndefined();
  await ask();
  expect((await watch.findForeign(callers.get("second operator"), true))?.detail).toContain(
    "operator:second operator was sent with a token of operator:operator",
  );
  await ask();
  expect(await watch.findForeign(undefined, true)).toMatchObject({ kind: "foreign token" });
});
