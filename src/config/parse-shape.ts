import { formatConfigPath } from "./config-fault.ts";
import { type ConfigShape, configSchema } from "./config-schema.ts";
import { valueAt } from "./describe-found.ts";
import { describeShapeFaults, type ValueFault } from "./describe-shape-faults.ts";

export interface ParsedShape {
  /** The tree, with numbers and flags from variables in it as such. */
  readonly tree: unknown;
  /** The whole configuration with its defaults; undefined if anything is wrong. */
  readonly shape: ConfigShape | undefined;
  readonly faults: readonly ValueFault[];
}

/**
 * Holds a tree against the schema. A variable gives text; where a number or true or false is
 * expected, text of that form is taken as one, so that `port: ${PORT}` works.
 */
export function parseShape(tree: unknown, substituted: ReadonlySet<string>): ParsedShape {
  const first = configSchema.safeParse(tree);
  if (first.success) {
    return { tree, shape: first.data, faults: [] };
  }
  const typed = structuredClone(tree);
  for (const { code, path } of first.error.issues) {
    if (code === "invalid_type" && substituted.has(formatConfigPath(path))) {
      takeAsTyped(typed, path);
    }
  }
  const second = configSchema.safeParse(typed);
  return {
    tree: typed,
    shape: second.data,
    faults: second.success ? [] : describeShapeFaults(second.error.issues, configSchema),
  };
}

function takeAsTyped(tree: unknown, path: readonly PropertyKey[]): void {
  const holder = valueAt(tree, path.slice(0, -1)) as Record<PropertyKey, unknown>;
  const key = path.at(-1) ?? "";
  const text = String(holder[key]).trim();
  if (/^-?\d+$/.test(text)) {
    holder[key] = Number(text);
  } else if (text === "true" || text === "false") {
    holder[key] = text === "true";
  }
}
