import { createRandom } from "../random.ts";
import { createWorld } from "../world/create-world.ts";
import { type History, type Step, withItems } from "./history.ts";
import { type HistoryFinding, startHistoryWorld } from "./history-lane.ts";
import { createLeakWatch } from "./leak-watch.ts";
import { type Expect, type HistoryDifference, runHistory } from "./run-history.ts";

/** Runs a history from its beginning, in a world of its own. */
export async function replayHistory(
  history: History,
  expect?: Expect,
): Promise<HistoryDifference | undefined> {
  const made = createWorld(createRandom(history.seed), history.size);
  const world = history.items === undefined ? made : withItems(made, history.items);
  const started = await startHistoryWorld(world);
  try {
    const leaks = createLeakWatch(started);
    return (await runHistory(started, world.store, history.steps, leaks, expect)).difference;
  } finally {
    await started.stop();
  }
}

export interface ShrinkLimits {
  readonly attempts: number;
  readonly ms: number;
}

/** A finding with fewer steps, and whether it was seen a second time at all. */
export interface ShrunkFinding extends HistoryFinding {
  readonly isRepeatable: boolean;
  readonly attempts: number;
}

/**
 * Leaves out steps while a difference of the same kind stays: large parts first, then smaller
 * ones. Each attempt runs what is left in a new world.
 */
export async function shrinkFinding(
  { history, difference }: HistoryFinding,
  { attempts: maxAttempts, ms }: ShrinkLimits,
  expect?: Expect,
): Promise<ShrunkFinding> {
  const start = performance.now();
  let attempts = 0;
  const mayTry = () => attempts < maxAttempts && performance.now() - start < ms;
  const attempt = async (steps: readonly Step[]): Promise<HistoryFinding | undefined> => {
    attempts += 1;
    const shorter = { ...history, steps };
    const found = await replayHistory(shorter, expect);
    return found?.kind === difference.kind
      ? { history: { ...shorter, steps: steps.slice(0, found.at + 1) }, difference: found }
      : undefined;
  };

  const first = await attempt(history.steps.slice(0, difference.at + 1));
  if (first === undefined) {
    return { history, difference, isRepeatable: false, attempts };
  }
  let best = first;
  let part = Math.ceil(best.history.steps.length / 2);
  while (mayTry()) {
    const shorter = await withoutOnePart(best.history.steps, part, attempt, mayTry);
    best = shorter ?? best;
    if (shorter === undefined && part === 1) {
      break;
    }
    const length = best.history.steps.length - 1;
    part = Math.max(1, Math.min(shorter === undefined ? Math.floor(part / 2) : part, length));
  }
  return { ...best, isRepeatable: true, attempts };
}

/** The first shorter history that still differs. The last step is what differs, and stays. */
async function withoutOnePart(
  steps: readonly Step[],
  part: number,
  attempt: (steps: readonly Step[]) => Promise<HistoryFinding | undefined>,
  mayTry: () => boolean,
): Promise<HistoryFinding | undefined> {
  for (let from = 0; from < steps.length - 1 && mayTry(); from += part) {
    const count = Math.min(part, steps.length - 1 - from);
    const found = await attempt(steps.toSpliced(from, count));
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}
