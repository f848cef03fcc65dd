import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  type YAMLError,
} from "yaml";
import { type ConfigFault, formatConfigPath } from "./config-fault.ts";

/** A configuration file as plain values, with the line of each. */
export interface ParsedYaml {
  /** Undefined if the text is no YAML, or an empty file. */
  readonly value: unknown;
  /** Line and column of a value, or of the nearest value around it. */
  readonly placeOf: (path: readonly PropertyKey[]) => Place | undefined;
  readonly faults: readonly ConfigFault[];
}

export interface Place {
  readonly line: number;
  readonly column: number;
}

/**
 * Far above any configuration, and low enough that a file built of aliases to aliases ends early.
 */
const MAX_NODES = 50_000;
/** Deeper than any key of a configuration. It ends an alias that repeats itself. */
const MAX_DEPTH = 32;
const MAX_SYNTAX_FAULTS = 20;
const MAX_TEXT_LENGTH = 1024 * 1024;

/**
 * Parses YAML 1.2: text, numbers, true and false, null, lists, mappings with text keys, and
 * aliases. No tags, no merge keys, no second document. Never throws.
 */
export function parseYaml(text: string): ParsedYaml {
  const nothing = { value: undefined, placeOf: () => undefined };
  if (text.length > MAX_TEXT_LENGTH) {
    return { ...nothing, faults: [wholeFile(`at most ${MAX_TEXT_LENGTH} characters`, "more")] };
  }
  const lines = new LineCounter();
  try {
    const document = parseDocument(text, {
      lineCounter: lines,
      // Its pretty errors quote the line they are about, and that may be the one with a key in it.
      prettyErrors: false,
      stringKeys: true,
      resolveKnownTags: false,
      logLevel: "error",
    });
    const faults = firstOfEachPlace([...document.errors, ...document.warnings]).map((error) =>
      syntaxFault(error, text, lines),
    );
    return faults.length > 0 ? { ...nothing, faults } : readNodes(document, lines);
  } catch (error) {
    // Nesting deeper than the stack, which no configuration has.
    const found = error instanceof RangeError ? "values that nest too deep" : "something else";
    return { ...nothing, faults: [wholeFile("YAML", found)] };
  }
}

function readNodes(document: Document.Parsed, lines: LineCounter): ParsedYaml {
  const places = new Map<string, Place>();
  const faults: ConfigFault[] = [];
  let nodes = 0;

  function read(written: unknown, path: readonly PropertyKey[]): unknown {
    nodes += 1;
    if (nodes > MAX_NODES || path.length > MAX_DEPTH) {
      return undefined;
    }
    const place = placeOfNode(written, lines);
    const at = { path: formatConfigPath(path), ...place };
    if (place !== undefined) {
      places.set(at.path, place);
    }
    const node = isAlias(written) ? written.resolve(document) : written;
    if (isAlias(written) && node === undefined) {
      faults.push({ ...at, expected: "an anchor before its alias", found: `*${written.source}` });
    }
    if (isSeq(node)) {
      return node.items.map((item, index) => read(item, [...path, index]));
    }
    if (isMap(node)) {
      return Object.fromEntries(
        node.items.map(({ key, value }) => {
          const name = String(isScalar(key) ? key.value : key);
          if (name === "__proto__") {
            faults.push({
              ...at,
              expected: "a key other than __proto__",
              found: "the key __proto__",
            });
          }
          return [name, read(value, [...path, name])];
        }),
      );
    }
    return isScalar(node) ? node.value : null;
  }

  const value = document.contents === null ? undefined : read(document.contents, []);
  if (nodes > MAX_NODES) {
    faults.push(wholeFile(`at most ${MAX_NODES} values`, "more, counting what its aliases repeat"));
  }
  return { value, placeOf: (path) => nearestPlace(places, path), faults };
}

function nearestPlace(
  places: ReadonlyMap<string, Place>,
  path: readonly PropertyKey[],
): Place | undefined {
  for (let length = path.length; length >= 0; length -= 1) {
    const place = places.get(formatConfigPath(path.slice(0, length)));
    if (place !== undefined) {
      return place;
    }
  }
  return undefined;
}

function placeOfNode(node: unknown, lines: LineCounter): Place | undefined {
  const start = (node as Node | null)?.range?.[0];
  return start === undefined ? undefined : placeAt(start, lines);
}

function placeAt(offset: number, lines: LineCounter): Place {
  const { line, col } = lines.linePos(offset);
  return { line, column: col };
}

/** One slip leads the parser to stumble again and again; what comes late helps nobody. */
function firstOfEachPlace(errors: readonly YAMLError[]): readonly YAMLError[] {
  const byPlace = new Map<number, YAMLError>();
  for (const error of errors) {
    if (!byPlace.has(error.pos[0])) {
      byPlace.set(error.pos[0], error);
    }
  }
  return [...byPlace.values()].slice(0, MAX_SYNTAX_FAULTS);
}

function syntaxFault(error: YAMLError, text: string, lines: LineCounter): ConfigFault {
  return {
    path: "",
    ...placeAt(error.pos[0], lines),
    expected: "valid YAML",
    found:
      error.code === "DUPLICATE_KEY"
        ? `the key ${keyAt(text, error.pos[0])} a second time`
        : `a fault: ${withoutQuotations(error.message)}`,
  };
}

/** A key is no secret, and without its name a duplicate is hard to find. */
function keyAt(text: string, offset: number): string {
  return /^[\w"'./-]{1,60}/.exec(text.slice(offset))?.[0] ?? "here";
}

/** Some messages quote what they stumbled over after a colon. It may be a key of an account. */
function withoutQuotations(message: string): string {
  return message.replace(/(?<=\S): .*$/su, "");
}

function wholeFile(expected: string, found: string): ConfigFault {
  return { path: "", expected, found };
}
