import type { Decision, DecisionStream } from "./decision-stream.ts";

/** What was counted of one stream. */
export interface DecisionTally {
  readonly stream: string;
  readonly decisions: number;
  readonly milliseconds: number;
  /** Kind to outcome to how often. */
  readonly counts: ReadonlyMap<string, ReadonlyMap<string, number>>;
  /** The first differences, as many as are shown. */
  readonly differences: readonly DecisionDifference[];
  readonly differenceCount: number;
  /** Kinds that never occurred, or always with one outcome. */
  readonly onesided: readonly string[];
}

export interface DecisionDifference {
  readonly kind: string;
  readonly expected: string;
  readonly observed: string;
  readonly about: unknown;
}

/** Differences that are kept: the rest are counted. */
const MAX_SHOWN = 5;

/** Counts a stream's decisions, and keeps where model and code differ. */
export function createDecisionTally(stream: DecisionStream) {
  const counts = new Map<string, Map<string, number>>();
  const differences: DecisionDifference[] = [];
  let decisions = 0;
  let differenceCount = 0;
  let milliseconds = 0;

  return {
    add: (decision: Decision): void => {
      const { kind, expected, observed, outcome } = decision;
      decisions += 1;
      const ofKind = counts.get(kind) ?? new Map<string, number>();
      counts.set(kind, ofKind.set(outcome, (ofKind.get(outcome) ?? 0) + 1));
      if (expected !== observed) {
        differenceCount += 1;
        if (differences.length < MAX_SHOWN) {
          differences.push({ kind, expected, observed, about: decision.describe() });
        }
      }
    },
    isBelow: (maxDecisions: number, maxDifferences: number): boolean =>
      decisions < maxDecisions && differenceCount < maxDifferences,
    spend: (spentMs: number): void => {
      milliseconds += spentMs;
    },
    result: (): DecisionTally => ({
      stream: stream.name,
      decisions,
      milliseconds,
      counts,
      differences,
      differenceCount,
      onesided: stream.kinds.filter((kind) => (counts.get(kind)?.size ?? 0) < 2),
    }),
  };
}
