import { placeOf } from "../../model/terms.ts";
import type { Findings } from "./findings.ts";
import { type LedgerEntries, type LedgerEntry, placeOfItem, stampsOf } from "./ledger-entry.ts";
import { type Ask, isSamePartition, planOfItem } from "./operations.ts";
import type { Answer } from "./replica.ts";

/**
 * Judges what a read showed by the writes that were done before it began, refused, or never made.
 *
 * @param sinceMs when the read was begun.
 */
export function judgeSight(
  ask: Ask,
  answer: Answer,
  sinceMs: number,
  entries: LedgerEntries,
  findings: Findings,
): void {
  const value = answer.data?.answer;
  if (ask.do === "read") {
    const place = placeOfItem(ask.target);
    if (isItem(value)) {
      see(place, value.tags, sinceMs, entries, findings);
    } else {
      miss(entries.get(place), sinceMs, findings);
    }
  }
  if (ask.do === "list" || ask.do === "follow") {
    const { nodes = [] } = (value ?? {}) as { nodes?: readonly unknown[] }; // A connection
    const items = nodes.filter(isItem);
    for (const { id, tags } of items) {
      const place = placeOf(ask.target.container, ask.target.partitionKey, id);
      see(place, tags, sinceMs, entries, findings);
    }
    const ids = new Set(items.map(({ id }) => id));
    for (const entry of entries.values()) {
      const { item } = entry;
      const isMeant = isSamePartition(item, ask.target) && planOfItem(item) === ask.plan;
      if (isMeant && !ids.has(item.content.id)) {
        miss(entry, sinceMs, findings);
      }
    }
  }
}

function see(
  place: string,
  tags: unknown,
  sinceMs: number,
  entries: LedgerEntries,
  findings: Findings,
): void {
  const entry = entries.get(place);
  if (entry === undefined) {
    findings.add("verdict", `${place} was answered and never existed`);
    return;
  }
  const seen = stampsOf(tags);
  if (new Set(seen).size < seen.length) {
    findings.add("write doubled", `${place} has ${seen.join(", ")}`);
  }
  for (const name of seen) {
    const stamp = entry.stamps.get(name);
    if (stamp === undefined || stamp.state === "refused") {
      findings.add("refused write done", `${place} has ${name}`);
    } else {
      stamp.isSeen = true;
    }
  }
  for (const [name, stamp] of entry.stamps) {
    if (stamp.state === "done" && stamp.doneAtMs < sinceMs && !seen.includes(name)) {
      findings.add("stale read", `${place} lacks ${name}`);
    }
  }
  if (entry.deletedAtMs < sinceMs || entry.creation === "refused") {
    findings.add("stale read", `${place} is there and was deleted, or never made`);
  }
}

function miss(entry: LedgerEntry | undefined, sinceMs: number, findings: Findings): void {
  if (entry !== undefined && entry.createdAtMs < sinceMs && entry.deletion === undefined) {
    findings.add("stale read", `${placeOfItem(entry.item)} is missing`);
  }
}

function isItem(value: unknown): value is { readonly id: string; readonly tags?: unknown } {
  return typeof value === "object" && value !== null && "id" in value;
}
