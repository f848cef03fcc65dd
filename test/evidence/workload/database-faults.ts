import type { Fault } from "../../emulator-controls.ts";

/** A fault of the database, and what an operation may fail with that meets it. */
interface KnownFault extends Omit<Fault, "match" | "times"> {
  readonly codes: readonly string[];
}

/** How long what is slow takes longer, in milliseconds. */
export const SLOW_MS = 400;

const GONE = ["UPSTREAM_UNAVAILABLE", "TIMEOUT"];
const BUSY = ["THROTTLED", ...GONE];

/**
 * Each fault that the emulator knows, and each status with the substatus that says why. That there
 * is no such item (404 without a substatus) is an answer and no fault.
 */
export const DATABASE_FAULTS = {
  "request lost": { drop: "request", codes: GONE },
  "response lost": { drop: "response", codes: GONE },
  "slow answer": { delayMs: SLOW_MS, codes: ["TIMEOUT"] },
  "slow body": { slowBodyMs: SLOW_MS, codes: ["TIMEOUT"] },
  "no permission 403": { status: 403, substatus: 0, codes: ["FORBIDDEN", ...GONE] },
  "writes moved 403": { status: 403, substatus: 3, codes: ["FORBIDDEN", ...GONE] },
  "region left 403": { status: 403, substatus: 1008, codes: ["FORBIDDEN", ...GONE] },
  "replica behind 404": { status: 404, substatus: 1002, codes: GONE },
  "timeout 408": { status: 408, codes: GONE },
  "partition gone 410": { status: 410, substatus: 1002, codes: GONE },
  "partition splitting 410": { status: 410, substatus: 1007, codes: GONE },
  "throttled 429": { status: 429, substatus: 3200, retryAfterMs: 50, codes: BUSY },
  "retry 449": { status: 449, retryAfterMs: 20, codes: BUSY },
  "error 500": { status: 500, codes: GONE },
  "unavailable 503": { status: 503, codes: GONE },
} as const satisfies Readonly<Record<string, KnownFault>>;

export type FaultName = keyof typeof DATABASE_FAULTS;

// The keys of a constant are those that its type has.
export const FAULT_NAMES = Object.keys(DATABASE_FAULTS) as readonly FaultName[];

/** The codes that an operation may fail with that meets it. */
export function codesOfFault(name: FaultName): readonly string[] {
  return DATABASE_FAULTS[name].codes;
}

/** The fault as the emulator takes it. */
export function databaseFault(name: FaultName, met: Pick<Fault, "match" | "times">): Fault {
  const { codes: _, ...fault }: KnownFault = DATABASE_FAULTS[name];
  return { ...met, ...fault };
}
