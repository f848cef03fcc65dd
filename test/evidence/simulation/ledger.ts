import type { StoredItem } from "../../model/terms.ts";
import { closeBooks } from "./close-books.ts";
import type { Findings } from "./findings.ts";
import type { Ending } from "./judge-answer.ts";
import { judgeSight } from "./judge-sight.ts";
import { createEntry, type LedgerEntry, placeOfItem } from "./ledger-entry.ts";
import type { Ask } from "./operations.ts";
import type { Answer } from "./replica.ts";

/** Keeps account of all writes, and judges by it what reads saw and what is stored in the end. */
export interface Ledger {
  /** What is stored for certain, and nobody is about to delete. */
  items(): readonly StoredItem[];
  /** Whether what an operation is about may have been deleted by now, or never was made. */
  mayBeMissing(ask: Ask): boolean;
  begin(ask: Ask): void;
  /** @param startedAtMs when the operation was begun. */
  end(ask: Ask, ending: Ending, answer: Answer, startedAtMs: number): void;
  /** @param everything all that is in the database, once nothing is under way. */
  close(everything: readonly StoredItem[]): void;
}

export function createLedger(
  stored: readonly StoredItem[],
  findings: Findings,
  nowMs: () => number,
): Ledger {
  const entries = new Map(stored.map((item) => [placeOfItem(item), createEntry(item, "done")]));
  const entriesOf = (ask: Ask): readonly LedgerEntry[] => {
    const targets = ask.do === "transact" ? [ask.target, ask.other] : [ask.target];
    return targets.flatMap((target) => entries.get(placeOfItem(target)) ?? []);
  };
  const isSure = ({ creation, deletion }: LedgerEntry) =>
    creation === "done" && deletion === undefined;

  const endOne = (entry: LedgerEntry, ask: Ask, ending: Ending): void => {
    const doneAtMs = ending === "done" ? nowMs() : Number.POSITIVE_INFINITY;
    if (ask.do === "create") {
      entry.creation = ending;
      entry.createdAtMs = doneAtMs;
    }
    // Of two deletions at a time, one finds nothing left.
    if (ask.do === "delete" && entry.deletion === "under way") {
      entry.deletion = ending === "refused" ? undefined : ending;
      entry.deletedAtMs = doneAtMs;
    }
    const stamp = "stamp" in ask ? entry.stamps.get(ask.stamp) : undefined;
    if (stamp !== undefined) {
      stamp.state = ending;
      stamp.doneAtMs = doneAtMs;
      if (ending === "refused" && stamp.isSeen) {
        findings.add("refused write done", `${placeOfItem(entry.item)} had it before`);
      }
    }
  };

  return {
    items: () => [...entries.values()].filter(isSure).map(({ item }) => item),
    mayBeMissing: (ask) => !entriesOf(ask).every(isSure),

    begin: (ask) => {
      if (ask.do === "create") {
        entries.set(placeOfItem(ask.target), createEntry(ask.target, "under way"));
      }
      for (const entry of entriesOf(ask)) {
        if (ask.do === "delete") {
          entry.deletion = "under way";
        }
        if ("stamp" in ask) {
          const doneAtMs = Number.POSITIVE_INFINITY;
          entry.stamps.set(ask.stamp, { state: "under way", doneAtMs, isSeen: false });
        }
      }
    },

    end: (ask, ending, answer, startedAtMs) => {
      for (const entry of entriesOf(ask)) {
        endOne(entry, ask, ending);
      }
      if (ending === "done") {
        judgeSight(ask, answer, startedAtMs, entries, findings);
      }
    },

    close: (everything) => closeBooks(entries, everything, findings),
  };
}
