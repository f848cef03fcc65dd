import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

/** A stream of choices that one seed decides, on every machine. */
export interface Random {
  /** What the stream was made from; `createRandom` gives the same stream for it again. */
  readonly seed: number;
  /** A whole number, both bounds included. */
  int(min: number, max: number): number;
  /** One element. Throws for an empty list. */
  pick<Element>(list: readonly Element[]): Element;
  /** True with this probability, from 0 to 1. */
  chance(probability: number): boolean;
  /** The same elements in another order; the list itself stays. */
  shuffle<Element>(list: readonly Element[]): Element[];
  /** Lower-case letters and digits. */
  text(length: number): string;
  /**
   * An independent stream: what is drawn from one changes nothing in the other. It depends on the
   * seed and the label alone, so that the same label gives the same stream, whenever it is asked.
   */
  fork(label: string): Random;
}

const BASE_36 = "0123456789abcdefghijklmnopqrstuvwxyz";

/** @param seed a whole number; its lowest 32 bits count. */
export function createRandom(seed: number): Random {
  const stream = xoroshiro128plus(seed | 0);
  const int = (min: number, max: number) => uniformInt(stream, min, max);
  const pick = <Element>(list: readonly Element[]): Element => {
    if (list.length === 0) {
      throw new RangeError("An empty list has nothing to pick.");
    }
    // The index is within the list
    return list[int(0, list.length - 1)] as Element;
  };
  return {
    seed: seed | 0,
    int,
    pick,
    chance: (probability) => int(0, 999_999) < probability * 1_000_000,
    shuffle: (list) => {
      const rest = [...list];
      return list.flatMap(() => rest.splice(int(0, rest.length - 1), 1));
    },
    text: (length) => Array.from({ length }, () => pick([...BASE_36])).join(""),
    fork: (label) => createRandom(hash(`${seed | 0} ${label}`)),
  };
}

/** FNV-1a, 32 bits, with a last mixing round: labels that differ in one letter lie far apart. */
function hash(text: string): number {
  let state = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) {
    state = Math.imul(state ^ byte, 0x01000193);
  }
  state = Math.imul(state ^ (state >>> 16), 0x7feb352d);
  return state ^ (state >>> 15);
}
