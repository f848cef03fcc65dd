/** Laws that a simulation holds the gateway to; `docs/evidence.md` says what each means. */
export type Law =
  | "foreign mark"
  | "verdict"
  | "token of another user"
  | "token past its end"
  | "unknown token"
  | "issued token"
  | "secret told"
  | "account key for items"
  | "write lost"
  | "write doubled"
  | "refused write done"
  | "half a transaction"
  | "stale read"
  | "single flight"
  | "refresh ahead"
  | "remembered failure"
  | "request count"
  | "deadline"
  | "hang"
  | "recovery"
  | "unhandled rejection";

export interface Finding {
  readonly law: Law;
  readonly detail: string;
  /** Milliseconds of virtual time since the beginning. */
  readonly atMs: number;
}

/** Where every watch and check reports what it found. */
export interface Findings {
  add(law: Law, detail: string): void;
  list(): readonly Finding[];
}

/** Enough to see what is wrong; a broken rule is broken by every operation. */
const MAX_FINDINGS = 50;

export function createFindings(nowMs: () => number): Findings {
  const startMs = nowMs();
  const list: Finding[] = [];
  return {
    add: (law, detail) => {
      if (list.length < MAX_FINDINGS) {
        list.push({ law, detail, atMs: nowMs() - startMs });
      }
    },
    list: () => list,
  };
}
