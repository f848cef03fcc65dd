import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createFairQueue } from "../src/fair-queue.ts";

/** Owners by the entries they add, `a0`, `b0`, `a1` and so on. */
function filled(owners: readonly string[]) {
  const queue = createFairQueue<string>();
  const added = new Map<string, number>();
  for (const owner of owners) {
    const count = added.get(owner) ?? 0;
    queue.add(owner, `${owner}${count}`);
    added.set(owner, count + 1);
  }
  return queue;
}

function takeAll(queue: ReturnType<typeof filled>): readonly string[] {
  const taken: string[] = [];
  for (let entry = queue.take(); entry !== undefined; entry = queue.take()) {
    taken.push(entry);
  }
  return taken;
}

const owners = fc.array(fc.constantFrom("a", "b", "c", "d"), { maxLength: 60 });

describe("a queue with a line an owner", () => {
  test("serves the lines in turn, and each in the order it came", () => {
    expect(takeAll(filled(["a", "a", "a", "b", "c", "c"]))).toEqual([
      "a0",
      "b0",
      "c0",
      "a1",
      "c1",
      "a2",
    ]);
  });

  test("gives nobody a second turn before all others who wait had one", () => {
    fc.assert(
      fc.property(owners, (all) => {
        const queue = filled(all);
        const taken = takeAll(queue);
        expect(taken.toSorted()).toEqual([...filled(all).inOrder()].toSorted());
        expect(taken).toHaveLength(all.length);
        for (const [place, entry] of taken.entries()) {
          const owner = entry.charAt(0);
          const before = taken.slice(0, place).findLastIndex((each) => each.startsWith(owner));
          const between = new Set(taken.slice(before + 1, place).map((each) => each.charAt(0)));
          const waiting = new Set(taken.slice(place).map((each) => each.charAt(0)));
          for (const other of waiting) {
            expect(before === -1 || other === owner || between.has(other)).toBe(true);
          }
        }
      }),
    );
  });

  test("says beforehand in which order it will serve", () => {
    fc.assert(
      fc.property(owners, (all) => {
        const queue = filled(all);
        expect([...queue.inOrder()]).toEqual(takeAll(queue));
      }),
    );
  });

  test("loses and doubles nothing, whatever is added, taken, removed or made to give way", () => {
    const step = fc.record({
      does: fc.constantFrom("add", "take", "remove", "giveWay"),
      owner: fc.constantFrom("a", "b", "c"),
      place: fc.nat(20),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const queue = createFairQueue<string>();
        const waiting: string[] = [];
        const forget = (entry: string | undefined) => {
          if (entry !== undefined) {
            expect(waiting).toContain(entry);
            waiting.splice(waiting.indexOf(entry), 1);
          }
        };
        for (const [index, { does, owner, place }] of steps.entries()) {
          if (does === "add") {
            queue.add(owner, `${owner}${index}`);
            waiting.push(`${owner}${index}`);
          } else if (does === "take") {
            const taken = queue.take((each) => each !== owner);
            expect(taken === undefined || !taken.startsWith(owner)).toBe(true);
            forget(taken);
          } else if (does === "giveWay") {
            forget(queue.giveWay(owner));
          } else {
            const entry = waiting[place];
            expect(entry !== undefined && queue.remove(entry.charAt(0), entry)).toBe(
              entry !== undefined,
            );
            forget(entry);
          }
          expect(queue.size).toBe(waiting.length);
          expect([...queue.inOrder()].toSorted()).toEqual(waiting.toSorted());
        }
      }),
    );
  });

  test("has the newest of the longest line give way, and only to one whose line is shorter", () => {
    const queue = filled(["a", "a", "a", "b", "b"]);
    expect(queue.giveWay("a")).toBeUndefined();
    expect(queue.giveWay("b")).toBeUndefined();
    expect(queue.giveWay("c")).toBe("a2");
    expect(queue.giveWay("c")).toBe("a1");
    expect(queue.lengthOf("a")).toBe(1);
  });
});
