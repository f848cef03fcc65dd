import { closeSync, openSync, readSync } from "node:fs";
import { MAX_KEY_SET_BYTES } from "./read-key-set.ts";

/** In bytes. A key set is the longest that a configuration names. */
const MAX_FILE_BYTES = MAX_KEY_SET_BYTES;

/**
 * Reads a file that a configuration names, as text.
 *
 * @throws Error of the system; or one with the code `EFBIG` if it is longer than one megabyte, of
 *   which no more is read.
 */
export function readSmallFile(path: string): string {
  const file = openSync(path, "r");
  try {
    const content = Buffer.alloc(MAX_FILE_BYTES + 1);
    let length = 0;
    for (let read = -1; read !== 0 && length < content.length; length += read) {
      read = readSync(file, content, length, content.length - length, null);
    }
    if (length > MAX_FILE_BYTES) {
      throw Object.assign(new Error(`${path} is longer than ${MAX_FILE_BYTES} bytes.`), {
        code: "EFBIG",
      });
    }
    return content.toString("utf8", 0, length);
  } finally {
    closeSync(file);
  }
}
