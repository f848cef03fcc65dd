const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ["'", "'"],
  ["\\", "\\"],
  ["/", "/"],
  ["b", "\b"],
  ["f", "\f"],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
]);

/** A string literal that starts at a quote. */
export interface StringLiteral {
  /** Without quotes and escapes. */
  readonly value: string;
  /** Behind the closing quote. */
  readonly end: number;
}

/**
 * Reads the literal in single or double quotes that starts at `start`. Undefined if it does not
 * end, holds a control character (a line break among them), or has an escape that JSON does not
 * know (`\'` is known too).
 */
export function readStringLiteral(text: string, start: number): StringLiteral | undefined {
  const quote = text.charAt(start);
  let value = "";
  let copied = start + 1;
  for (let index = copied; index < text.length; index += 1) {
    const character = text.charAt(index);
    if (character === quote) {
      return { value: value + text.slice(copied, index), end: index + 1 };
    }
    if (character < " ") {
      return undefined;
    }
    if (character === "\\") {
      const escaped = readEscape(text, index + 1);
      if (escaped === undefined) {
        return undefined;
      }
      value += text.slice(copied, index) + escaped.value;
      index = escaped.end - 1;
      copied = escaped.end;
    }
  }
  return undefined;
}

function readEscape(text: string, start: number): StringLiteral | undefined {
  const letter = text.charAt(start);
  if (letter === "u") {
    const hex = text.slice(start + 1, start + 5);
    return /^[0-9A-Fa-f]{4}$/.test(hex)
      ? { value: String.fromCharCode(Number.parseInt(hex, 16)), end: start + 5 }
      : undefined;
  }
  const value = ESCAPES.get(letter);
  return value === undefined ? undefined : { value, end: start + 1 };
}
