import { accessOf } from "../../model/access.ts";
import { outcomeOf } from "../../model/operations.ts";
import type { Operation, Store } from "../../model/terms.ts";
import type { Caller } from "../world/callers.ts";
import { DATABASE_ID, type World } from "../world/create-world.ts";

/** An error of an answer, as a client sees it. */
export interface AnswerError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** What came of a request. Undefined: no answer, or none that is GraphQL's. */
export interface Answer {
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly AnswerError[];
}

/** What the reference model says of a caller and an operation, whatever else is going on. */
export interface ExpectedVerdict {
  /** Nothing may be answered and nothing written. */
  readonly mustDeny: boolean;
  /** A denial may be the answer: false where every one is wrong. */
  readonly mayDeny: boolean;
}

export type Judgement = "right" | "wrong grant" | "wrong denial";

const DENIALS = new Set(["FORBIDDEN", "NO_ACCESS_PROFILE", "UNAUTHENTICATED"]);

const EMPTY: Store = new Map();

/**
 * Who may do what does not depend on what is stored, so the verdict holds while others write. It is
 * asked for two stores: where they disagree, either answer is right.
 */
export function expectVerdict(
  { profiles, types, store }: Pick<World, "profiles" | "types" | "store">,
  { claims }: Pick<Caller, "claims">,
  operation: Operation,
): ExpectedVerdict {
  const access = accessOf(profiles, claims, DATABASE_ID);
  if ("refused" in access) {
    return { mustDeny: true, mayDeny: true };
  }
  const denials = [store, EMPTY].map((stored) => {
    const outcome = outcomeOf(operation, access.permissions, stored, types);
    return "refused" in outcome && outcome.refused.some((code) => DENIALS.has(code));
  });
  return {
    mustDeny: denials.every(Boolean) && !isOfNoItem(operation),
    mayDeny: denials.some(Boolean),
  };
}

/**
 * Any error but a denial leaves it open: the database was throttled, an argument was wrong. Errors
 * below the root field are about references, which lead to other items.
 */
export function judgeVerdict(
  { mustDeny, mayDeny }: ExpectedVerdict,
  answer: Answer,
  alias: string,
): Judgement {
  const isOfRoot = ({ path = [] }: AnswerError) =>
    path.length <= 1 || answer.data?.[alias] === null;
  const errors = (answer.errors ?? []).filter(isOfRoot);
  const isDenied = errors.some(({ extensions }) => DENIALS.has(String(extensions?.code)));
  if (isDenied) {
    return mayDeny ? "right" : "wrong denial";
  }
  const isGranted = errors.length === 0 && answer.data?.[alias] !== undefined;
  return isGranted && mustDeny ? "wrong grant" : "right";
}

/** What no item's id can be (COSMOS-FACTS §11): a URL would lead elsewhere. */
const IMPOSSIBLE_ID = /^\s*$|^\.{1,2}$|[\\/#]/;

/**
 * A read of an id that no item can have is answered with null before anybody is asked, in every
 * partition alike: that tells nothing, so either answer is right.
 */
function isOfNoItem(operation: Operation): boolean {
  return operation.do === "read" && IMPOSSIBLE_ID.test(operation.id);
}
