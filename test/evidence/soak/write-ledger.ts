import type { Json } from "../../model/terms.ts";
import { canonical } from "../oracle/judge.ts";
import type { Answer } from "./judge-verdict.ts";

/** What became of a write, by what its caller was told. */
export type Told = "done" | "refused" | "uncertain";

/** An item of the ledger. A text of it holds `token`, which stands in no other item. */
export interface LedgerItem {
  readonly token: string;
  readonly container: string;
  /** What it may be now; undefined is absent. More than one after an uncertain write. */
  possible: Set<string | undefined>;
  /** What it would be after writes that were certainly refused. */
  readonly refused: Set<string | undefined>;
  /** Of a counter: the field that is counted up by anyone, and what was told of that. */
  readonly counted?: { readonly start: number; done: number; uncertain: number };
}

export interface StoredContent {
  readonly container: string;
  readonly content: Readonly<Record<string, Json>>;
}

export interface LedgerFaults {
  readonly lost: readonly string[];
  readonly doubled: readonly string[];
  readonly doneAfterRefusal: readonly string[];
}

/** The field of a counter. */
export const COUNTED_FIELD = "quantity";

const TOKEN = /ledger-[0-9]+-/;

export const ledgerToken = (number: number): string => `ledger-${number}-`;

/**
 * What a caller knows of its write. The documentation promises that only an error that says so, or
 * none at all, leaves it open whether a write was made.
 */
export function readTold(answer: Answer | undefined, alias: string): Told {
  const errors = answer?.errors ?? [];
  if (answer === undefined) {
    return "uncertain";
  }
  if (errors.some(({ extensions }) => extensions?.written === true)) {
    return "done";
  }
  if (errors.length === 0) {
    return answer.data?.[alias] === undefined ? "uncertain" : "done";
  }
  const isOpen = errors.some(
    ({ message, extensions }) =>
      message.includes("may have been made") ||
      ["TIMEOUT", "INTERNAL_SERVER_ERROR"].includes(String(extensions?.code)),
  );
  return isOpen ? "uncertain" : "refused";
}

/** What an item holds, but for its id, which may be made up, and what Cosmos DB adds. */
export function stateOf(content: Readonly<Record<string, Json>>): string {
  const own = Object.entries(content).filter(([name]) => name !== "id" && !name.startsWith("_"));
  return canonical(Object.fromEntries(own));
}

/** Notes a write that would bring an item into a state. */
export function noteWrite(item: LedgerItem, state: string | undefined, told: Told): void {
  if (told === "done") {
    item.possible = new Set([state]);
  } else if (told === "uncertain") {
    item.possible.add(state);
  } else {
    item.refused.add(state);
  }
}

/** Notes that a counter was counted up by one. */
export function noteCount({ counted }: LedgerItem, told: Told): void {
  if (counted !== undefined && told !== "refused") {
    counted[told] += 1;
  }
}

/** An item that several writes are open for is left alone: a late one could come after a new one. */
export function isSettled({ possible }: LedgerItem): boolean {
  return possible.size === 1;
}

/** Compares the ledger with everything that is stored at the end. */
export function auditLedger(
  items: readonly LedgerItem[],
  stored: readonly StoredContent[],
): LedgerFaults {
  const byToken = Map.groupBy(stored, ({ content }) => TOKEN.exec(JSON.stringify(content))?.[0]);
  const faults = { lost: [], doubled: [], doneAfterRefusal: [] } satisfies LedgerFaults;
  for (const item of items) {
    auditItem(item, byToken.get(item.token) ?? [], faults);
  }
  return faults;
}

function auditItem(
  { token, counted, possible, refused }: LedgerItem,
  there: readonly StoredContent[],
  { lost, doubled, doneAfterRefusal }: Record<keyof LedgerFaults, string[]>,
): void {
  const [first] = there;
  const found = first === undefined ? undefined : stateOf(first.content);
  if (there.length > 1) {
    doubled.push(`${token}: ${there.length} times`);
  } else if (counted !== undefined && first !== undefined && possible.has(undefined) === false) {
    const count = Number(first.content[COUNTED_FIELD]) - counted.start;
    const told = `${token}: counted ${count}, told ${counted.done}, and perhaps ${counted.uncertain}`;
    if (count < counted.done) {
      lost.push(told);
    } else if (count > counted.done + counted.uncertain) {
      doubled.push(told);
    }
  } else if (!possible.has(found)) {
    (refused.has(found) ? doneAfterRefusal : lost).push(`${token}: ${found ?? "absent"}`);
  }
}
