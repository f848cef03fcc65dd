import { notImplemented, plainQueryError } from "../../query-error.ts";
import { coveredRanges, namedSet } from "./regex-classes.ts";
import type { CodePointRange, RegexModifiers, RegexNode } from "./regex-node.ts";

/** Most times that `{n,m}` may repeat. */
const MAX_REPEAT = 1000;
const MAX_DEPTH = 50;
const MAX_PATTERN_LENGTH = 10_000;

/**
 * The tree of a pattern: literals, sets, groups, alternatives, quantifiers, anchors and `\b`.
 *
 * @throws CosmosError 400 for a faulty pattern, 501 for what needs backtracking (back-references,
 *   look-around, atomic groups) and for Unicode properties.
 */
export function parseRegex(pattern: string, modifiers: RegexModifiers): RegexNode {
  if (pattern.length > MAX_PATTERN_LENGTH) {
    throw faulty(`it is longer than ${MAX_PATTERN_LENGTH} characters`);
  }
  const characters = [...pattern];
  let at = 0;
  let depth = 0;

  const peek = (ahead = 0): string | undefined => characters[at + ahead];
  const take = (text: string): boolean => {
    const found = [...text].every((character, index) => peek(index) === character);
    at += found ? text.length : 0;
    return found;
  };
  const next = (): string => {
    const character = peek();
    if (character === undefined) {
      throw faulty("it ends too early");
    }
    at += 1;
    return character;
  };

  const parseAlternatives = (): RegexNode => {
    depth += 1;
    if (depth > MAX_DEPTH) {
      throw faulty("its groups are nested too deeply");
    }
    const nodes = [parseSequence()];
    while (take("|")) {
      nodes.push(parseSequence());
    }
    depth -= 1;
    return { kind: "alternatives", nodes };
  };

  const skipExtended = (): void => {
    while (modifiers.extended && at < characters.length) {
      if (/\s/.test(peek() ?? "")) {
        at += 1;
      } else if (peek() === "#") {
        while (at < characters.length && next() !== "\n") {
          // The comment goes to the end of the line
        }
      } else {
        return;
      }
    }
  };

  const parseSequence = (): RegexNode => {
    const nodes: RegexNode[] = [];
    for (;;) {
      skipExtended();
      const character = peek();
      if (character === undefined || character === "|" || character === ")") {
        return { kind: "sequence", nodes };
      }
      nodes.push(parseQuantified(parseAtom()));
    }
  };

  const parseQuantified = (node: RegexNode): RegexNode => {
    skipExtended();
    const range = parseQuantifier();
    if (range === undefined) {
      return node;
    }
    if (peek() === "+") {
      throw notImplemented("possessive quantifiers in regular expressions");
    }
    take("?"); // Lazy or greedy makes no difference to whether there is a match
    if (peek() === "*" || peek() === "+" || peek() === "?") {
      throw faulty("a quantifier follows another");
    }
    return { kind: "repeat", node, min: range[0], max: range[1] };
  };

  const parseQuantifier = (): readonly [number, number] | undefined => {
    if (take("*")) {
      return [0, Number.POSITIVE_INFINITY];
    }
    if (take("+")) {
      return [1, Number.POSITIVE_INFINITY];
    }
    if (take("?")) {
      return [0, 1];
    }
    const found = /^\{(\d+)(,?)(\d*)\}/.exec(characters.slice(at, at + 20).join(""));
    if (found === null) {
      return undefined;
    }
    at += found[0].length;
    const min = Number(found[1]);
    const max =
      found[2] === "" ? min : found[3] === "" ? Number.POSITIVE_INFINITY : Number(found[3]);
    if (max < min || min > MAX_REPEAT || (max > MAX_REPEAT && Number.isFinite(max))) {
      throw faulty(`a repetition is out of order or beyond ${MAX_REPEAT}`);
    }
    return [min, max];
  };

  const parseAtom = (): RegexNode => {
    const character = next();
    switch (character) {
      case ".":
        return { kind: "set", negated: true, ranges: modifiers.dotAll ? [] : [[0x0a, 0x0a]] };
      case "^":
        return { kind: "assertion", assertion: modifiers.multiline ? "line-start" : "text-start" };
      case "$":
        return { kind: "assertion", assertion: modifiers.multiline ? "line-end" : "text-end" };
      case "[":
        return parseSet();
      case "(":
        return parseGroup();
      case "\\":
        return parseEscape();
      case "*":
      case "+":
      case "?":
        throw faulty("a quantifier has nothing to repeat");
      default:
        return literal(character);
    }
  };

  const parseGroup = (): RegexNode => {
    if (take("?") && !take(":")) {
      const named =
        take("P<") || (peek() === "<" && peek(1) !== "=" && peek(1) !== "!" && take("<"));
      if (!named) {
        throw notImplemented(
          "look-around, atomic groups and inline modifiers in regular expressions",
        );
      }
      while (next() !== ">") {
        // The name of the group is of no use here
      }
    }
    const node = parseAlternatives();
    if (!take(")")) {
      throw faulty("a group does not end");
    }
    return node;
  };

  const parseEscape = (): RegexNode => {
    const letter = next();
    const set = namedSet(letter);
    if (set) {
      return set;
    }
    switch (letter) {
      case "b":
        return { kind: "assertion", assertion: "word-border" };
      case "B":
        return { kind: "assertion", assertion: "no-word-border" };
      case "A":
        return { kind: "assertion", assertion: "text-start" };
      case "z":
      case "Z":
        return { kind: "assertion", assertion: "text-end" };
      default:
        return literal(escapedCharacter(letter));
    }
  };

  const escapedCharacter = (letter: string): string => {
    const control = {
      n: "\n",
      r: "\r",
      t: "\t",
      f: "\f",
      v: "\v",
      "0": "\0",
      a: "\x07",
      e: "\x1b",
    }[letter];
    if (control !== undefined) {
      return control;
    }
    if (letter === "x" || letter === "u") {
      return hexCharacter(letter);
    }
    if (/[A-Za-z1-9]/.test(letter)) {
      throw notImplemented(`\\${letter} in regular expressions`);
    }
    return letter;
  };

  const hexCharacter = (letter: "x" | "u"): string => {
    const rest = characters.slice(at, at + 10).join("");
    const found =
      /^\{([0-9A-Fa-f]{1,6})\}/.exec(rest) ??
      (letter === "x" ? /^([0-9A-Fa-f]{2})/ : /^([0-9A-Fa-f]{4})/).exec(rest);
    const codePoint = Number.parseInt(found?.[1] ?? "", 16);
    if (found === null || !(codePoint <= 0x10ffff)) {
      throw faulty("a hexadecimal escape is no character");
    }
    at += found[0].length;
    return String.fromCodePoint(codePoint);
  };

  const parseSet = (): RegexNode => {
    const negated = take("^");
    const ranges: CodePointRange[] = [];
    let first = true;
    while (first || peek() !== "]") {
      first = false;
      if (peek() === "[" && peek(1) === ":") {
        throw notImplemented("POSIX classes in regular expressions");
      }
      const from = parseSetMember();
      if (typeof from !== "number") {
        ranges.push(...from);
      } else if (peek() === "-" && peek(1) !== "]" && peek(1) !== undefined) {
        at += 1;
        const to = parseSetMember();
        if (typeof to !== "number" || to < from) {
          throw faulty("a range is out of order");
        }
        ranges.push([from, to]);
      } else {
        ranges.push([from, from]);
      }
    }
    at += 1;
    return { kind: "set", negated, ranges };
  };

  const parseSetMember = (): number | readonly CodePointRange[] => {
    const character = next();
    if (character !== "\\") {
      return character.codePointAt(0) ?? 0;
    }
    const letter = next();
    const set = namedSet(letter);
    if (set) {
      return coveredRanges(set);
    }
    return letter === "b" ? 0x08 : (escapedCharacter(letter).codePointAt(0) ?? 0);
  };

  const tree = parseAlternatives();
  if (at < characters.length) {
    throw faulty("a group ends that did not begin");
  }
  return tree;
}

function literal(character: string): RegexNode {
  const codePoint = character.codePointAt(0) ?? 0;
  return { kind: "set", negated: false, ranges: [[codePoint, codePoint]] };
}

function faulty(reason: string): Error {
  return plainQueryError(`The regular expression is not valid: ${reason}.`);
}
