import type { WorkBudget } from "../../work-budget.ts";
import { parseRegex } from "./parse-regex.ts";
import { isWordCharacter } from "./regex-classes.ts";
import type { RegexAssertion, RegexModifiers } from "./regex-node.ts";
import { createRegexProgram, type RegexStep } from "./regex-program.ts";

/** Steps of a match that weigh as much as one row. */
const STEPS_PER_UNIT = 10;

/**
 * Whether a text holds a match of the pattern. All ways to match are followed at once, so the time
 * grows with the text times the pattern. With JavaScript's own expressions it can double with each
 * character.
 *
 * @throws CosmosError as `parseRegex` does, and 408 once the budget is spent.
 */
export function createRegexMatcher(
  pattern: string,
  modifiers: RegexModifiers,
  budget: WorkBudget,
): (text: string) => boolean {
  const program = createRegexProgram(parseRegex(pattern, modifiers));
  return (text) => {
    const codePoints = Array.from(text, (character) => character.codePointAt(0) ?? 0);
    return run(program, codePoints, modifiers.ignoreCase, budget);
  };
}

function run(
  program: readonly RegexStep[],
  text: readonly number[],
  ignoreCase: boolean,
  budget: WorkBudget,
): boolean {
  // The place in the text at which a step was last reached: each step is followed once for each
  // place
  const reachedAt = new Int32Array(program.length).fill(-1);
  let current: number[] = [];
  for (let at = 0; at <= text.length; at += 1) {
    const reached = follow(program, [...current, 0], at, text, reachedAt);
    if (reached === undefined) {
      return true;
    }
    budget.spend((reached.length + 1) / STEPS_PER_UNIT);
    const codePoint = text[at];
    current =
      codePoint === undefined
        ? []
        : reached
            .filter((place) => accepts(program[place], codePoint, ignoreCase))
            .map((place) => place + 1);
  }
  return false;
}

/** The sets that are reached from these steps without reading on; undefined if the match is. */
function follow(
  program: readonly RegexStep[],
  places: readonly number[],
  at: number,
  text: readonly number[],
  reachedAt: Int32Array,
): readonly number[] | undefined {
  const waiting = [...places];
  const sets: number[] = [];
  for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
    if (reachedAt[place] === at) {
      continue;
    }
    reachedAt[place] = at;
    const step = program[place];
    if (step?.kind === "match") {
      return undefined;
    }
    if (step?.kind === "set") {
      sets.push(place);
    } else if (step?.kind === "fork") {
      waiting.push(step.second, step.first);
    } else if (step && holds(step.assertion, at, text)) {
      waiting.push(place + 1);
    }
  }
  return sets;
}

function accepts(step: RegexStep | undefined, codePoint: number, ignoreCase: boolean): boolean {
  if (step?.kind !== "set") {
    return false;
  }
  const within = (one: number): boolean =>
    step.ranges.some(([from, to]) => from <= one && one <= to);
  if (within(codePoint)) {
    return !step.negated;
  }
  if (!ignoreCase) {
    return step.negated;
  }
  const character = String.fromCodePoint(codePoint);
  const folded = [character.toLowerCase(), character.toUpperCase()];
  const found = folded.some((one) => within(one.codePointAt(0) ?? 0));
  return found !== step.negated;
}

function holds(assertion: RegexAssertion, at: number, text: readonly number[]): boolean {
  switch (assertion) {
    case "text-start":
      return at === 0;
    case "text-end":
      // A line break at the very end does not count
      return at === text.length || (at === text.length - 1 && text[at] === 0x0a);
    case "line-start":
      return at === 0 || text[at - 1] === 0x0a;
    case "line-end":
      return at === text.length || text[at] === 0x0a;
    default: {
      const before = at > 0 && isWordCharacter(text[at - 1] ?? 0);
      const after = at < text.length && isWordCharacter(text[at] ?? 0);
      return (before !== after) === (assertion === "word-border");
    }
  }
}
