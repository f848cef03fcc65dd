import type { CodePointRange, RegexNode } from "./regex-node.ts";

const DIGITS: readonly CodePointRange[] = [[0x30, 0x39]];
const WORD_CHARACTERS: readonly CodePointRange[] = [
  [0x30, 0x39],
  [0x41, 0x5a],
  [0x5f, 0x5f],
  [0x61, 0x7a],
];
const SPACES: readonly CodePointRange[] = [
  [0x09, 0x0d],
  [0x20, 0x20],
];

type RegexSet = Extract<RegexNode, { readonly kind: "set" }>;

/** `\d`, `\D`, `\w`, `\W`, `\s` and `\S` by their letter. */
export function namedSet(letter: string): RegexSet | undefined {
  const ranges = { d: DIGITS, w: WORD_CHARACTERS, s: SPACES }[letter.toLowerCase()];
  return ranges && { kind: "set", negated: letter !== letter.toLowerCase(), ranges };
}

/** The ranges that a set covers, turned inside out if it is negated. */
export function coveredRanges({ negated, ranges }: RegexSet): readonly CodePointRange[] {
  if (!negated) {
    return ranges;
  }
  const inverse: CodePointRange[] = [];
  let next = 0;
  for (const [from, to] of [...ranges].sort(([left], [right]) => left - right)) {
    if (from > next) {
      inverse.push([next, from - 1]);
    }
    next = Math.max(next, to + 1);
  }
  inverse.push([next, 0x10ffff]);
  return inverse;
}

export function isWordCharacter(codePoint: number): boolean {
  return WORD_CHARACTERS.some(([from, to]) => from <= codePoint && codePoint <= to);
}
