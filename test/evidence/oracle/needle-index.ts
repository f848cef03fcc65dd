import { createWindowTable } from "./window-table.ts";

/**
 * Finds pieces of many secret texts in another text, in one pass: whether it is one needle or ten
 * thousand makes little difference to how long a search lasts.
 *
 * Of each needle some windows of 12 characters are kept by their hash, as many as it takes for any
 * piece of `minPiece` characters to hold one of them. The hash of the text rolls along.
 *
 * Needles and texts are in lower case, so that one that was written in the wrong case is found.
 */
export interface NeedleIndex<Needle> {
  /** @throws RangeError for a text that is too short to be told from chance. */
  add(text: string, minPiece: number, needle: Needle): void;
  /** Each needle of which `minPiece` characters or more stand in the text, with that piece. */
  find(lowerCaseText: string): ReadonlyMap<Needle, string>;
}

const WINDOW = 12;
const BASE = 0x01000193;
const BASE_TO_WINDOW = power(BASE, WINDOW);

interface Entry<Needle> {
  readonly text: string;
  readonly minPiece: number;
  readonly needle: Needle;
}

export function createNeedleIndex<Needle>(): NeedleIndex<Needle> {
  const table = createWindowTable<Entry<Needle>>();
  return {
    add(text, minPiece, needle) {
      const entry = { text: text.toLowerCase(), minPiece, needle };
      if (minPiece < WINDOW || entry.text.length < minPiece) {
        throw new RangeError(`A needle needs ${Math.max(minPiece, WINDOW)} characters or more.`);
      }
      const last = entry.text.length - WINDOW;
      for (let at = 0; at <= last; at += minPiece - WINDOW + 1) {
        table.add(hashAt(entry.text, at), entry, at);
      }
    },

    find(text) {
      const found = new Map<Needle, string>();
      if (text.length < WINDOW) {
        return found;
      }
      let hash = hashAt(text, 0);
      for (let at = 0; ; at++) {
        if (table.mayHave(hash)) {
          table.each(hash, (entry, needleAt) => {
            const piece = found.has(entry.needle) ? "" : pieceAround(text, at, entry, needleAt);
            if (piece.length >= entry.minPiece) {
              found.set(entry.needle, piece);
            }
          });
        }
        if (at + WINDOW >= text.length) {
          return found;
        }
        const gone = Math.imul(text.charCodeAt(at), BASE_TO_WINDOW);
        hash = (Math.imul(hash, BASE) + text.charCodeAt(at + WINDOW) - gone) | 0;
      }
    },
  };
}

/** What a text and a needle have in common around these places; empty where a hash deceives. */
function pieceAround<Needle>(
  text: string,
  textAt: number,
  { text: needle }: Entry<Needle>,
  needleAt: number,
): string {
  const isCommon = (offset: number) =>
    needleAt + offset >= 0 &&
    needleAt + offset < needle.length &&
    // Beyond the ends of the text this is NaN, which equals nothing.
    text.charCodeAt(textAt + offset) === needle.charCodeAt(needleAt + offset);
  let from = 0;
  while (isCommon(from - 1)) {
    from--;
  }
  let to = 0;
  while (isCommon(to)) {
    to++;
  }
  return text.slice(textAt + from, textAt + to);
}

function hashAt(text: string, at: number): number {
  let hash = 0;
  for (let offset = 0; offset < WINDOW; offset++) {
    hash = (Math.imul(hash, BASE) + text.charCodeAt(at + offset)) | 0;
  }
  return hash;
}

function power(base: number, exponent: number): number {
  return exponent === 0 ? 1 : Math.imul(base, power(base, exponent - 1));
}
