import type { DecisionTally } from "./decision-tally.ts";

/** Lines for a reader: how many decisions, how they came out by kind, and where they differ. */
export function describeDecisions(tallies: readonly DecisionTally[]): readonly string[] {
  return tallies.flatMap((tally) => [
    "",
    `${tally.stream}: ${count(tally.decisions)} decisions, ${count(perSecond(tally))} a second, ${tally.differenceCount} differences`,
    ...[...tally.counts].map(([kind, outcomes]) => `  ${kind.padEnd(24)} ${shares(outcomes)}`),
    ...tally.onesided.map((kind) => `  NEVER OR ALWAYS ONE OUTCOME: ${kind}`),
    ...tally.differences.map(
      ({ kind, expected, observed, about }) =>
        `  DIFFERENCE in ${kind}\n    model: ${expected}\n    code:  ${observed}\n    ${JSON.stringify(about)}`,
    ),
  ]);
}

export function perSecond(tally: Pick<DecisionTally, "decisions" | "milliseconds">): number {
  return Math.round(tally.decisions / (tally.milliseconds / 1000));
}

/** How often each outcome came, in per cent. */
export function shares(outcomes: ReadonlyMap<string, number>): string {
  const all = [...outcomes.values()].reduce((sum, one) => sum + one, 0);
  return [...outcomes]
    .sort(([left], [right]) => left.localeCompare(right))
    .map(([outcome, times]) => `${outcome} ${((100 * times) / all).toFixed(0)} %`.padEnd(16))
    .join("")
    .trimEnd();
}

export function count(value: number): string {
  return value.toLocaleString("en");
}
