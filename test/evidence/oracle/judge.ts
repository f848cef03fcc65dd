import type { Json, Operation, Outcome } from "../../model/terms.ts";
import type { Observed, ObservedError } from "../workload/observed.ts";

/** How an answer differs from the model's; the first two are what the whole evidence is about. */
export type DifferenceKind =
  /** Answered, where the model refuses. */
  | "wrong grant"
  /** Refused for want of access, where the model answers. */
  | "wrong denial"
  /** Other items, another order, another count. */
  | "wrong answer"
  /** Refused with a code that the model doesn't have here. */
  | "wrong refusal"
  /** Errors beside the answer that should not be there, or that are missing. */
  | "wrong errors"
  /** `INTERNAL_SERVER_ERROR`: never right. */
  | "internal error"
  /** The connection broke, or what came is no GraphQL. */
  | "no answer"
  /** A write was done by half, or was done though it was refused. */
  | "wrong store";

export interface Difference {
  readonly kind: DifferenceKind;
  /** What was expected and what came, for a person. */
  readonly detail: string;
}

/** What disturbs an operation: faults, throttling, a restart. */
export interface Disturbance {
  /** Codes that an operation may fail with besides the model's. */
  readonly codes: ReadonlySet<string>;
}

/** Codes of what passes: trying again later makes sense. */
export const PASSING_CODES: ReadonlySet<string> = new Set([
  "UPSTREAM_UNAVAILABLE",
  "TIMEOUT",
  "THROTTLED",
  "OVERLOADED",
]);

const DENIALS: ReadonlySet<string> = new Set(["FORBIDDEN", "NO_ACCESS_PROFILE", "UNAUTHENTICATED"]);

const CALM: Disturbance = { codes: new Set() };

/**
 * Compares what was observed with what the model says. Without a disturbance everything must be
 * equal; with one, an operation may also fail with the disturbance's codes. After such a failure
 * nobody knows whether a write was done: see `reconcile`.
 */
export function judge(
  operation: Operation,
  expected: Outcome,
  observed: Observed,
  disturbance: Disturbance = CALM,
): Difference | undefined {
  const internal = observed.errors.find(({ code }) => code === "INTERNAL_SERVER_ERROR");
  if (internal !== undefined) {
    return { kind: "internal error", detail: `${internal.message} at ${internal.path.join(".")}` };
  }
  if (observed.failure !== undefined) {
    return { kind: "no answer", detail: observed.failure };
  }
  const refusals = observed.errors.filter(({ isRefusal }) => isRefusal);
  return observed.answer === undefined || refusals.length > 0
    ? judgeRefusal(expected, refusals, disturbance)
    : judgeAnswer(operation, expected, observed, observed.answer, disturbance);
}

function judgeRefusal(
  expected: Outcome,
  refusals: readonly ObservedError[],
  { codes: passing }: Disturbance,
): Difference | undefined {
  const codes = refusals.map(({ code }) => code);
  if (codes.length > 0 && codes.every((code) => passing.has(code))) {
    return undefined;
  }
  const came = refusals.map(({ code, message }) => `${code}: ${message}`).join("; ");
  if ("refused" in expected) {
    const isExpected = (code: string) => expected.refused.includes(code) || passing.has(code);
    return codes.length > 0 && codes.every(isExpected)
      ? undefined
      : {
          kind: "wrong refusal",
          detail: `expected ${expected.refused.join(" or ")}, got ${came || "nothing"}`,
        };
  }
  return {
    kind: codes.some((code) => DENIALS.has(code)) ? "wrong denial" : "wrong refusal",
    detail: `expected ${shorten(expected.answer)}, got ${came || "nothing"}`,
  };
}

function judgeAnswer(
  operation: Operation,
  expected: Outcome,
  { errors }: Observed,
  answer: Json,
  { codes: passing }: Disturbance,
): Difference | undefined {
  if ("refused" in expected) {
    return {
      kind: "wrong grant",
      detail: `expected ${expected.refused.join(" or ")}, got ${shorten(answer)}`,
    };
  }
  const disturbed = errors.filter(({ code }) => passing.has(code));
  // Where a reference failed for the time being, null stands in its place
  const isEqual =
    comparable(operation, answer) === comparable(operation, expected.answer) ||
    (disturbed.length > 0 && isEqualButForNulls(answer, expected.answer));
  if (!isEqual) {
    return { kind: "wrong answer", detail: firstDifference(operation, expected.answer, answer) };
  }
  const codes = new Set(errors.map(({ code }) => code).filter((code) => !passing.has(code)));
  const wanted = new Set(expected.errors ?? []);
  const extra = [...codes].filter((code) => !wanted.has(code));
  const missing = [...wanted].filter((code) => !codes.has(code));
  return extra.length === 0 && (missing.length === 0 || disturbed.length > 0)
    ? undefined
    : {
        kind: "wrong errors",
        detail: `beside the answer: unexpected ${extra.join(", ") || "none"}, missing ${missing.join(", ") || "none"}`,
      };
}

/** Text that is equal for equal answers: keys in order, and lists where the order is open. */
function comparable(operation: Operation, answer: Json): string {
  switch (operation.do) {
    case "query":
      return canonicalTexts(answer).sort().join("\n");
    case "viewer": {
      const { permissions = null } = answer as { readonly permissions?: Json };
      return canonicalTexts(permissions).sort().join("\n");
    }
    default:
      return canonical(answer);
  }
}

function canonicalTexts(list: Json): string[] {
  // A list of JSON holds JSON
  return Array.isArray(list) ? (list as readonly Json[]).map(canonical) : [canonical(list)];
}

/** JSON with the keys of objects in order. */
export function canonical(value: Json): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    inner !== null && typeof inner === "object" && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([left], [right]) => (left < right ? -1 : 1)))
      : inner,
  );
}

function isEqualButForNulls(answer: Json, expected: Json): boolean {
  if (answer === null) {
    return true;
  }
  if (Array.isArray(answer) && Array.isArray(expected)) {
    return (
      answer.length === expected.length &&
      answer.every((value, index) => isEqualButForNulls(value, expected[index] ?? null))
    );
  }
  if (typeof answer === "object" && expected !== null && typeof expected === "object") {
    return Object.entries(answer).every(([name, value]) =>
      // Both are objects here: lists were compared above
      isEqualButForNulls(value, (expected as Readonly<Record<string, Json>>)[name] ?? null),
    );
  }
  return answer === expected;
}

function firstDifference(operation: Operation, expected: Json, answer: Json): string {
  const [wanted, came] = [comparable(operation, expected), comparable(operation, answer)];
  const at = [...wanted].findIndex((character, index) => character !== came[index]);
  const from = Math.max(0, (at === -1 ? wanted.length : at) - 60);
  return `expected …${wanted.slice(from, from + 240)}…, got …${came.slice(from, from + 240)}…`;
}

function shorten(value: Json): string {
  const text = canonical(value);
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}
