import { beforeEach, expect, test } from "vitest";
import { GatewayError } from "../../src/gateway-error.ts";
import { createReadinessCheck, type ReadinessProbe } from "../../src/http/readiness.ts";
import type { Observation } from "../../src/observability/observation.ts";

let time: { nowMs: number };
let isDraining: boolean;
let observed: Observation[];

beforeEach(() => {
  time = { nowMs: 0 };
  isDraining = false;
  observed = [];
});

function checkOf(...probes: readonly ReadinessProbe[]) {
  return createReadinessCheck({
    probes,
    isDraining: () => isDraining,
    clock: { nowMs: () => time.nowMs },
    observe: (observation) => observed.push(observation),
  });
}

const passing = async () => {};
const failing = (error: Error) => async () => {
  throw error;
};

test("is ready if every probe passes", async () => {
  const check = checkOf({ name: "one", probe: passing }, { name: "two", probe: passing });
  expect(await check()).toEqual({ ready: true, checks: { one: "ok", two: "ok" } });
});

test("says which probe failed, and why in the log alone", async () => {
  const error = new Error("no route to 10.0.0.7");
  const check = checkOf({ name: "one", probe: failing(error) }, { name: "two", probe: passing });
  expect(await check()).toEqual({ ready: false, checks: { one: "failed", two: "ok" } });
  expect(observed).toEqual([{ kind: "not-ready", probe: "one", error }]);
});

test("says which container is missing", async () => {
  const error = new GatewayError("CONTAINER_MISSING", "The container is missing.");
  const check = checkOf({ name: "containers", probe: failing(error) });
  expect(await check()).toMatchObject({ reasons: { containers: "The container is missing." } });
});

test("does not ask a probe whose ground has failed", async () => {
  let asked = 0;
  const check = checkOf(
    { name: "ground", probe: failing(new Error("gone")) },
    {
      name: "above",
      needs: "ground",
      probe: async () => {
        asked += 1;
      },
    },
  );
  expect(await check()).toMatchObject({ checks: { ground: "failed", above: "unchecked" } });
  expect(asked).toBe(0);
});

test("asks once for all who ask within five seconds", async () => {
  let asked = 0;
  const check = checkOf({
    name: "one",
    probe: async () => {
      asked += 1;
    },
  });
  await Promise.all([check(), check()]);
  time.nowMs = 4_999;
  await check();
  expect(asked).toBe(1);
  time.nowMs = 5_000;
  await check();
  expect(asked).toBe(2);
});

test("is not ready once the process is about to end, and asks nothing more", async () => {
  const check = checkOf({ name: "one", probe: passing });
  await check();
  isDraining = true;
  expect(await check()).toEqual({ ready: false, checks: { running: "failed" } });
});
