import { parseArgs } from "node:util";
import { count, describeDecisions, perSecond } from "./describe-decisions.ts";
import {
  describeDifference,
  describeFinding,
  describeHistories,
  joinTallies,
  onesidedKinds,
} from "./describe-histories.ts";
import { runHistoryLane } from "./history-lane.ts";
import { runDecisions } from "./run-decisions.ts";
import { readHistory, saveFinding } from "./saved-history.ts";
import { replayHistory, shrinkFinding } from "./shrink-history.ts";

const USAGE = `npm run differential -- [--seconds n] [--seed s] [--decisions-only | --histories-only] [--no-shrink]
npm run differential -- --replay file

Compares the reference model with the code: decisions in process, and histories of operations and
events over HTTP. Half of the time each. A difference ends it with 1. With --no-shrink, histories
end at their first difference, which is printed as it was found.
`;

/** Histories that run at the same time: while one waits, the other goes on. */
const LANES = 2;

/** From so many operations on, every kind must have been answered and refused. */
const ENOUGH_OPERATIONS = 1500;

const SHRINKING = { attempts: 25, ms: 60_000 };

/** Findings that are made smaller; what comes after them is only printed. */
const MAX_SHRUNK = 3;

process.exitCode = await main();

async function main(): Promise<number> {
  const options = readOptions();
  if (options === undefined) {
    process.stderr.write(USAGE);
    return 2;
  }
  const { seed, seconds, replay, decisionsOnly, historiesOnly, isShrunk } = options;
  if (replay !== undefined) {
    return replayFile(replay);
  }
  console.log(`seed ${seed}`);
  const ms = seconds * 1000 * (decisionsOnly || historiesOnly ? 1 : 0.5);
  const areDecisionsClean = historiesOnly || (await compareDecisions(seed, ms));
  const areHistoriesClean = decisionsOnly || (await compareHistories(seed, ms, isShrunk));
  return areDecisionsClean && areHistoriesClean ? 0 : 1;
}

async function compareDecisions(seed: number, ms: number): Promise<boolean> {
  const { stackTraceLimit } = Error;
  // Most decisions end in an error, and nobody looks at the stacks.
  Error.stackTraceLimit = 0;
  const tallies = await runDecisions(seed, ms);
  Error.stackTraceLimit = stackTraceLimit;
  print(describeDecisions(tallies));
  const sum = (of: (tally: (typeof tallies)[number]) => number) =>
    tallies.reduce((total, tally) => total + of(tally), 0);
  const decisions = sum((tally) => tally.decisions);
  const speed = perSecond({ decisions, milliseconds: sum((tally) => tally.milliseconds) });
  const differences = sum((tally) => tally.differenceCount);
  print([
    "",
    `${count(decisions)} decisions, ${count(speed)} a second, ${differences} differences`,
  ]);
  return differences === 0 && sum((tally) => tally.onesided.length) === 0;
}

async function compareHistories(seed: number, ms: number, isShrunk: boolean): Promise<boolean> {
  const start = performance.now();
  const end = isShrunk ? undefined : new AbortController();
  const lanes = Array.from({ length: LANES }, (_, lane) => runHistoryLane(seed, lane, { ms, end }));
  const tally = joinTallies(await Promise.all(lanes));
  print(describeHistories(tally, performance.now() - start));
  for (const [place, finding] of tally.findings.entries()) {
    const shrunk =
      isShrunk && place < MAX_SHRUNK
        ? await shrinkFinding(finding, SHRINKING)
        : { ...finding, isRepeatable: true, attempts: 0 };
    print(describeFinding(shrunk, saveFinding(shrunk)));
  }
  const onesided = tally.operations < ENOUGH_OPERATIONS ? [] : onesidedKinds(tally);
  print(onesided.map((kind) => `  NEVER ANSWERED OR NEVER REFUSED: ${kind}`));
  return tally.findings.length === 0 && onesided.length === 0;
}

async function replayFile(path: string): Promise<number> {
  const difference = await replayHistory(readHistory(path));
  print(difference === undefined ? ["no difference"] : describeDifference(difference));
  return difference === undefined ? 0 : 1;
}

function print(lines: readonly string[]): void {
  for (const line of lines) {
    console.log(line);
  }
}

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        seconds: { type: "string", default: "60" },
        seed: { type: "string", default: String(Date.now() % 1_000_000) },
        "decisions-only": { type: "boolean", default: false },
        "histories-only": { type: "boolean", default: false },
        "no-shrink": { type: "boolean", default: false },
        replay: { type: "string" },
      },
    });
    const [seconds, seed] = [Number(values.seconds), Number(values.seed)];
    const { replay, "decisions-only": decisionsOnly, "histories-only": historiesOnly } = values;
    return seconds > 0 && Number.isInteger(seed) && !(decisionsOnly && historiesOnly)
      ? { seconds, seed, replay, decisionsOnly, historiesOnly, isShrunk: !values["no-shrink"] }
      : undefined;
  } catch {
    return undefined;
  }
}
