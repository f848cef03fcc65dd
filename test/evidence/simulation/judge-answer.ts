import type { Access } from "../../model/access.ts";
import type { Caller } from "../world/callers.ts";
import type { World } from "../world/create-world.ts";
import { MARK_PATTERN } from "../world/tenants.ts";
import type { Findings } from "./findings.ts";
import { judgeReferences } from "./judge-references.ts";
import type { Ask } from "./operations.ts";
import { isPermitted } from "./permitted.ts";
import type { Answer } from "./replica.ts";

/** How an operation ended. `uncertain`: a write that may have been done. */
export type Ending = "done" | "refused" | "uncertain";

export interface JudgedAnswer {
  readonly ask: Ask;
  readonly caller: Caller;
  /** By the reference model and the replica's profiles; undefined: no access. */
  readonly access: Access | undefined;
  readonly answer: Answer;
  /** Whether all went well on the wire since the operation began, and some time before. */
  readonly isCalm: boolean;
  /** Whether the item may have been deleted meanwhile. */
  readonly mayBeMissing: boolean;
}

/** What a caller may be told when messages are lost or the service is busy. */
const PASSING = new Set(["THROTTLED", "TIMEOUT", "UPSTREAM_UNAVAILABLE", "OVERLOADED"]);

const READS: ReadonlySet<Ask["do"]> = new Set(["read", "list", "follow", "issue"]);

/** What the gateway says of a write that may have been done. Of every other, it was not. */
const UNCERTAIN = "The change may have been made.";

export function endingOf({ ask, answer }: Pick<JudgedAnswer, "ask" | "answer">): Ending {
  const { errors } = answer;
  if (errors.length === 0 || errors.every(({ isWritten }) => isWritten)) {
    return "done";
  }
  return !READS.has(ask.do) && errors.some(({ message }) => message.includes(UNCERTAIN))
    ? "uncertain"
    : "refused";
}

/** Compares an answer with what the reference model lets the caller see and do. */
export function judgeAnswer(
  judged: JudgedAnswer,
  { marks, store }: Pick<World, "marks" | "store">,
  findings: Findings,
): void {
  const { ask, caller, access, answer, isCalm } = judged;
  const codes = answer.errors.map(({ code }) => code);
  const who = `${caller.name}: ${ask.do} in ${ask.target.container} ${JSON.stringify(ask.target.partitionKey)}`;

  for (const [mark] of answer.text.matchAll(MARK_PATTERN)) {
    const owner = marks.get(mark);
    if (owner === undefined || !caller.mayCarry.has(owner)) {
      findings.add("foreign mark", `${who}: a mark of ${owner}`);
    }
  }

  const passing = codes.filter((code) => PASSING.has(code));
  if (passing.length > 0) {
    if (isCalm) {
      findings.add("recovery", `${who}: ${passing.join(", ")} while nothing was wrong`);
    }
    return;
  }
  const expected = expectedCodes(judged);
  const isAsExpected =
    codes.length === 0 ? expected.includes("") : codes.every((code) => expected.includes(code));
  if (!isAsExpected) {
    // Ids are the operation's own: only its own first attempt can be in its way.
    const isRepeated =
      (ask.do === "create" && codes.includes("CONFLICT")) ||
      (ask.do === "delete" && codes.includes("NOT_FOUND"));
    const detail = `${who}: ${codes.join(", ") || "answered"}, expected ${expected.join(" or ") || "none"}`;
    findings.add(isRepeated ? "write doubled" : "verdict", detail);
  }
  if (ask.do === "follow" && access !== undefined && answer.data !== undefined) {
    judgeReferences(access, answer, store, (detail) =>
      findings.add("verdict", `${who}: ${detail}`),
    );
  }
}

/** Empty text: no error. */
function expectedCodes({ ask, access, mayBeMissing }: JudgedAnswer): readonly string[] {
  if (access === undefined) {
    return ["NO_ACCESS_PROFILE"];
  }
  if (ask.do === "issue") {
    return [""];
  }
  if (!isPermitted(access, ask)) {
    return ["FORBIDDEN"];
  }
  if (ask.do === "follow") {
    // Of customers who are not the caller's to see; `judgeReferences` says which.
    return ["", "FORBIDDEN"];
  }
  return (ask.do === "append" || ask.do === "transact") && mayBeMissing ? ["", "NOT_FOUND"] : [""];
}
