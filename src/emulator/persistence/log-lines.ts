import { crc32 } from "node:zlib";
import type { StoreChange } from "../store/store-change.ts";

/** One change as a line of a log: a checksum of eight hexadecimal digits, a space, JSON, a line feed. */
export function encodeLine(change: StoreChange): string {
  const json = JSON.stringify(change);
  return `${checksum(json)} ${json}\n`;
}

/**
 * The changes in a log. The last line may be torn, as when the process was killed while it wrote: it was never
 * acknowledged and is left out. Throws an error that names the file and the line for any other damage.
 */
export function* decodeLines(text: string, fileName: string): Iterable<StoreChange> {
  let start = 0;
  for (let lineNumber = 1; start < text.length; lineNumber++) {
    const end = text.indexOf("\n", start);
    if (end < 0) {
      return;
    }
    const json = text.slice(start + 9, end);
    if (text.slice(start, start + 8) !== checksum(json)) {
      if (end === text.length - 1) {
        return;
      }
      throw new Error(`The emulator's data is damaged: ${fileName}, line ${lineNumber}.`);
    }
    // the checksum proves that this program wrote it
    yield JSON.parse(json) as StoreChange;
    start = end + 1;
  }
}

/** Length in bytes of the whole lines of a log: where the next one may be appended. */
export function intactLength(bytes: Uint8Array): number {
  return bytes.lastIndexOf(0x0a) + 1;
}

function checksum(json: string): string {
  return crc32(json).toString(16).padStart(8, "0");
}
