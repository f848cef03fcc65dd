import { randomBytes } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { damagedData } from "./data-folder-error.ts";
import { takeFolderLock } from "./folder-lock.ts";

/** Snapshot `n` holds the state at the start of log `n`. */
export interface Generations {
  /** Highest snapshot; undefined: none was written yet. */
  readonly snapshot: number | undefined;
  /** Logs from that snapshot on, in order. */
  readonly logs: readonly number[];
}

/** A folder with the emulator's data, held by this process alone. */
export interface DataDirectory {
  snapshotPath(generation: number): string;
  logPath(generation: number): string;
  generations(): Generations;
  /** Deletes snapshots and logs that a newer snapshot has replaced. */
  deleteBefore(generation: number): void;
  /** What resource tokens are sealed with: kept, so that they outlive a restart. */
  readonly resourceTokenSecret: Uint8Array;
  release(): void;
}

/**
 * Opens a folder, creating it if need be.
 *
 * @throws DataFolderError while another running process holds it.
 */
export function openDataDirectory(path: string): DataDirectory {
  makeFolder(path);
  const release = takeFolderLock(path);
  try {
    return { ...openFiles(path), release };
  } catch (error) {
    release();
    throw error;
  }
}

/**
 * Not `mkdir` with `recursive`: that of Node.js never ends where the system makes no folders, as in
 * /proc.
 */
function makeFolder(path: string): void {
  const parent = dirname(path);
  if (parent !== path && !existsSync(parent)) {
    makeFolder(parent);
  }
  try {
    mkdirSync(path);
  } catch (error) {
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) {
      throw error;
    }
  }
}

function openFiles(path: string): Omit<DataDirectory, "release"> {
  const numbers = (kind: "snapshot" | "log"): readonly number[] =>
    readdirSync(path)
      .map((name) => new RegExp(`^${kind}-(\\d{1,9})\\.jsonl$`).exec(name)?.[1])
      .filter((digits) => digits !== undefined)
      .map(Number)
      .sort((left, right) => left - right);
  const snapshotPath = (generation: number): string => join(path, `snapshot-${generation}.jsonl`);
  const logPath = (generation: number): string => join(path, `log-${generation}.jsonl`);
  return {
    snapshotPath,
    logPath,
    generations: () => {
      const snapshot = numbers("snapshot").at(-1);
      return { snapshot, logs: numbers("log").filter((log) => log >= (snapshot ?? 0)) };
    },
    deleteBefore: (generation) => {
      for (const old of numbers("snapshot").filter((number) => number < generation)) {
        rmSync(snapshotPath(old));
      }
      for (const old of numbers("log").filter((number) => number < generation)) {
        rmSync(logPath(old));
      }
    },
    resourceTokenSecret: readOrCreateSecret(join(path, "resource-token-secret")),
  };
}

const SECRET_BYTES = 32;

function readOrCreateSecret(path: string): Uint8Array {
  if (!existsSync(path)) {
    writeFileSync(path, randomBytes(SECRET_BYTES).toString("base64"), { mode: 0o600 });
  }
  const secret = Buffer.from(readFileSync(path, "utf8"), "base64");
  if (secret.length < SECRET_BYTES) {
    throw damagedData(path);
  }
  return secret;
}
