import { closeSync, openSync, readSync } from "node:fs";
import { crc32 } from "node:zlib";
import type { StoreChange } from "../store/store-change.ts";
import { damagedData } from "./data-folder-error.ts";

/**
 * One change as a line of a log: a checksum of eight hexadecimal digits, a space, JSON, a line
 * feed.
 */
export function encodeLine(change: StoreChange): string {
  const json = JSON.stringify(change);
  return `${checksum(Buffer.from(json))} ${json}\n`;
}

/**
 * The changes in a file of such lines. What follows the last line feed is left out: the process was
 * killed while it wrote, so it was never acknowledged.
 *
 * @throws DataFolderError that names the file and the line for other damage.
 */
export function* readChanges(path: string): Iterable<StoreChange> {
  let lineNumber = 0;
  for (const line of wholeLines(path)) {
    lineNumber += 1;
    const json = line.subarray(9);
    if (line.toString("latin1", 0, 8) !== checksum(json)) {
      throw damagedData(`${path}, line ${lineNumber}`);
    }
    // The checksum proves that this program wrote it
    yield JSON.parse(json.toString("utf8")) as StoreChange;
  }
}

/** Bytes that are read at a time: a file as a whole may be longer than a text can be. */
const CHUNK_BYTES = 1024 * 1024;

const LINE_FEED = 0x0a;

/** The lines of a file that end with a line feed, without it. */
function* wholeLines(path: string): Iterable<Buffer> {
  const file = openSync(path, "r");
  try {
    let rest: Buffer = Buffer.alloc(0);
    for (;;) {
      const chunk = Buffer.alloc(CHUNK_BYTES);
      const length = readSync(file, chunk, 0, CHUNK_BYTES, null);
      if (length === 0) {
        return;
      }
      const bytes = Buffer.concat([rest, chunk.subarray(0, length)]);
      let start = 0;
      let end = bytes.indexOf(LINE_FEED, start);
      while (end >= 0) {
        yield bytes.subarray(start, end);
        start = end + 1;
        end = bytes.indexOf(LINE_FEED, start);
      }
      rest = bytes.subarray(start);
    }
  } finally {
    closeSync(file);
  }
}

/**
 * Length in bytes of the whole lines among a file's `size` bytes: where the next line may be
 * appended.
 *
 * @throws DataFolderError if what follows them is not the beginning of a line.
 */
export function intactLength(path: string, size: number): number {
  const file = openSync(path, "r");
  try {
    const chunk = Buffer.alloc(CHUNK_BYTES);
    for (let end = size; end > 0; end -= CHUNK_BYTES) {
      const start = Math.max(0, end - CHUNK_BYTES);
      const length = readSync(file, chunk, 0, end - start, start);
      const last = chunk.subarray(0, length).lastIndexOf(LINE_FEED);
      if (last >= 0) {
        return requireTornLine(path, file, start + last + 1);
      }
    }
    return requireTornLine(path, file, 0);
  } finally {
    closeSync(file);
  }
}

/** As much of a line's checksum and JSON as was written; a machine that lost power leaves zeros. */
const BEGINNING_OF_LINE = /^(?:[0-9a-f]{0,8}|[0-9a-f]{8} (?:\{.*)?|\0+)$/s;

function requireTornLine(path: string, file: number, start: number): number {
  const chunk = Buffer.alloc(16);
  const length = readSync(file, chunk, 0, chunk.length, start);
  if (!BEGINNING_OF_LINE.test(chunk.toString("latin1", 0, length))) {
    throw damagedData(`${path}, behind byte ${start}`);
  }
  return start;
}

function checksum(json: Uint8Array): string {
  return crc32(json).toString(16).padStart(8, "0");
}
