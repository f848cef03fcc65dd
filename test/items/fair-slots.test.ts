import { setImmediate as nextTurn } from "node:timers/promises";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createFairSlots } from "../../src/items/fair-slots.ts";

const never = new AbortController().signal;

function slotsOf(limits: Partial<Parameters<typeof createFairSlots>[0]> = {}) {
  return createFairSlots({
    slots: 4,
    slotsPerOwner: 2,
    waiting: 100,
    waitingPerOwner: 50,
    onFull: () => new Error("full"),
    ...limits,
  });
}

/** Takes slots in the background, and keeps a list of who has one. */
function createTakers(slots: ReturnType<typeof slotsOf>) {
  const served: string[] = [];
  const refused: unknown[] = [];
  const giveBacks: (() => void)[] = [];
  return {
    served,
    refused,
    take: (owner: string, signal = never) => {
      slots.take(owner, signal).then(
        (giveBack) => {
          served.push(owner);
          giveBacks.push(giveBack);
        },
        (error) => refused.push(error),
      );
    },
    giveBackFirst: async () => {
      giveBacks.shift()?.();
      await nextTurn();
    },
  };
}

describe("slots for the requests of many owners", () => {
  test("an owner who wants hundreds has its share, and another one is served at once", async () => {
    const { take, served } = createTakers(slotsOf({ waitingPerOwner: 1_000, waiting: 1_000 }));
    for (let index = 0; index < 400; index += 1) {
      take("hog");
    }
    take("other");
    await nextTurn();
    expect(served).toEqual(["hog", "hog", "other"]);
  });

  test("those who wait have their turns one owner after the other", async () => {
    const { take, served, giveBackFirst } = createTakers(slotsOf({ slots: 1, slotsPerOwner: 1 }));
    for (const owner of ["a", "a", "a", "b", "b", "c"]) {
      take(owner);
    }
    await nextTurn();
    for (let index = 0; index < 6; index += 1) {
      await giveBackFirst();
    }
    expect(served).toEqual(["a", "a", "b", "c", "a", "b"]);
  });

  test("a waiter whose signal is aborted leaves at once, and keeps no slot", async () => {
    const { take, served, refused, giveBackFirst } = createTakers(slotsOf({ slots: 1 }));
    const leaving = new AbortController();
    take("a");
    take("a", leaving.signal);
    take("b");
    await nextTurn();
    leaving.abort(new Error("left"));
    await nextTurn();
    expect(refused).toEqual([new Error("left")]);
    await giveBackFirst();
    await giveBackFirst();
    take("c");
    await nextTurn();
    expect(served).toEqual(["a", "b", "c"]);
    take("d", leaving.signal);
    await nextTurn();
    expect(refused).toHaveLength(2);
  });

  test("a slot that is given back twice is one slot", async () => {
    const slots = slotsOf({ slots: 1 });
    const giveBack = await slots.take("a", never);
    giveBack();
    giveBack();
    const { take, served } = createTakers(slots);
    take("a");
    take("b");
    await nextTurn();
    expect(served).toEqual(["a"]);
  });

  test("too many of one owner are refused; too many in all cost the longest line its newest", async () => {
    const slots = slotsOf({ slots: 1, slotsPerOwner: 1, waiting: 3, waitingPerOwner: 3 });
    const { take, served, refused, giveBackFirst } = createTakers(slots);
    for (const owner of ["a", "a", "a", "a"]) {
      take(owner);
    }
    await nextTurn();
    expect(refused).toEqual([]);
    take("a");
    await nextTurn();
    expect(refused).toEqual([new Error("full")]);
    take("b");
    await nextTurn();
    expect(refused).toHaveLength(2);
    for (let index = 0; index < 5; index += 1) {
      await giveBackFirst();
    }
    expect(served).toEqual(["a", "a", "b", "a"]);
  });

  test("never go above a bound, and lose no waiter, whatever comes, goes and gives up", async () => {
    const step = fc.record({
      does: fc.constantFrom("take", "take", "giveBack", "abort"),
      owner: fc.constantFrom("a", "b", "c", "d"),
      place: fc.nat(10),
    });
    const limits = fc.record({
      slots: fc.integer({ min: 1, max: 5 }),
      slotsPerOwner: fc.integer({ min: 1, max: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(limits, fc.array(step, { maxLength: 60 }), async (of, steps) => {
        const slots = slotsOf(of);
        const holding: { owner: string; giveBack: () => void }[] = [];
        const waiting: { owner: string; controller: AbortController }[] = [];
        const check = () => {
          const held = (owner: string) => holding.filter((each) => each.owner === owner).length;
          expect(holding.length).toBeLessThanOrEqual(of.slots);
          for (const owner of ["a", "b", "c", "d"]) {
            expect(held(owner)).toBeLessThanOrEqual(of.slotsPerOwner);
          }
          const mayGo = waiting.filter(({ owner }) => held(owner) < of.slotsPerOwner);
          expect(holding.length === of.slots || mayGo.length === 0).toBe(true);
        };
        for (const { does, owner, place } of steps) {
          if (does === "take") {
            const waiter = { owner, controller: new AbortController() };
            waiting.push(waiter);
            const leave = () => waiting.splice(waiting.indexOf(waiter), 1);
            slots.take(owner, waiter.controller.signal).then((giveBack) => {
              leave();
              holding.push({ owner, giveBack });
            }, leave);
          } else if (does === "giveBack") {
            holding.splice(place, 1)[0]?.giveBack();
          } else {
            waiting[place]?.controller.abort();
          }
          await nextTurn();
          check();
        }
        for (let rounds = 0; rounds < 100 && holding.length > 0; rounds += 1) {
          holding.shift()?.giveBack();
          await nextTurn();
        }
        expect(waiting).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });
});
