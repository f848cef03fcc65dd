import { type ClaimTemplate, characterAfter } from "./claim-template.ts";

/** One step of a pattern: a character, or the text of a claim, which is at least one character. */
type Step = { readonly kind: "character"; readonly character: string } | ClaimStep;

interface ClaimStep {
  readonly kind: "claim";
  readonly excluded: string | undefined;
}

/** Characters of our own percent escapes: they stand in encoded claims before any text. */
const ESCAPE_CHARACTERS = "0123456789ABCDEFn%";

/**
 * Whether two templates of user ids can give one id for some claims. Exact for the text between
 * claims; where escapes are concerned it may say yes without need, never no.
 */
export function canGiveSameId(left: ClaimTemplate, right: ClaimTemplate): boolean {
  const leftSteps = stepsOf(left);
  const rightSteps = stepsOf(right);
  // Positions before each step, and inside a claim that has taken a character: index * 2 + taken.
  const seen = new Set<string>();
  const waiting: (readonly [number, number])[] = [[0, 0]];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [l, r] = next;
    if (isAtEnd(l, leftSteps) && isAtEnd(r, rightSteps)) {
      return true;
    }
    const key = `${l},${r}`;
    if (!seen.has(key)) {
      seen.add(key);
      waiting.push(...oneCharacterOn(l, r, leftSteps, rightSteps));
    }
  }
  return false;
}

function stepsOf(template: ClaimTemplate): readonly Step[] {
  return template.flatMap((part, index): Step[] => {
    if (part.kind === "text") {
      return Array.from(part.text, (character) => ({ kind: "character", character }));
    }
    return [{ kind: "claim", excluded: characterAfter(template, index) }];
  });
}

/** Every pair of positions after both patterns took one and the same character. */
function oneCharacterOn(
  left: number,
  right: number,
  leftSteps: readonly Step[],
  rightSteps: readonly Step[],
): (readonly [number, number])[] {
  return takesFrom(left, leftSteps).flatMap(([leftStep, afterLeft]) =>
    takesFrom(right, rightSteps).flatMap(([rightStep, afterRight]) =>
      shareCharacter(leftStep, rightStep) ? [[afterLeft, afterRight] as const] : [],
    ),
  );
}

/** The steps that can take the next character from a position, each with the position after. */
function takesFrom(position: number, steps: readonly Step[]): (readonly [Step, number])[] {
  const index = position >> 1;
  const here = steps[index];
  const next = (index + 1) << 1;
  if (here === undefined) {
    return [];
  }
  if (here.kind === "character") {
    return [[here, next]];
  }
  const insideClaim = (index << 1) | 1;
  return [[here, insideClaim], ...(position === insideClaim ? takesFrom(next, steps) : [])];
}

function isAtEnd(position: number, steps: readonly Step[]): boolean {
  return (position + 1) >> 1 >= steps.length;
}

function shareCharacter(left: Step, right: Step): boolean {
  if (left.kind === "claim") {
    return right.kind === "claim" || canHold(left, right.character);
  }
  return right.kind === "claim"
    ? canHold(right, left.character)
    : left.character === right.character;
}

function canHold({ excluded }: ClaimStep, character: string): boolean {
  return character !== excluded || ESCAPE_CHARACTERS.includes(character);
}
