import { closeSync, fstatSync, ftruncateSync, openSync, statSync, writeSync } from "node:fs";
import { open, rename } from "node:fs/promises";
import type { StoreChange } from "../store/store-change.ts";
import type { DataDirectory } from "./data-directory.ts";
import { encodeLine, intactLength, readChanges } from "./log-lines.ts";

/**
 * The append-only log that makes a data folder. A change is in the operating system's hands when
 * `append` returns, so it outlives the process. Only a machine that loses power may lose the last
 * ones.
 */
export interface Journal {
  /** Everything written in earlier runs, in order. Call it once, before `append`. */
  recover(): Iterable<StoreChange>;
  /** Throws, and leaves the log as it was, if the change can't be written. */
  append(change: StoreChange): void;
  /**
   * Starts a new log and writes what `capture` returns beside it, if the present one has grown
   * large enough.
   */
  compactIfLarge(capture: () => readonly StoreChange[]): void;
  /** Ends when a snapshot under way is written. */
  close(): Promise<void>;
}

/** A log smaller than this is never replaced by a snapshot. */
const DEFAULT_COMPACTION_BYTES = 64 * 1024 * 1024;

export function openJournal(
  directory: DataDirectory,
  compactionBytes = DEFAULT_COMPACTION_BYTES,
): Journal {
  const { snapshot, logs } = directory.generations();
  let generation = logs.at(-1) ?? snapshot ?? 0;
  let log = openLog(directory.logPath(generation));
  let snapshotBytes = 0;
  let compaction: Promise<void> | undefined;

  const writeSnapshot = async (target: number, changes: readonly StoreChange[]): Promise<void> => {
    const path = directory.snapshotPath(target);
    const file = await open(`${path}.tmp`, "w");
    let bytes = 0;
    try {
      for (const change of changes) {
        bytes += (await file.write(encodeLine(change))).bytesWritten;
      }
      await file.sync();
    } finally {
      await file.close();
    }
    // Whole or not at all: a snapshot under its name is complete
    await rename(`${path}.tmp`, path);
    directory.deleteBefore(target);
    snapshotBytes = bytes;
  };

  return {
    *recover() {
      if (snapshot !== undefined) {
        const path = directory.snapshotPath(snapshot);
        snapshotBytes = statSync(path).size;
        yield* readChanges(path);
      }
      for (const number of logs) {
        yield* readChanges(directory.logPath(number));
      }
    },
    append: (change) => log.append(encodeLine(change)),
    compactIfLarge: (capture) => {
      if (compaction !== undefined || log.length < Math.max(compactionBytes, snapshotBytes)) {
        return;
      }
      generation += 1;
      log.close();
      log = openLog(directory.logPath(generation));
      compaction = writeSnapshot(generation, capture())
        .catch((error: unknown) => {
          // Both logs are still there, so nothing is lost: the next start reads them
          process.stderr.write(`emulator: the snapshot was not written: ${String(error)}\n`);
        })
        .finally(() => {
          compaction = undefined;
        });
    },
    close: async () => {
      await compaction;
      log.close();
    },
  };
}

interface OpenLog {
  readonly length: number;
  append(line: string): void;
  close(): void;
}

/** Opens a log for appending, behind its last whole line. */
function openLog(path: string): OpenLog {
  const file = openSync(path, "a");
  let length = fstatSync(file).size;
  const intact = intactLength(path, length);
  if (length > intact) {
    ftruncateSync(file, intact);
    length = intact;
  }
  return {
    get length() {
      return length;
    },
    append: (line) => {
      const bytes = Buffer.from(line);
      let written = 0;
      try {
        while (written < bytes.length) {
          written += writeSync(file, bytes, written);
        }
      } catch (error) {
        // A torn line must stay the last one
        ftruncateSync(file, length);
        throw error;
      }
      length += bytes.length;
    },
    close: () => closeSync(file),
  };
}
