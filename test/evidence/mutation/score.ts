import type { Mutant } from "./mutant.ts";

/** How many mutants a file had, and what became of them. */
export interface Score {
  readonly file: string;
  readonly mutants: number;
  /** Noticed by a failing test, or by a test that no longer ends. */
  readonly killed: number;
  /** How many of the killed were noticed by time alone; on a busy machine, look at them. */
  readonly timedOut: number;
  readonly survived: number;
}

/** One score for each file, in the order of the files' names. */
export function scoresOf(mutants: readonly Mutant[]): readonly Score[] {
  const files = [...new Set(mutants.map(({ file }) => file))].sort();
  return files.map((file) =>
    scoreOf(
      file,
      mutants.filter((each) => each.file === file),
    ),
  );
}

/** The score of all these mutants together, under a name. */
export function scoreOf(name: string, mutants: readonly Mutant[]): Score {
  const killed = mutants.filter(({ fate }) => fate === "killed" || fate === "timed out").length;
  const timedOut = mutants.filter(({ fate }) => fate === "timed out").length;
  const survived = mutants.length - killed;
  return { file: name, mutants: mutants.length, killed, timedOut, survived };
}

/** `97.5 %`, or `-` where there was nothing to kill. Never rounded up to 100. */
export function percentageOf({ mutants, killed }: Score): string {
  return mutants === 0 ? "-" : `${(Math.floor((killed / mutants) * 1000) / 10).toFixed(1)} %`;
}
