import { resolve } from "node:path";
import { formatConfigPath } from "./config-fault.ts";

/** Where `${NAME}` and `${file:path}` come from. */
export interface VariableSource {
  readonly env: Readonly<Record<string, string | undefined>>;
  /**
   * Content of a file, by absolute path.
   *
   * @throws Error if it can't be read.
   */
  readonly readFile: (path: string) => string;
  /** Folder that relative paths start from. */
  readonly folder: string;
}

export interface Substitution {
  readonly value: unknown;
  /** Paths of the values that came, in whole or in part, from outside the file; shown nowhere. */
  readonly substituted: ReadonlySet<string>;
  readonly faults: readonly UnresolvedVariable[];
}

export interface UnresolvedVariable {
  readonly path: readonly PropertyKey[];
  readonly expected: string;
  readonly found: string;
  /** Whether it only isn't there, here and now: an environment variable, or a file. */
  readonly isAbsent?: true;
}

const VARIABLE = /\$\$\{|\$\{([^}]*)\}?/g;

/**
 * Fills in `${NAME}` and `${file:path}` in every text value; `$${` stands for `${`. Values at
 * `asTheyAre` are left alone. What can't be filled in stays as it was and is a fault, but for
 * further entries of `cosmos.keys`: those are dropped, so that a second key is optional.
 */
export function substituteVariables(
  tree: unknown,
  source: VariableSource,
  asTheyAre: ReadonlySet<string> = new Set(),
): Substitution {
  const substituted = new Set<string>();
  const faults: UnresolvedVariable[] = [];

  function visit(value: unknown, path: readonly PropertyKey[]): unknown {
    if (asTheyAre.has(formatConfigPath(path))) {
      return value;
    }
    if (typeof value === "string") {
      return fill(value, path);
    }
    if (Array.isArray(value)) {
      const entries = value.map((entry, index) => visit(entry, [...path, index]));
      return entries.filter((entry) => entry !== DROPPED);
    }
    if (typeof value === "object" && value !== null) {
      return Object.fromEntries(
        Object.entries(value).map(([key, entry]) => [key, visit(entry, [...path, key])]),
      );
    }
    return value;
  }

  function fill(text: string, path: readonly PropertyKey[]): unknown {
    const missing: UnresolvedVariable[] = [];
    const filled = text.replace(VARIABLE, (piece, name: string | undefined) => {
      if (name === undefined) {
        return "${";
      }
      substituted.add(formatConfigPath(path));
      const found = piece.endsWith("}")
        ? lookUp(name, source)
        : { expected: "} after ${", found: "none" };
      if (typeof found === "string") {
        return found;
      }
      missing.push({ path, ...found });
      return piece;
    });
    if (isFurtherKey(path) && (missing.length > 0 || filled === "")) {
      return DROPPED;
    }
    faults.push(...missing);
    return filled;
  }

  return { value: visit(tree, []), substituted, faults };
}

const DROPPED = Symbol("dropped");

function isFurtherKey([section, list, index]: readonly PropertyKey[]): boolean {
  return section === "cosmos" && list === "keys" && typeof index === "number" && index > 0;
}

function lookUp(
  name: string,
  { env, readFile, folder }: VariableSource,
): string | Omit<UnresolvedVariable, "path"> {
  if (name.startsWith("file:")) {
    const path = resolve(folder, name.slice("file:".length));
    try {
      return readFile(path).trim();
    } catch (error) {
      const found = readFailure(error);
      return {
        expected: `a readable file ${path}`,
        found,
        ...(found === "ENOENT" ? { isAbsent: true } : {}),
      };
    }
  }
  if (!/^[A-Za-z_]\w*$/.test(name)) {
    return {
      expected:
        "the name of an environment variable, or file: and a path, between the braces (or $$ for a $ that is text)",
      found: JSON.stringify(name),
    };
  }
  const value = Object.hasOwn(env, name) ? env[name] : undefined;
  return (
    value ?? {
      expected: `the environment variable ${name}`,
      found: "none of that name",
      isAbsent: true,
    }
  );
}

/** The system's code, such as ENOENT: the rest of an error may quote the file. */
export function readFailure(error: unknown): string {
  if (error instanceof Error && "code" in error && error.code === "EFBIG") {
    return "more than one megabyte";
  }
  return error instanceof Error && "code" in error
    ? String(error.code)
    : "a file that can't be read";
}
