import { setTimeout } from "node:timers/promises";
import type { Operation, Outcome, Store } from "../../model/terms.ts";
import { createAccountReader } from "../oracle/account-reader.ts";
import { expectOutcome } from "../oracle/expect-outcome.ts";
import { type Difference, type Disturbance, judge, PASSING_CODES } from "../oracle/judge.ts";
import { readEtags } from "../oracle/read-etags.ts";
import { compareStores, isUncertain, reconcile } from "../oracle/reconcile.ts";
import { createRandom } from "../random.ts";
import { ask } from "../workload/ask.ts";
import { codesOfFault, databaseFault, SLOW_MS } from "../workload/database-faults.ts";
import type { Observed } from "../workload/observed.ts";
import { renderOperation } from "../workload/render-operation.ts";
import type { Caller } from "../world/callers.ts";
import type { StartedWorld } from "../world/start-world.ts";
import { bearerOf } from "./bearer-of.ts";
import { type Callers, callersAfter, callersOf, type Step, type Trouble } from "./history.ts";
import type { HostileStep } from "./hostile-step.ts";
import type { LeakWatch } from "./leak-watch.ts";
import { runHostileStep } from "./run-hostile-step.ts";
import type { TokenWatch } from "./token-watch.ts";

/** Where a history and the model part. */
export interface HistoryDifference {
  /** The step's place in the history. */
  readonly at: number;
  readonly kind: Difference["kind"] | "leak" | "foreign token";
  readonly detail: string;
  /** The operation as GraphQL, in its plainest form. */
  readonly graphql: string;
  readonly caller: string;
}

export interface HistoryResult {
  /** What is stored at the end, by the model. */
  readonly store: Store;
  /** So many steps. */
  readonly ran: number;
  readonly operations: number;
  /** Kind and outcome of each operation, such as `read answered`. */
  readonly outcomes: readonly string[];
  readonly difference?: HistoryDifference;
}

/** The model; a test puts a wrong one in its place. */
export type Expect = typeof expectOutcome;

type AskStep = Extract<Step, { readonly do: "ask" }>;
type RequestStep = AskStep | HostileStep;

/**
 * Runs the steps one after the other, each judged by the model; ends at the first difference, or
 * when time is over. In the end everything that is stored is compared: a write that was refused and
 * done shows there, if no step saw it.
 */
export async function runHistory(
  started: StartedWorld,
  start: Store,
  steps: readonly Step[],
  leaks: LeakWatch,
  expect: Expect = expectOutcome,
  isOver: () => boolean = () => false,
): Promise<HistoryResult> {
  const { world } = started;
  let store = start;
  let callers: Callers = callersOf(world);
  const outcomes: string[] = [];
  const untold = new Set<string>();
  const surroundings = { started, leaks, expect, tokens: leaks.tokens };
  let ran = 0;
  for (const [at, step] of steps.entries()) {
    if (isOver()) {
      break;
    }
    ran = at + 1;
    callers = callersAfter(step, callers, world);
    if (!("caller" in step) || step.do === "change role") {
      await happen(started, step, untold);
      continue;
    }
    const caller = callers.get(step.caller);
    if (caller === undefined) {
      throw new Error(`No caller has the name ${step.caller}.`);
    }
    const done =
      step.do === "ask"
        ? await askOnce(surroundings, store, step, caller)
        : await beHostile(surroundings, store, step, callers, caller);
    if (done === undefined) {
      continue;
    }
    store = done.store;
    outcomes.push(`${kindOf(step)} ${done.outcome}`);
    if (done.difference !== undefined) {
      const difference = { at, ...done.difference, caller: step.caller, graphql: done.graphql };
      return { store, ran, operations: outcomes.length, outcomes, difference };
    }
  }
  const reader = createAccountReader(started.database);
  const containers = world.types.map(({ container: id, partitionKeyFields }) => ({
    id,
    partitionKeyFields,
  }));
  const [wrong] = await compareStores(store, containers, reader);
  const atEnd = { at: ran - 1, caller: "all of them", graphql: "what is stored in the end" };
  const difference = wrong && { difference: { ...atEnd, ...wrong } };
  return { store, ran, operations: outcomes.length, outcomes, ...difference };
}

/** Such as `read`, or `read-generic`. */
function kindOf(step: RequestStep): string {
  if (step.do !== "ask") {
    return step.do;
  }
  const { operation, form = "typed" } = step;
  return form === "typed" ? operation.do : `${operation.do}-${form}`;
}

/** @param untold keys that were made anew and that the gateways were not told of. */
async function happen(
  started: StartedWorld,
  step: Exclude<Step, RequestStep>,
  untold: Set<string>,
): Promise<void> {
  switch (step.do) {
    case "wait":
      return started.advanceSeconds(step.seconds);
    case "restart":
      return started.replicas[step.replica]?.restart();
    case "regenerate key":
      return regenerateKey(started, step, untold);
    case "change role":
  }
}

/** A gateway that knows neither key can do nothing for a while, so one of them is always told. */
async function regenerateKey(
  started: StartedWorld,
  { key, tell }: Extract<Step, { readonly do: "regenerate key" }>,
  untold: Set<string>,
): Promise<void> {
  untold.add(key);
  const mustTell = tell || untold.size > 1;
  await started.regenerateKey(key, mustTell);
  if (mustTell) {
    untold.clear();
  }
}

