import type { z } from "zod";
import { closestName } from "./closest-name.ts";

/** A fault of one value, before its place in the file is known. */
export interface ValueFault {
  readonly path: readonly PropertyKey[];
  readonly expected: string;
  /** Left out, it is the value at the path. */
  readonly found?: string;
}

type Issue = z.core.$ZodIssue;

/** Faults made from zod's issues, one for each value that is wrong. */
export function describeShapeFaults(
  issues: readonly Issue[],
  schema: z.ZodType,
): readonly ValueFault[] {
  const faults = issues.flatMap((issue) => faultsOf(issue, issue.path, schema));
  const seen = new Set<string>();
  return faults.filter(({ path }) => {
    const key = JSON.stringify(path);
    return !seen.has(key) && seen.add(key);
  });
}

function faultsOf(
  issue: Issue,
  path: readonly PropertyKey[],
  schema: z.ZodType,
): readonly ValueFault[] {
  if (issue.code === "unrecognized_keys") {
    const known = keysAt(schema, path);
    return issue.keys.map((key) => unknownKey(key, [...path, key], known));
  }
  if (issue.code === "invalid_union") {
    // The branch that got further than the value itself is the one that was meant.
    const meant = issue.errors.find((branch) => branch.some(({ path: inner }) => inner.length > 0));
    const custom = issue.errors.flat().filter(({ code }) => code === "custom");
    const inner = meant ?? custom;
    if (inner.length > 0) {
      return inner.flatMap((each) => faultsOf(each, [...path, ...each.path], schema));
    }
  }
  return [{ path, expected: issue.message }];
}

function unknownKey(
  key: string,
  path: readonly PropertyKey[],
  known: readonly string[],
): ValueFault {
  const near = closestName(key, known);
  return {
    path,
    expected: `one of the keys ${known.join(", ")}`,
    found: near === undefined ? "an unknown key" : `an unknown key; did you mean ${near}?`,
  };
}

/** The keys of the mapping that a schema has at a path. */
function keysAt(schema: z.ZodType, path: readonly PropertyKey[]): readonly string[] {
  let here: unknown = schema;
  for (const step of path) {
    here = typeof step === "number" ? elementOf(here) : shapeOf(here)[String(step)];
  }
  return Object.keys(shapeOf(here));
}

function elementOf(schema: unknown): unknown {
  return (bare(schema) as { readonly element?: unknown }).element;
}

function shapeOf(schema: unknown): Readonly<Record<string, unknown>> {
  return (bare(schema) as { readonly shape?: Readonly<Record<string, unknown>> }).shape ?? {};
}

/** A schema without the wrappers for defaults and optional values. */
function bare(schema: unknown): object {
  let here = schema as { readonly unwrap?: () => unknown; readonly element?: unknown };
  while (typeof here?.unwrap === "function" && here.element === undefined) {
    here = here.unwrap() as typeof here;
  }
  return here ?? {};
}
