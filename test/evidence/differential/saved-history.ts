import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { History } from "./history.ts";
import type { HistoryFinding } from "./history-lane.ts";

/** Ignored by git. */
const FOLDER = resolve(import.meta.dirname, "../../../coverage/differential");

/** Writes a finding and returns the file's path; `--replay` takes it. */
export function saveFinding({ history, difference }: HistoryFinding): string {
  mkdirSync(FOLDER, { recursive: true });
  const path = join(FOLDER, `history-${history.seed >>> 0}-${difference.at}.json`);
  writeFileSync(path, `${JSON.stringify({ difference, history }, null, 1)}\n`);
  return path;
}

/** @throws Error for a file that can't be read, or is none of ours. */
export function readHistory(path: string): History {
  const { history } = JSON.parse(readFileSync(path, "utf8")) as { readonly history?: History };
  if (history === undefined || !Array.isArray(history.steps)) {
    throw new Error(`${path} is no history that the differential has written.`);
  }
  return history;
}
