import { createHash } from "node:crypto";

/** What happens in a simulation, in its order. Holds no token, no key, no etag and no random id. */
export interface Trace {
  add(...words: readonly (string | number)[]): void;
  /** SHA-256 over all lines. */
  hash(): string;
  readonly length: number;
  lines(): readonly string[];
}

/** @param nowMs virtual time; a line begins with it. */
export function createTrace(nowMs: () => number, onLine?: (line: string) => void): Trace {
  const startMs = nowMs();
  const lines: string[] = [];
  return {
    add: (...words) => {
      const line = [nowMs() - startMs, ...words].join(" ");
      lines.push(line);
      onLine?.(line);
    },
    hash: () => createHash("sha256").update(lines.join("\n")).digest("hex"),
    get length() {
      return lines.length;
    },
    lines: () => lines,
  };
}
