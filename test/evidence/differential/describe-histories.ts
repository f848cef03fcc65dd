import { count, shares } from "./describe-decisions.ts";
import type { HistoryTally } from "./history-lane.ts";
import type { HistoryDifference } from "./run-history.ts";
import type { ShrunkFinding } from "./shrink-history.ts";

/** Several lanes as one. */
export function joinTallies(lanes: readonly HistoryTally[]): HistoryTally {
  const outcomes = new Map<string, number>();
  for (const [outcome, times] of lanes.flatMap((lane) => [...lane.outcomes])) {
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + times);
  }
  const sum = (of: (lane: HistoryTally) => number) =>
    lanes.reduce((total, lane) => total + of(lane), 0);
  return {
    worlds: sum(({ worlds }) => worlds),
    histories: sum(({ histories }) => histories),
    operations: sum(({ operations }) => operations),
    events: sum(({ events }) => events),
    searchedTexts: sum(({ searchedTexts }) => searchedTexts),
    outcomes,
    findings: lanes.flatMap(({ findings }) => findings),
  };
}

/** Lines for a reader. */
export function describeHistories(tally: HistoryTally, milliseconds: number): readonly string[] {
  const seconds = milliseconds / 1000;
  const kinds = new Set([...tally.outcomes.keys()].map((outcome) => outcome.split(" ")[0] ?? ""));
  return [
    "",
    `histories over HTTP: ${count(tally.histories)} in ${count(tally.worlds)} worlds, ${(tally.histories / seconds).toFixed(1)} a second`,
    `${count(tally.operations)} operations, ${(tally.operations / seconds).toFixed(0)} a second; ${count(tally.events)} events; ${count(tally.searchedTexts)} texts searched for leaks; ${tally.findings.length} differences`,
    ...[...kinds].sort().map((kind) => {
      const outcomes = outcomesOf(tally, kind);
      const times = [...outcomes.values()].reduce((sum, each) => sum + each, 0);
      return `  ${kind.padEnd(17)} ${count(times).padStart(6)} ${shares(outcomes)}`;
    }),
  ];
}

function outcomesOf({ outcomes }: HistoryTally, kind: string): ReadonlyMap<string, number> {
  return new Map(
    [...outcomes]
      .filter(([outcome]) => outcome.startsWith(`${kind} `))
      .map(([outcome, times]) => [outcome.slice(kind.length + 1), times]),
  );
}

/** Kinds of operations that never occurred, or never were both answered and refused. */
export function onesidedKinds({ outcomes, operations }: HistoryTally): readonly string[] {
  const kinds = operations < ENOUGH_FOR_FORMS ? EVERY_KIND : [...EVERY_KIND, ...EVERY_FORM];
  return kinds.filter(
    (kind) => !outcomes.has(`${kind} answered`) || !outcomes.has(`${kind} refused`),
  );
}

/** The rarest forms are one operation in two hundred. */
const ENOUGH_FOR_FORMS = 8000;

const EVERY_KIND = [
  ...["read", "list", "aggregate", "query", "viewer"],
  ...["create", "upsert", "replace", "patch", "delete", "transact"],
];

const EVERY_FORM = [
  ...["create-many", "delete-many", "transact-many"],
  ...["read", "create", "upsert", "replace", "patch", "delete"].map((kind) => `${kind}-generic`),
];

export function describeDifference({ kind, detail, caller, graphql, at }: HistoryDifference) {
  return [
    `  step ${at}, ${caller}: ${kind}`,
    `    ${detail}`,
    `    ${graphql.replace("\n", "\n    ")}`,
  ];
}

export function describeFinding(finding: ShrunkFinding, path: string): readonly string[] {
  const { history, difference, isRepeatable, attempts } = finding;
  return [
    "",
    `DIFFERENCE in the world of seed ${history.seed}${isRepeatable ? "" : ", seen once and not again"}`,
    ...describeDifference(difference),
    `    ${history.steps.length} steps are left after ${attempts} attempts: ${path}`,
  ];
}
