import type { Writable } from "node:stream";

/** Where log lines go. A log that can't be written never ends the process and never holds it up. */
export interface LogOutput {
  /** Takes whole lines. Never throws and never waits. */
  readonly write: (lines: string) => void;
  /** How many lines could not be written, since the start. */
  readonly droppedLines: () => number;
  /** Resolves when nothing waits for the reader any more. */
  readonly flushed: () => Promise<void>;
}

/** How much may wait for a slow reader, in characters. What comes beyond is dropped. */
const MAX_WAITING_CHARACTERS = 4 * 1024 * 1024;

/**
 * Writes lines to a stream such as standard output. A line that meets a closed pipe, a full disk or
 * a reader that doesn't keep up is dropped and counted. As soon as a line can be written again, one
 * before it says how many are missing.
 */
export function createLogOutput(stream: Writable): LogOutput {
  let dropped = 0;
  let unreported = 0;
  let mayHaveBrokenLine = false;

  const drop = (lines: number): void => {
    dropped += lines;
    unreported += lines;
  };

  const send = (lines: string): void => {
    const reported = unreported;
    const notice =
      reported === 0 ? "" : `${mayHaveBrokenLine ? "\n" : ""}${droppedLinesNotice(reported)}`;
    unreported = 0;
    stream.write(`${notice}${lines}`, (error) => {
      if (error) {
        // A disk that gets full may have taken the beginning of a line.
        mayHaveBrokenLine = "code" in error && error.code === "ENOSPC";
        unreported += reported;
        drop(lineCount(lines));
      }
    });
  };

  // Each failure comes to the callback as well. Without a listener it would end the process.
  stream.on("error", () => {});
  stream.on("drain", () => {
    if (unreported > 0) {
      send("");
    }
  });

  return {
    write: (lines) => {
      if (stream.writableLength > MAX_WAITING_CHARACTERS) {
        drop(lineCount(lines));
      } else {
        send(lines);
      }
    },
    droppedLines: () => dropped,
    flushed: () =>
      stream.writableLength === 0
        ? Promise.resolve()
        : new Promise((resolve) => {
            stream.once("drain", resolve).once("error", () => resolve());
          }),
  };
}

/** A line of the log, in the form that `log.ts` gives the others. */
function droppedLinesNotice(lines: number): string {
  return `${JSON.stringify({
    level: "warn",
    time: new Date().toISOString(),
    event: "log-lines-dropped",
    lines,
    msg: "Lines of the log could not be written and are missing here.",
  })}\n`;
}

function lineCount(lines: string): number {
  return lines === "" ? 0 : Math.max(1, lines.split("\n").length - 1);
}
