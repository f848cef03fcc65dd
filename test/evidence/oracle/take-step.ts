import type { Operation, Outcome, Store } from "../../model/terms.ts";
import type { Random } from "../random.ts";
import { ask } from "../workload/ask.ts";
import type { Observed } from "../workload/observed.ts";
import type { Caller } from "../world/callers.ts";
import type { Replica } from "../world/start-replica.ts";
import type { StartedWorld } from "../world/start-world.ts";
import type { AccountReader } from "./account-reader.ts";
import { expectOutcome } from "./expect-outcome.ts";
import { type Difference, type Disturbance, judge } from "./judge.ts";
import { readEtags } from "./read-etags.ts";
import { isUncertain, reconcile } from "./reconcile.ts";

export interface StepOptions {
  readonly started: StartedWorld;
  readonly reader: AccountReader;
  /** Which gateway is asked. */
  readonly replica: Pick<Replica, "url">;
  /** Chooses among ways to write the operation. Absent: plain. */
  readonly random?: Random;
  /** Default: nothing disturbs. */
  readonly disturbance?: Disturbance;
}

export interface Step {
  readonly expected: Outcome;
  readonly observed: Observed;
  /** The first thing that is not as the model says. */
  readonly difference?: Difference;
  /** What is stored now, as the model has it. */
  readonly store: Store;
}

/**
 * Asks one operation and judges it; a write that nobody knows the end of is looked up. Nobody else
 * may write meanwhile to the places that the operation is about.
 *
 * @param store what is stored now, as the model has it.
 */
export async function takeStep(
  caller: Caller,
  operation: Operation,
  store: Store,
  { started, reader, replica, random, disturbance }: StepOptions,
): Promise<Step> {
  const expected = expectOutcome(started.world, caller, operation, store);
  const etags = await readEtags(operation, reader);
  const bearer = await started.bearerFor(caller);
  const observed = await ask(operation, {
    url: replica.url,
    bearer,
    etags,
    ...(random === undefined ? {} : { random }),
  });
  const difference = judge(operation, expected, observed, disturbance);
  if (isUncertain(operation, expected, observed)) {
    const reconciled = await reconcile(store, expected, reader);
    return { expected, observed, ...(difference && { difference }), ...reconciled };
  }
  return {
    expected,
    observed,
    ...(difference && { difference }),
    store: "answer" in expected && observed.answer !== undefined ? expected.store : store,
  };
}
