import { randomBytes } from "node:crypto";
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { DataFolderError } from "./data-folder-error.ts";

/** Who holds a folder. */
interface Holder {
  readonly processId: number;
  /** When that process started, as its system counts; unknown on systems that don't tell. */
  readonly startedAt?: string;
  /** The machine or container that it runs on; unknown in locks of earlier versions. */
  readonly host?: string;
}

/** How often a lock that others take and leave at the same moment is tried. */
const MAX_ATTEMPTS = 20;

/**
 * Takes a folder for this process, so that no two emulators write one log, and returns what gives
 * it back. A lock whose process has ended is taken over.
 *
 * @throws DataFolderError while another one holds it.
 */
export function takeFolderLock(folder: string): () => void {
  const path = join(folder, "lock");
  const own = JSON.stringify(thisProcess());
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    if (writeNew(path, own)) {
      return () => {
        if (readLock(path) === own) {
          rmSync(path, { force: true });
        }
      };
    }
    const text = readLock(path);
    if (text !== undefined) {
      refuseIfHeld(folder, path, readHolder(text));
      setAside(path, text);
    }
  }
  throw new DataFolderError(`The data folder ${folder} is in use by several processes.`);
}

function thisProcess(): Holder {
  const startedAt = startOf(process.pid);
  return {
    processId: process.pid,
    ...(startedAt === undefined ? {} : { startedAt }),
    host: hostname(),
  };
}

/** False if there is a lock already. */
function writeNew(path: string, text: string): boolean {
  try {
    writeFileSync(path, text, { flag: "wx" });
    return true;
  } catch (error) {
    if (isCode(error, "EEXIST")) {
      return false;
    }
    throw error;
  }
}

/** The lock's text; undefined if it is gone. */
function readLock(path: string): string | undefined {
  try {
    const text = readFileSync(path, "utf8");
    if (text !== "") {
      return text;
    }
    // A lock is empty for a moment before it is written. Only one that stays empty was left behind.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
    return readFileSync(path, "utf8");
  } catch (error) {
    if (isCode(error, "ENOENT")) {
      return undefined;
    }
    throw error;
  }
}

/**
 * Earlier versions wrote the process id alone. A text that names no process was left
 * behind half-written.
 */
function readHolder(text: string): Holder | undefined {
  try {
    const value = JSON.parse(text) as Holder | number | null;
    const holder = typeof value === "number" ? { processId: value } : value;
    return Number.isInteger(holder?.processId) ? (holder ?? undefined) : undefined;
  } catch {
    return undefined;
  }
}

function refuseIfHeld(folder: string, path: string, holder: Holder | undefined): void {
  if (holder === undefined) {
    return;
  }
  const { processId, host = hostname() } = holder;
  if (host !== hostname()) {
    throw new DataFolderError(
      `The data folder ${folder} is in use by process ${processId} of ${host}. If that has ended, delete ${path}.`,
    );
  }
  if (isRunning(holder)) {
    throw new DataFolderError(
      `The data folder ${folder} is in use by process ${processId}. End that one, or choose another folder.`,
    );
  }
}

/**
 * Takes a lock that was left behind out of the way. Another process may do the same at once: a lock
 * that it has put there in the meantime goes back.
 */
function setAside(path: string, leftBehind: string): void {
  const aside = `${path}.${process.pid}.${randomBytes(4).toString("hex")}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (isCode(error, "ENOENT")) {
      return;
    }
    throw error;
  }
  if (readFileSync(aside, "utf8") === leftBehind) {
    rmSync(aside);
  } else {
    renameSync(aside, path);
  }
}

/** A process id alone is not enough: it is given again, in a container even at each start. */
function isRunning({ processId, startedAt }: Holder): boolean {
  if (processId <= 0) {
    return false;
  }
  try {
    process.kill(processId, 0);
  } catch (error) {
    if (!isCode(error, "EPERM")) {
      return false;
    }
  }
  const presentStart = startOf(processId);
  return startedAt === undefined || presentStart === undefined || startedAt === presentStart;
}

/** Boot and clock ticks since, on Linux: the 22nd field of the process's status. */
function startOf(processId: number): string | undefined {
  try {
    const status = readFileSync(`/proc/${processId}/stat`, "utf8");
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    // The second field is the program's name in brackets, which may hold anything
    const ticks = status.slice(status.lastIndexOf(")") + 2).split(" ")[19];
    return ticks === undefined ? undefined : `${boot} ${ticks}`;
  } catch {
    return undefined;
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
