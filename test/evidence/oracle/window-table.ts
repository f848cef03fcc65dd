/**
 * Hashes of windows, each with the entry it is of: a hash table in typed arrays, because a soak adds
 * a hundred thousand windows a second. A table of bits stands before it and fits a processor's
 * cache; nearly every question ends there.
 */
export interface WindowTable<Entry> {
  add(hash: number, entry: Entry, at: number): void;
  mayHave(hash: number): boolean;
  each(hash: number, visit: (entry: Entry, at: number) => void): void;
}

const BITS_A_SLOT = 8;
const FIRST_SLOTS = 2 ** 12;

export function createWindowTable<Entry>(): WindowTable<Entry> {
  const entries: Entry[] = [];
  let count = 0;
  // A window's hash, entry and place, by its number; `slots` has the number and 1, or 0.
  let hashes = new Int32Array(FIRST_SLOTS / 2);
  let entryNumbers = new Int32Array(FIRST_SLOTS / 2);
  let places = new Int32Array(FIRST_SLOTS / 2);
  let slots = new Int32Array(FIRST_SLOTS);
  let bits = new Uint32Array((FIRST_SLOTS * BITS_A_SLOT) / 32);

  const place = (hash: number, windowNumber: number): void => {
    let slot = mixed(hash) & (slots.length - 1);
    while (slots[slot] !== 0) {
      slot = (slot + 1) & (slots.length - 1);
    }
    slots[slot] = windowNumber + 1;
    const bit = mixed(hash) & (bits.length * 32 - 1);
    bits[bit >>> 5] = (bits[bit >>> 5] ?? 0) | (1 << (bit & 31));
  };

  const grow = (): void => {
    hashes = widened(hashes);
    entryNumbers = widened(entryNumbers);
    places = widened(places);
    slots = new Int32Array(slots.length * 2);
    bits = new Uint32Array(bits.length * 2);
    for (let number = 0; number < count; number++) {
      place(hashes[number] ?? 0, number);
    }
  };

  return {
    add(hash, entry, at) {
      if (entries.at(-1) !== entry) {
        entries.push(entry);
      }
      if (count === hashes.length) {
        grow();
      }
      hashes[count] = hash;
      entryNumbers[count] = entries.length - 1;
      places[count] = at;
      place(hash, count);
      count++;
    },

    mayHave(hash) {
      const bit = mixed(hash) & (bits.length * 32 - 1);
      return ((bits[bit >>> 5] ?? 0) & (1 << (bit & 31))) !== 0;
    },

    each(hash, visit) {
      let slot = mixed(hash) & (slots.length - 1);
      for (let number = slots[slot] ?? 0; number !== 0; number = slots[slot] ?? 0) {
        const entry = entries[entryNumbers[number - 1] ?? 0];
        if (hashes[number - 1] === hash && entry !== undefined) {
          visit(entry, places[number - 1] ?? 0);
        }
        slot = (slot + 1) & (slots.length - 1);
      }
    },
  };
}

/** The low bits of a rolling hash know only the last characters; this brings down the others. */
function mixed(hash: number): number {
  const half = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b);
  return half ^ (half >>> 15);
}

function widened(numbers: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const wider = new Int32Array(numbers.length * 2);
  wider.set(numbers);
  return wider;
}
