import type { Slope } from "./memory-slope.ts";

/** What a soak counts; the lists hold a line for each case, to look into. */
export interface SoakFigures {
  operations: number;
  ledgerWrites: number;
  /** Answers that were searched, and lines of the log. */
  searchedTexts: number;
  seconds: number;
  readonly codes: Map<string, number>;
  readonly faults: Map<string, number>;
  readonly events: Map<string, number>;
  readonly leaks: string[];
  readonly wrongDenials: string[];
  readonly wrongGrants: string[];
  readonly lostWrites: string[];
  readonly doubledWrites: string[];
  readonly doneAfterRefusal: string[];
  readonly internalErrors: string[];
  /** Items with a mark that is not of their partition, and requests for items with the key. */
  readonly misplacedItems: string[];
  readonly itemRequestsByKey: string[];
  readonly memory: MemoryFigure[];
}

export interface MemoryFigure {
  readonly name: string;
  readonly peakResidentMegabytes: number;
  readonly samples: number;
  readonly slope?: Slope;
}

/**
 * How much the line through a replica's reachable memory may gain after its warm-up, in megabytes:
 * what a cache of verified tokens and one of definitions come to, and no more however long it runs.
 */
const MAX_GROWN_MEGABYTES = 8;

export function createFigures(): SoakFigures {
  return {
    operations: 0,
    ledgerWrites: 0,
    searchedTexts: 0,
    seconds: 0,
    codes: new Map(),
    faults: new Map(),
    events: new Map(),
    leaks: [],
    wrongDenials: [],
    wrongGrants: [],
    lostWrites: [],
    doubledWrites: [],
    doneAfterRefusal: [],
    internalErrors: [],
    misplacedItems: [],
    itemRequestsByKey: [],
    memory: [],
  };
}

export function countIn(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

/** What must be nothing, by the name that it is printed with. */
function mustBeNothing(figures: SoakFigures): readonly (readonly [string, readonly string[]])[] {
  return [
    ["leaks", figures.leaks],
    ["wrong denials", figures.wrongDenials],
    ["wrong grants", figures.wrongGrants],
    ["lost acknowledged writes", figures.lostWrites],
    ["doubled writes", figures.doubledWrites],
    ["writes done after a certain refusal", figures.doneAfterRefusal],
    ["internal errors", figures.internalErrors],
    ["items with a foreign mark", figures.misplacedItems],
    ["item requests with the account key", figures.itemRequestsByKey],
    [
      `replicas that grew by more than ${MAX_GROWN_MEGABYTES} MB`,
      figures.memory
        // The emulator keeps what is stored, so it grows
        .filter(({ name }) => name.startsWith("replica"))
        .filter(({ slope }) => (slope?.grownMegabytes ?? 0) > MAX_GROWN_MEGABYTES)
        .map(({ name }) => name),
    ],
  ];
}

export function isClean(figures: SoakFigures): boolean {
  return mustBeNothing(figures).every(([, cases]) => cases.length === 0);
}

const SHOWN_CASES = 5;

/** The figures as lines of text. */
export function describeFigures(figures: SoakFigures): string {
  const { operations, ledgerWrites, searchedTexts, seconds, codes, faults, events } = figures;
  const counts = (all: ReadonlyMap<string, number>) =>
    [...all]
      .toSorted(([, one], [, other]) => other - one)
      .map(([name, count]) => `${name} ${count}`)
      .join(", ") || "none";
  return [
    `operations           ${operations} (${ledgerWrites} writes of the ledger), ${(operations / seconds).toFixed(1)}/s in ${seconds.toFixed(0)} s`,
    `texts searched       ${searchedTexts}`,
    `answers              ${counts(codes)}`,
    `faults armed         ${counts(faults)}`,
    `events               ${counts(events)}`,
    ...figures.memory.map(describeMemory),
    ...mustBeNothing(figures).flatMap(([name, cases]) => [
      `${name}: ${cases.length}`,
      ...cases.slice(0, SHOWN_CASES).map((one) => `    ${one}`),
    ]),
  ].join("\n");
}

function describeMemory({ name, peakResidentMegabytes, samples, slope }: MemoryFigure): string {
  const line =
    slope === undefined
      ? "too short a life for a slope"
      : `${slope.megabytesPerTenMinutes.toFixed(2)} MB per 10 minutes, ${slope.grownMegabytes.toFixed(2)} MB in all after the warm-up`;
  return `memory               ${name}: peak resident ${peakResidentMegabytes.toFixed(0)} MB; reachable, ${samples} samples: ${line}`;
}
