import { placeOf, type StoredItem } from "../../model/terms.ts";
import type { Ending } from "./judge-answer.ts";

/** What was done with one item, as far as the answers to it say. */
export interface LedgerEntry {
  readonly item: StoredItem;
  /** Of the creation; `done` for what was there at the beginning. */
  creation: Ending | "under way";
  createdAtMs: number;
  deletion: Ending | "under way" | undefined;
  deletedAtMs: number;
  /** By text: each of one operation that appended it. */
  readonly stamps: Map<string, Stamp>;
}

export interface Stamp {
  state: Ending | "under way";
  doneAtMs: number;
  /** Whether some answer had it. */
  isSeen: boolean;
}

/** All entries, by place. */
export type LedgerEntries = ReadonlyMap<string, LedgerEntry>;

export function createEntry(item: StoredItem, creation: LedgerEntry["creation"]): LedgerEntry {
  return {
    item,
    creation,
    createdAtMs: creation === "done" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY,
    deletion: undefined,
    deletedAtMs: Number.POSITIVE_INFINITY,
    stamps: new Map(),
  };
}

export function placeOfItem({ container, partitionKey, content }: StoredItem): string {
  return placeOf(container, partitionKey, content.id);
}

/** The stamps among an item's tags. */
export function stampsOf(tags: unknown): readonly string[] {
  const texts = Array.isArray(tags) ? tags : [];
  return texts.filter((text) => typeof text === "string" && text.startsWith("stamp-"));
}
