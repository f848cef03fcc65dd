import { setImmediate as nextTurn } from "node:timers/promises";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type AnswerHolder, createAnswerMemory } from "../../src/items/answer-memory.ts";

const MB = 1024 * 1024;
const never = new AbortController().signal;

/** Reads one page of that many bytes, as far as there is memory. */
function read(holder: AnswerHolder, bytes: number): boolean {
  const reservation = holder.tryReserve("page");
  reservation?.settle(bytes);
  return reservation !== undefined;
}

describe("memory for answers", () => {
  test("is set aside before it is asked for, and what was not needed is free again", () => {
    const memory = createAnswerMemory({ bytes: 20 * MB });
    const [a, b, c] = ["a", "b", "c"].map((owner) => memory.open(owner));
    const [ofA, ofB] = [a?.tryReserve("page"), b?.tryReserve("page")];
    expect(ofA).toBeDefined();
    expect(ofB).toBeDefined();
    ofA?.settle(12 * MB);
    expect(c?.tryReserve("page")).toBeUndefined();
    ofB?.settle(0);
    a?.end();
    expect(c?.tryReserve("page")).toBeDefined();
  });

  test("beyond the bound only the oldest request goes on; the next one when its response was sent", async () => {
    const memory = createAnswerMemory({ bytes: 10 * MB });
    const [first, second, third] = ["a", "b", "c"].map((owner) => memory.open(owner)) as [
      AnswerHolder,
      AnswerHolder,
      AnswerHolder,
    ];
    expect([read(first, 4 * MB), read(second, 4 * MB)]).toEqual([true, true]);
    expect([read(third, MB), read(second, 4 * MB), read(first, 4 * MB)]).toEqual([
      false,
      false,
      true,
    ]);
    const woken: string[] = [];
    void second.whenRoom("page", never).then(() => woken.push("second"));
    void third.whenRoom("page", never).then(() => woken.push("third"));
    await nextTurn();
    expect(woken).toEqual([]);
    // Made, but not sent: its memory is still in use, and it needs no more.
    first.finish();
    await nextTurn();
    expect(woken).toEqual(["second"]);
    expect(read(second, 4 * MB)).toBe(true);
    first.end();
    second.end();
    await nextTurn();
    expect(woken).toEqual(["second", "third"]);
  });

  test("one Cosmos user's requests leave room for another's", () => {
    const memory = createAnswerMemory({ bytes: 40 * MB });
    const granted = Array.from({ length: 40 }, () => read(memory.open("hog"), 4 * MB));
    expect(granted.filter(Boolean)).toHaveLength(5);
    expect(read(memory.open("other"), 4 * MB)).toBe(true);
  });

  test("answers that are known to be short let many be under way", () => {
    const memory = createAnswerMemory({ bytes: 40 * MB });
    const first = memory.open("a");
    for (let index = 0; index < 100; index += 1) {
      expect(read(first, 1_000)).toBe(true);
    }
    const many = Array.from({ length: 500 }, () => memory.open("b").tryReserve("page"));
    expect(many.every((reservation) => reservation !== undefined)).toBe(true);
  });

  test("a wait ends with the signal, and a request that ended counts for nothing", async () => {
    const memory = createAnswerMemory({ bytes: MB });
    const [a, b] = [memory.open("a"), memory.open("b")];
    const late = a.tryReserve("page");
    const leaving = new AbortController();
    const wait = b.whenRoom("page", leaving.signal);
    leaving.abort(new Error("left"));
    await expect(wait).rejects.toThrow("left");
    a.end();
    late?.settle(4 * MB);
    a.tryReserve("page");
    expect(b.tryReserve("page")).toBeDefined();
  });

  test("whatever is read, waited for and sent, all end, and the bound is kept but for the oldest", async () => {
    const answers = fc.array(
      fc.record({
        owner: fc.constantFrom("a", "b", "c"),
        pages: fc.array(fc.integer({ min: 0, max: 4 * MB }), { minLength: 1, maxLength: 6 }),
        turnsToSend: fc.nat(5),
      }),
      { minLength: 1, maxLength: 25 },
    );
    await fc.assert(
      fc.asyncProperty(answers, fc.integer({ min: 1, max: 12 * MB }), async (requests, bytes) => {
        const memory = createAnswerMemory({ bytes });
        let held = 0;
        const run = async ({ owner, pages, turnsToSend }: (typeof requests)[number]) => {
          const holder = memory.open(owner);
          let own = 0;
          for (const page of pages) {
            let reservation = holder.tryReserve("page");
            while (reservation === undefined) {
              await holder.whenRoom("page", never);
              reservation = holder.tryReserve("page");
            }
            await nextTurn();
            reservation.settle(page);
            own += page;
            held += page;
            // The oldest ones, one after the other, may each exceed it by what they read.
            expect(held).toBeLessThanOrEqual(bytes + 3 * 24 * MB);
          }
          holder.finish();
          for (let turn = 0; turn < turnsToSend; turn += 1) {
            await nextTurn();
          }
          held -= own;
          holder.end();
        };
        await Promise.all(requests.map(run));
        expect(held).toBe(0);
      }),
      { numRuns: 50 },
    );
  });
});