interface Asked {
  readonly store: Store;
  readonly outcome: "answered" | "refused" | "failed";
  readonly difference?: Pick<HistoryDifference, "kind" | "detail">;
  readonly graphql: string;
}

interface Surroundings {
  readonly started: StartedWorld;
  readonly leaks: LeakWatch;
  readonly expect: Expect;
  readonly tokens: TokenWatch;
}

/** Nothing that comes of it changes what is stored. */
async function beHostile(
  { started, leaks, tokens }: Surroundings,
  store: Store,
  step: HostileStep,
  callers: Callers,
  caller: Caller,
): Promise<Asked | undefined> {
  const result = await runHostileStep(started, step, callers, urlOf(started, step));
  const isShared = step.do === "cursor" && step.owner !== step.caller;
  // The owner of a cursor has asked as well.
  const foreign = await tokens.findForeign(isShared ? "anyone" : caller, false);
  if (result === undefined) {
    return undefined;
  }
  const { observed, hasTokens, graphql } = result;
  const searched = hasTokens ? { ...observed, replies: [] } : observed;
  const difference = result.difference ?? foreign ?? leaks.searchAnswer(started, caller, searched);
  const outcome = (observed.answer ?? null) === null ? "refused" : "answered";
  return { store, outcome, graphql, ...(difference && { difference }) };
}

async function askOnce(
  { started, leaks, expect, tokens }: Surroundings,
  store: Store,
  step: AskStep,
  caller: Caller,
): Promise<Asked> {
  const { world, database } = started;
  const { operation, trouble } = step;
  const reader = createAccountReader(database);
  const expected: Outcome =
    step.bearer === "good"
      ? expect(world, caller, operation, store)
      : { refused: ["UNAUTHENTICATED"] };
  const etags = await readEtags(operation, reader);
  const url = urlOf(started, step);
  const bearer = await bearerOf(started, step.bearer, caller, url);
  await begin(started, trouble);
  const observed = await ask(operation, {
    url,
    bearer,
    etags,
    random: createRandom(step.style),
    form: step.form,
  });
  await end(started, trouble);

  const difference =
    judge(operation, expected, observed, disturbanceOf(trouble)) ??
    leaks.searchAnswer(started, caller, observed) ??
    (await tokens.findForeign(
      step.bearer === "good" ? caller : undefined,
      trouble === undefined && observed.errors.length === 0,
    ));
  if (isUncertain(operation, expected, observed)) {
    const { store: found, difference: half } = await reconcile(store, expected, reader);
    return asAsked(step, found, "failed", difference ?? half);
  }
  const after = "answer" in expected && observed.answer !== undefined ? expected.store : store;
  return asAsked(step, after, outcomeOf(operation, observed), difference);
}

function disturbanceOf(trouble: Trouble | undefined): Disturbance | undefined {
  if (trouble === undefined) {
    return undefined;
  }
  return { codes: "fault" in trouble ? new Set(codesOfFault(trouble.fault)) : PASSING_CODES };
}

function asAsked(
  { operation, form }: AskStep,
  store: Store,
  outcome: Asked["outcome"],
  difference: Asked["difference"],
): Asked {
  const { query, variables } = renderOperation(operation, { form });
  const graphql = `${query}\n${JSON.stringify(variables)}`;
  return { store, outcome, graphql, ...(difference === undefined ? {} : { difference }) };
}

function outcomeOf({ do: kind }: Operation, { answer, errors }: Observed): Asked["outcome"] {
  if (answer !== undefined && (answer !== null || kind === "read")) {
    return "answered";
  }
  return errors.some(({ code }) => PASSING_CODES.has(code)) ? "failed" : "refused";
}

function urlOf({ replicas }: StartedWorld, { replica }: RequestStep): string {
  const url = replicas[replica]?.url;
  if (url === undefined) {
    throw new Error(`There is no replica ${replica}.`);
  }
  return url;
}

async function begin({ database }: StartedWorld, trouble: Trouble | undefined): Promise<void> {
  if (trouble === undefined) {
    return;
  }
  await ("fault" in trouble
    ? database.addFault(
        databaseFault(trouble.fault, { match: { path: trouble.path }, times: trouble.times }),
      )
    : database.setThroughput(trouble.throughput));
}

/** So long, in seconds, a gateway remembers that it got no tokens (two in src/tokens/). */
const AFTERMATH_SECONDS = 3;

async function end(started: StartedWorld, trouble: Trouble | undefined): Promise<void> {
  if (trouble === undefined) {
    return;
  }
  const { database } = started;
  // The SDK does not wait for the plan of a query that needs none: it belongs to this operation
  if ("fault" in trouble && trouble.fault.startsWith("slow ")) {
    await setTimeout(SLOW_MS);
  }
  await started.advanceSeconds(AFTERMATH_SECONDS);
  await ("fault" in trouble
    ? database.clearFaults()
    : database.setThroughput({ itemRequestUnitsPerSecond: 0 }));
}
