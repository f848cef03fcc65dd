import type { StoredItem } from "../../model/terms.ts";
import type { Findings } from "./findings.ts";
import { type LedgerEntries, placeOfItem, type Stamp, stampsOf } from "./ledger-entry.ts";

/** Compares the ledger with everything that is stored, once nothing is under way. */
export function closeBooks(
  entries: LedgerEntries,
  everything: readonly StoredItem[],
  findings: Findings,
): void {
  const stored = new Map(everything.map((item) => [placeOfItem(item), item]));
  const present = new Map<string, Set<boolean>>();
  for (const [place, { creation, deletion, stamps }] of entries) {
    const item = stored.get(place);
    if (item === undefined) {
      if (creation === "done" && deletion === undefined) {
        findings.add("write lost", `${place} is not stored`);
      }
      continue;
    }
    if (creation === "refused" || deletion === "done") {
      findings.add("refused write done", `${place} is stored`);
    }
    const found = stampsOf(item.content.tags);
    for (const [name, stamp] of stamps) {
      const times = found.filter((each) => each === name).length;
      present.set(name, (present.get(name) ?? new Set()).add(times > 0));
      checkStamp(stamp, times, `${name} in ${place}`, findings);
    }
  }
  for (const [name, whether] of present) {
    if (whether.size > 1) {
      findings.add("half a transaction", name);
    }
  }
  for (const place of stored.keys()) {
    if (!entries.has(place)) {
      findings.add("refused write done", `${place} is stored and nobody made it`);
    }
  }
}

function checkStamp({ state }: Stamp, times: number, what: string, findings: Findings): void {
  if (times > 1) {
    findings.add("write doubled", `${what}: ${times} times`);
  } else if (state === "done" && times === 0) {
    findings.add("write lost", what);
  } else if (state === "refused" && times > 0) {
    findings.add("refused write done", what);
  }
}
