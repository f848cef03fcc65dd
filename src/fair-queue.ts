/**
 * Entries that wait in lines, one line an owner. The lines are served in turn, so that a long one
 * delays nobody in another; within a line, first come is first served.
 */
export interface FairQueue<Entry> {
  readonly size: number;
  /** How many owners wait. */
  readonly lines: number;
  /** How many wait in an owner's line. */
  lengthOf(owner: string): number;
  /** Adds an entry at the end of its owner's line. An entry waits in one place at a time. */
  add(owner: string, entry: Entry): void;
  /** Takes an entry out of its place. False if it does not wait there. */
  remove(owner: string, entry: Entry): boolean;
  /** Takes out the first entry of the next line whose owner may have a turn. */
  take(mayHaveTurn?: (owner: string) => boolean): Entry | undefined;
  /**
   * Makes room for one more of `owner`'s by taking out the newest entry of the longest line.
   * Undefined if no line is longer than the owner's would be: then it is the owner who has to go
   * without.
   */
  giveWay(owner: string): Entry | undefined;
  /** All entries in the order in which they would be taken if all lines had their turns. */
  inOrder(): Iterable<Entry>;
}

export function createFairQueue<Entry>(): FairQueue<Entry> {
  // In the order of their turns: a line that had its turn goes to the end. None is empty.
  const lines = new Map<string, Set<Entry>>();
  let size = 0;

  const removeFrom = (owner: string, line: Set<Entry>, entry: Entry): boolean => {
    const isThere = line.delete(entry);
    if (isThere) {
      size -= 1;
    }
    if (line.size === 0) {
      lines.delete(owner);
    }
    return isThere;
  };

  return {
    get size() {
      return size;
    },
    get lines() {
      return lines.size;
    },
    lengthOf: (owner) => lines.get(owner)?.size ?? 0,

    add: (owner, entry) => {
      const line = lines.get(owner) ?? new Set();
      lines.set(owner, line);
      size += line.has(entry) ? 0 : 1;
      line.add(entry);
    },

    remove: (owner, entry) => {
      const line = lines.get(owner);
      return line !== undefined && removeFrom(owner, line, entry);
    },

    take: (mayHaveTurn = () => true) => {
      for (const [owner, line] of lines) {
        if (mayHaveTurn(owner)) {
          const [entry] = line;
          lines.delete(owner);
          lines.set(owner, line);
          // A line is never empty, but an entry may be of any type.
          removeFrom(owner, line, entry as Entry);
          return entry;
        }
      }
      return undefined;
    },

    giveWay: (owner) => {
      const ownLength = (lines.get(owner)?.size ?? 0) + 1;
      let longest: [string, Set<Entry>] | undefined;
      for (const each of lines) {
        if (each[1].size > (longest?.[1].size ?? ownLength)) {
          longest = each;
        }
      }
      if (longest === undefined) {
        return undefined;
      }
      const newest = [...longest[1]].at(-1) as Entry; // As in `take`.
      removeFrom(...longest, newest);
      return newest;
    },

    inOrder: function* () {
      const rounds = [...lines.values()].map((line) => line.values());
      for (let waiting = rounds; waiting.length > 0; ) {
        const next = waiting.map((line) => ({ line, step: line.next() }));
        for (const { step } of next) {
          if (!step.done) {
            yield step.value;
          }
        }
        waiting = next.filter(({ step }) => !step.done).map(({ line }) => line);
      }
    },
  };
}
