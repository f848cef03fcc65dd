import { CosmosError } from "../../cosmos-error.ts";
import type { Json } from "../../json.ts";
import type { SqlValue } from "../values/sql-value.ts";
import { isObject } from "../values/value-types.ts";

/** Where a page ended: what the next request needs to go on. */
export interface Continuation {
  /** Sort values, or the keys of a group. */
  readonly values: readonly SqlValue[];
  /** The last item that is done with; absent before the first, and for groups. */
  readonly rid?: string;
  /** An item behind that one, of which so many rows are done with. */
  readonly partial?: { readonly rid: string; readonly rows: number };
  /** Results that are done with, where there is nothing else to go by. */
  readonly done?: number;
  /** What OFFSET and LIMIT still have to skip and to give. */
  readonly offset: number;
  readonly limit?: number;
}

/** Longest values that a token carries, as JSON: it travels in a header. */
const MAX_VALUE_CHARACTERS = 1500;

/** Whether the values fit into a token; if not, it has to count what is done with. */
export function isShort(values: readonly SqlValue[]): boolean {
  return JSON.stringify(values).length <= MAX_VALUE_CHARACTERS;
}

/** As ASCII text for a header: JSON, so that a developer can read it. Not part of any contract. */
export function writeContinuation(continuation: Continuation): string {
  const { values, ...rest } = continuation;
  const text = JSON.stringify({
    ...rest,
    values: values.map((one) => (one === undefined ? [] : [one])),
  });
  return text.replace(
    /[\u0080-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** @throws CosmosError 400 for a text that `writeContinuation` did not make. */
export function readContinuation(text: string): Continuation {
  const token = parse(text);
  if (!isObject(token)) {
    throw invalidContinuation();
  }
  const { values, rid, partial, done, offset, limit } = token;
  if (
    !Array.isArray(values) ||
    !values.every((one) => Array.isArray(one) && one.length <= 1) ||
    !isOptional(rid, (one) => typeof one === "string") ||
    !isOptional(partial, isPartial) ||
    !isOptional(done, isCount) ||
    !isCount(offset) ||
    !isOptional(limit, isCount)
  ) {
    throw invalidContinuation();
  }
  // Each member was checked just above
  return { ...(token as unknown as Continuation), values: values.map(([one]) => one) };
}

/** The 400 for a continuation token that is malformed or belongs to another query. */
export function invalidContinuation(): CosmosError {
  return new CosmosError(400, "BadRequest", "Invalid Continuation Token");
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isOptional(value: Json | undefined, test: (value: Json) => boolean): boolean {
  return value === undefined || test(value);
}

function isCount(value: Json | undefined): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function isPartial(value: Json): boolean {
  return isObject(value) && typeof value.rid === "string" && isCount(value.rows);
}
