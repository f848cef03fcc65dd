import { closeSync, openSync, readSync } from "node:fs";
import { crc32 } from "node:zlib";
import type { StoreChange } from "../store/store-change.ts";

/** One change as a line of a log: a checksum of eight hexadecimal digits, a space, JSON, a line feed. */
export function encodeLine(change: StoreChange): string {
  const json = JSON.stringify(change);
  return `${checksum(Buffer.from(json))} ${json}\n`;
}

/**
 * The changes in a file of such lines. The last line may be torn, as when the process was killed while it wrote: it was
 * never acknowledged and is left out. Throws an error that names the file and the line for any other damage.
 */
export function* readChanges(path: string): Iterable<StoreChange> {
  let lineNumber = 0;
  let damaged: number | undefined;
  for (const line of wholeLines(path)) {
    lineNumber += 1;
    if (damaged !== undefined) {
      throw new Error(`The emulator's data is damaged: ${path}, line ${damaged}.`);
    }
    const json = line.subarray(9);
    if (line.toString("latin1", 0, 8) === checksum(json)) {
      // the checksum proves that this program wrote it
      yield JSON.parse(json.toString("utf8")) as StoreChange;
    } else {
      damaged = lineNumber;
    }
  }
}

/** Bytes that are read at a time: a file as a whole may be longer than a text can be. */
const chunkBytes = 1024 * 1024;

const lineFeed = 0x0a;

/** The lines of a file that end with a line feed, without it. */
function* wholeLines(path: string): Iterable<Buffer> {
  const file = openSync(path, "r");
  try {
    let rest: Buffer = Buffer.alloc(0);
    for (;;) {
      const chunk = Buffer.alloc(chunkBytes);
      const length = readSync(file, chunk, 0, chunkBytes, null);
      if (length === 0) {
        return;
      }
      const bytes = Buffer.concat([rest, chunk.subarray(0, length)]);
      let start = 0;
      let end = bytes.indexOf(lineFeed, start);
      while (end >= 0) {
        yield bytes.subarray(start, end);
        start = end + 1;
        end = bytes.indexOf(lineFeed, start);
      }
      rest = bytes.subarray(start);
    }
  } finally {
    closeSync(file);
  }
}

/** Length in bytes of the whole lines among a file's `size` bytes: where the next line may be appended. */
export function intactLength(path: string, size: number): number {
  const file = openSync(path, "r");
  try {
    const chunk = Buffer.alloc(chunkBytes);
    for (let end = size; end > 0; end -= chunkBytes) {
      const start = Math.max(0, end - chunkBytes);
      const length = readSync(file, chunk, 0, end - start, start);
      const last = chunk.subarray(0, length).lastIndexOf(lineFeed);
      if (last >= 0) {
        return start + last + 1;
      }
    }
    return 0;
  } finally {
    closeSync(file);
  }
}

function checksum(json: Uint8Array): string {
  return crc32(json).toString(16).padStart(8, "0");
}
