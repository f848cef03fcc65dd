import type { WorkBudget } from "../work-budget.ts";

/** Steps of a match that weigh as much as one row. */
const STEPS_PER_UNIT = 20;

type Part =
  | { readonly kind: "character"; readonly text: string }
  | { readonly kind: "any" }
  | {
      readonly kind: "set";
      readonly negated: boolean;
      readonly ranges: readonly [string, string][];
    }
  | { readonly kind: "rest" };

/**
 * Whether a text fits a LIKE pattern as a whole: `%` any run of characters, `_` any one character,
 * `[a-c]` and `[^abc]` one character inside or outside of a set; behind `escapeCharacter` a
 * character stands for itself. Takes time in proportion to text times pattern at worst.
 */
export function createLikeMatcher(
  pattern: string,
  escapeCharacter: string | undefined,
  budget: WorkBudget,
): (text: string) => boolean {
  const parts = parsePattern([...pattern], escapeCharacter);
  return (text) => matches([...text], parts, budget);
}

function parsePattern(
  pattern: readonly string[],
  escapeCharacter: string | undefined,
): readonly Part[] {
  const parts: Part[] = [];
  for (let index = 0; index < pattern.length; index += 1) {
    const character = pattern[index] as string; // Index is below the length
    if (character === escapeCharacter && index + 1 < pattern.length) {
      index += 1;
      parts.push({ kind: "character", text: pattern[index] as string });
    } else if (character === "%") {
      parts.push({ kind: "rest" });
    } else if (character === "_") {
      parts.push({ kind: "any" });
    } else {
      const close = character === "[" ? pattern.indexOf("]", index + 2) : -1;
      if (close === -1) {
        parts.push({ kind: "character", text: character });
      } else {
        parts.push(parseSet(pattern.slice(index + 1, close)));
        index = close;
      }
    }
  }
  return parts;
}

function parseSet(characters: readonly string[]): Part {
  const negated = characters[0] === "^";
  const ranges: [string, string][] = [];
  for (let index = negated ? 1 : 0; index < characters.length; index += 1) {
    const from = characters[index] as string; // Index is below the length
    const to = characters[index + 1] === "-" ? characters[index + 2] : undefined;
    ranges.push([from, to ?? from]);
    index += to === undefined ? 0 : 2;
  }
  return { kind: "set", negated, ranges };
}

/**
 * Greedy with one place to go back to, the last `%`, which is enough because `%` takes anything.
 */
function matches(text: readonly string[], parts: readonly Part[], budget: WorkBudget): boolean {
  let at = 0;
  let part = 0;
  let retryText = -1;
  let retryPart = -1;
  while (at < text.length) {
    const current = parts[part];
    if (current?.kind === "rest") {
      retryPart = part;
      retryText = at;
      part += 1;
    } else if (current !== undefined && fits(text[at] as string, current)) {
      at += 1;
      part += 1;
    } else if (retryPart >= 0) {
      budget.spend((at - retryText) / STEPS_PER_UNIT);
      retryText += 1;
      at = retryText;
      part = retryPart + 1;
    } else {
      return false;
    }
  }
  return parts.slice(part).every(({ kind }) => kind === "rest");
}

function fits(character: string, part: Part): boolean {
  switch (part.kind) {
    case "character":
      return part.text === character;
    case "set":
      return (
        part.ranges.some(([from, to]) => from <= character && character <= to) !== part.negated
      );
    default:
      return part.kind === "any";
  }
}
