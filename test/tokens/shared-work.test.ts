import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, test } from "vitest";
import type { Demand } from "../../src/tokens/demand.ts";
import { shareWork } from "../../src/tokens/shared-work.ts";

function createWork() {
  let demand: Demand | undefined;
  let finish: (result: string) => void = () => {};
  const shared = shareWork((of) => {
    demand = of;
    return new Promise<string>((resolve) => {
      finish = resolve;
    });
  });
  return { shared, demand: () => demand, finish: (result: string) => finish(result) };
}

test("is wanted as long as anyone waits, and by one who comes after the last one left", async () => {
  const { shared, demand, finish } = createWork();
  const [first, second] = [new AbortController(), new AbortController()];
  const onAbort = () => new Error("left");
  const waits = [
    shared.wait({ signal: first.signal, deadlineMs: 10, onAbort }),
    shared.wait({ signal: second.signal, deadlineMs: 20, onAbort }),
  ].map((wait) => wait.catch((error: Error) => error.message));
  await nextTurn();
  expect([demand()?.isWanted, demand()?.deadlineMs]).toEqual([true, 20]);
  let calls = 0;
  demand()?.whenUnwanted(() => {
    calls += 1;
  });
  second.abort();
  await nextTurn();
  expect([demand()?.isWanted, demand()?.deadlineMs, calls]).toEqual([true, 10, 0]);
  first.abort();
  await nextTurn();
  expect([demand()?.isWanted, calls]).toEqual([false, 1]);
  const third = shared.wait();
  expect([demand()?.isWanted, demand()?.deadlineMs]).toEqual([true, Number.POSITIVE_INFINITY]);
  finish("done");
  expect(await third).toBe("done");
  expect(await Promise.all(waits)).toEqual(["left", "left"]);
});

test("a wait that is ended without words of its own is rejected with the signal's reason", async () => {
  const { shared } = createWork();
  const reason = new Error("the deadline");
  const waiter = new AbortController();
  const wait = shared.wait({ signal: waiter.signal });
  waiter.abort(reason);
  await expect(wait).rejects.toBe(reason);
});

test("who called off its callback is not called when nobody waits any more", async () => {
  const { shared, demand } = createWork();
  const waiter = new AbortController();
  const wait = shared.wait({ signal: waiter.signal }).catch(() => {});
  await nextTurn();
  let calls = 0;
  const callOff = demand()?.whenUnwanted(() => {
    calls += 1;
  });
  callOff?.();
  waiter.abort();
  await wait;
  expect(calls).toBe(0);
});

test("work that nobody ever waits for may fail without ending the process", async () => {
  const unheard: unknown[] = [];
  const listen = (reason: unknown) => unheard.push(reason);
  process.on("unhandledRejection", listen);
  shareWork(() => Promise.reject(new Error("failed")));
  await nextTurn();
  process.off("unhandledRejection", listen);
  expect(unheard).toEqual([]);
});
