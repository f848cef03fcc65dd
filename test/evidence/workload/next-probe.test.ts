import { afterAll, beforeAll, expect, test } from "vitest";
import { createRandom } from "../random.ts";
import type { Caller } from "../world/callers.ts";
import { createWorld } from "../world/create-world.ts";
import { RESOURCE_TOKEN_PATTERN, type StartedWorld, startWorld } from "../world/start-world.ts";
import { MARK_PATTERN } from "../world/tenants.ts";
import { ask } from "./ask.ts";
import { nextCaller } from "./next-operation.ts";
import { type GivenCursor, judgeProbe, nextProbe, type Probe, sendProbe } from "./next-probe.ts";
import type { Observed } from "./observed.ts";

const world = createWorld(createRandom(61), { tenants: 3, itemsPerPartition: 4 });
let started: StartedWorld;
let url: string;

beforeAll(async () => {
  started = await startWorld(world);
  url = started.replicas[0]?.url ?? "";
});
afterAll(() => started.stop());

async function givenCursors(): Promise<readonly GivenCursor[]> {
  const operation = { do: "list", type: "Order", pageSize: 2 } as const;
  const managers = world.callers.filter(({ name }) => /^manager of (contoso|fabrikam)/.test(name));
  const given = managers.map(async (caller) => {
    const { cursors } = await ask(operation, { url, bearer: await started.bearerFor(caller) });
    return cursors.map((cursor) => ({ caller: caller.name, operation, cursor }));
  });
  return (await Promise.all(given)).flat();
}

const send = async (probe: Probe, caller: Caller) =>
  sendProbe(
    probe,
    { url, bearer: await started.bearerFor(caller) },
    started.secrets.resourceTokens,
  );

test("probes get nothing that their caller may not see, and tokens are noted", async () => {
  const cursors = await givenCursors();
  expect(cursors.length).toBeGreaterThan(4);
  const random = createRandom(62);
  const names = new Set<string>();
  for (let index = 0; index < 90; index += 1) {
    const caller = nextCaller(world, random);
    const probe = nextProbe(world, caller, cursors, random);
    names.add(probe.name);
    const observed = await send(probe, caller);
    expect([probe, judgeProbe(probe, observed)]).toEqual([probe, undefined]);
    const texts = observed.replies.map(({ text }) => text).join("");
    for (const mark of texts.match(MARK_PATTERN) ?? []) {
      expect(caller.mayCarry).toContain(world.marks.get(mark));
    }
    expect(RESOURCE_TOKEN_PATTERN.test(texts) && probe.may !== "tokens").toBe(false);
  }
  expect(names.size).toBe(7);
  expect(started.secrets.resourceTokens.size).toBeGreaterThan(0);
  for (const token of started.secrets.resourceTokens) {
    expect(token).toMatch(RESOURCE_TOKEN_PATTERN);
  }
}, 240_000);

test("something where there should be nothing is a difference", () => {
  const probe: Probe = { name: "p", query: "", variables: {}, alias: "item", may: "nothing" };
  const observed: Observed = { replies: [], errors: [], cursors: [] };
  expect(judgeProbe(probe, observed)).toBeUndefined();
  expect(judgeProbe(probe, { ...observed, answer: { id: "o1" } })?.kind).toBe("wrong grant");
  expect(judgeProbe({ ...probe, may: "anything" }, { ...observed, answer: [] })).toBeUndefined();
  expect(judgeProbe(probe, { ...observed, failure: "reset" })?.kind).toBe("no answer");
});

test("a cursor of one's own goes on, so that a foreign one is refused for being foreign", async () => {
  const [given] = await givenCursors();
  const owner = world.callers.find(({ name }) => name === given?.caller);
  const other = world.callers.find(({ name }) => name === "ann of contoso");
  if (given === undefined || owner === undefined || other === undefined) {
    throw new Error("There is no cursor, or no caller of that name.");
  }
  const random = createRandom(63);
  const probes = Array.from({ length: 40 }, () => nextProbe(world, other, [given], random));
  const foreign = probes.find(({ name }) => name === "somebody else's cursor");
  if (foreign === undefined) {
    throw new Error("Forty probes, and none with a foreign cursor.");
  }
  expect((await send(foreign, owner)).answer).toBeDefined();
  expect(await send(foreign, other)).toMatchObject({ errors: [{ code: "BAD_USER_INPUT" }] });
});
