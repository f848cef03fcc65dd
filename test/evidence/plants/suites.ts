import { join } from "node:path";
import type { Plant } from "./read-plants.ts";

/** What is run against a planted hole. */
export interface Suite {
  readonly name: string;
  /** Arguments of Node.js in the project's folder. */
  args(bounds: SuiteBounds, plant?: Plant): readonly string[];
  /**
   * What it prints where it has found something. Without that, an exit code of 1 is no find: it may
   * be an error of its own, or a run too short to see every kind of operation.
   */
  readonly finds: RegExp;
  /** How long it may run before it is ended, in seconds. */
  limitSeconds(bounds: SuiteBounds): number;
}

export interface SuiteBounds {
  /** How long a suite looks for faults, in seconds. */
  readonly seconds: number;
  readonly seed: number;
}

/** Starting up, and ending what is under way, in seconds. */
const ALLOWANCE_SECONDS = 45;

/** What the simulation of one seed takes, about. */
const SECONDS_A_SIMULATED_SEED = 5;

const limitSeconds = ({ seconds }: SuiteBounds): number => 2 * seconds + ALLOWANCE_SECONDS;

const mainOf = (room: string): string => join("test", "evidence", room, "main.ts");

const DIFFERENCES = /\b[1-9][\d,]* differences?\b/;

const differential = ({ seconds, seed }: SuiteBounds): readonly string[] => [
  mainOf("differential"),
  "--seconds",
  String(seconds),
  "--seed",
  String(seed),
];

/** The suites of the evidence, the one that costs least first. */
export const EVIDENCE_SUITES: readonly Suite[] = [
  {
    name: "decisions",
    args: (bounds) => [...differential(bounds), "--decisions-only"],
    finds: DIFFERENCES,
    limitSeconds,
  },
  {
    name: "histories",
    args: (bounds) => [...differential(bounds), "--histories-only", "--no-shrink"],
    finds: DIFFERENCES,
    limitSeconds,
  },
  {
    name: "simulate",
    args: ({ seconds, seed }) => [
      mainOf("simulation"),
      "--seeds",
      String(Math.ceil(seconds / SECONDS_A_SIMULATED_SEED)),
      "--first",
      String(seed),
      // That is about the simulation, not about what it simulates.
      "--no-check-hashes",
    ],
    finds: /\b[1-9]\d* violations/,
    limitSeconds,
  },
  {
    name: "soak",
    args: ({ seconds, seed }) => [
      mainOf("soak"),
      "--minutes",
      String(seconds / 60),
      "--seed",
      String(seed),
    ],
    // The sum of its figures, such as `leaks: 2`.
    finds: /^[a-z][\w ]+: [1-9]\d*$/m,
    // It starts processes of its own, and audits its ledger in the end.
    limitSeconds: (bounds) => limitSeconds(bounds) + 120,
  },
];

/** The tests of what a plant breaks: what finds it counts for the tests, not for the evidence. */
export const RELATED_TESTS: Suite = {
  name: "tests",
  args: (_bounds, plant) => [
    join("node_modules", "vitest", "vitest.mjs"),
    "run",
    "--maxWorkers=1",
    ...(plant?.tests ?? []),
  ],
  finds: /^\s*Tests .*\bfailed\b/m,
  limitSeconds: () => 240,
};
