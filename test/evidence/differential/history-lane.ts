import type { Store } from "../../model/terms.ts";
import { createRandom, type Random } from "../random.ts";
import { createWorld, type World } from "../world/create-world.ts";
import { type StartedWorld, startWorld } from "../world/start-world.ts";
import { type History, nextSteps } from "./history.ts";
import { createLeakWatch, type LeakWatch } from "./leak-watch.ts";
import {
  type Expect,
  type HistoryDifference,
  type HistoryResult,
  runHistory,
} from "./run-history.ts";

export interface HistoryFinding {
  readonly history: History;
  readonly difference: HistoryDifference;
}

export interface HistoryTally {
  readonly worlds: number;
  readonly histories: number;
  readonly operations: number;
  readonly events: number;
  readonly searchedTexts: number;
  /** Such as `read answered`, and how often. */
  readonly outcomes: ReadonlyMap<string, number>;
  readonly findings: readonly HistoryFinding[];
}

/** A history has so many steps. */
const STEPS = 60;

/** So many histories are run in one world, each from what the last one left. */
const HISTORIES_A_WORLD = 12;

/** Sizes of worlds: small ones, so that callers meet. */
const SIZE = { tenants: 4, itemsPerPartition: 4 };

/** Two replicas; a cache for three users, so that they evict each other. */
export function startHistoryWorld(world: World): Promise<StartedWorld> {
  return startWorld(world, { replicas: 2, tokens: { maxCachedUsers: 3 } });
}

export interface LaneLimits {
  readonly ms?: number;
  readonly histories?: number;
  /** Ends after so many findings. Default 5. */
  readonly findings?: number;
  /** Is aborted at the first difference, and ends every lane that has it. */
  readonly end?: AbortController | undefined;
}

/** Runs histories, one after the other, until a limit is reached. */
export async function runHistoryLane(
  seed: number,
  lane: number,
  { ms = Infinity, histories: maxHistories = Infinity, findings: maxFindings = 5, end }: LaneLimits,
  expect?: Expect,
): Promise<HistoryTally> {
  const random = createRandom(seed).fork(`lane ${lane}`);
  const tally = createTally();
  const start = performance.now();
  const isOver = () =>
    performance.now() - start >= ms ||
    end?.signal.aborted === true ||
    tally.result.histories >= maxHistories ||
    tally.result.findings.length >= maxFindings;
  for (let number = 0; !isOver(); number += 1) {
    const worldSeed = random.fork(`world ${number}`).seed;
    const world = createWorld(createRandom(worldSeed), SIZE);
    const started = await startHistoryWorld(world);
    const leaks = createLeakWatch(started);
    tally.result.worlds += 1;
    try {
      await runInWorld(
        { started, leaks, expect, worldSeed, random: random.fork(`${number}`) },
        tally,
        isOver,
      );
      if (tally.result.findings.length > 0) {
        end?.abort();
      }
    } finally {
      tally.result.searchedTexts += leaks.searched;
      await started.stop();
    }
  }
  return tally.result;
}

interface LaneWorld {
  readonly started: StartedWorld;
  readonly leaks: LeakWatch;
  readonly expect: Expect | undefined;
  readonly worldSeed: number;
  readonly random: Random;
}

/** Ends with the first difference: what is stored then, nobody knows. */
async function runInWorld(
  { started, leaks, expect, worldSeed, random }: LaneWorld,
  tally: ReturnType<typeof createTally>,
  isOver: () => boolean,
): Promise<void> {
  const { world } = started;
  let store: Store = world.store;
  for (let number = 0; number < HISTORIES_A_WORLD && !isOver(); number += 1) {
    const steps = nextSteps(world, store, STEPS, random.fork(`history ${number}`));
    const items = number === 0 ? {} : { items: [...store.values()] };
    const result = await runHistory(started, store, steps, leaks, expect, isOver);
    tally.add({ seed: worldSeed, size: SIZE, ...items, steps }, result);
    if (result.difference !== undefined) {
      return;
    }
    store = result.store;
  }
}

function createTally() {
  const outcomes = new Map<string, number>();
  const findings: HistoryFinding[] = [];
  const result = {
    worlds: 0,
    histories: 0,
    operations: 0,
    events: 0,
    searchedTexts: 0,
    outcomes,
    findings,
  };
  return {
    result,
    add: (
      history: History,
      { operations, ran, outcomes: those, difference }: HistoryResult,
    ): void => {
      result.histories += 1;
      result.operations += operations;
      const done = history.steps.slice(0, ran);
      result.events += done.filter(
        (step) => !("replica" in step && "caller" in step) || "trouble" in step,
      ).length;
      for (const outcome of those) {
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      }
      if (difference !== undefined) {
        findings.push({ history, difference });
      }
    },
  };
}
