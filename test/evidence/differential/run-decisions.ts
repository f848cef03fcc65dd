import { accessOf } from "../../model/access.ts";
import { verdictOf } from "../../model/verdict.ts";
import { answerOf } from "../oracle/stored-items.ts";
import { createRandom } from "../random.ts";
import { createAccessDecisions } from "./access-decisions.ts";
import { createAnswerDecisions } from "./answer-decisions.ts";
import { createDecisionTally, type DecisionTally } from "./decision-tally.ts";
import { createGrantDecisions } from "./grant-decisions.ts";
import { createScopedDecisions } from "./scoped-decisions.ts";
import { createServiceDecisions } from "./service-decisions.ts";

/** What the code is compared with; a test puts something wrong in its place. */
export interface Model {
  readonly verdictOf: typeof verdictOf;
  readonly accessOf: typeof accessOf;
  readonly answerOf: typeof answerOf;
}

/** The streams, and how much of the time each gets, in per cent. */
const STREAMS = {
  service: { share: 42, create: (model: Model) => createServiceDecisions(model.verdictOf) },
  access: { share: 22, create: (model: Model) => createAccessDecisions(model.accessOf) },
  grants: { share: 16, create: (model: Model) => createGrantDecisions(model.verdictOf) },
  scoped: { share: 12, create: (model: Model) => createScopedDecisions(model.verdictOf) },
  answers: {
    share: 8,
    create: (model: Model) => createAnswerDecisions(model.verdictOf, model.answerOf),
  },
};

export type StreamName = keyof typeof STREAMS;

const MODEL: Model = { verdictOf, accessOf, answerOf };

/** Decisions between two looks at the clock. */
const TURN = 64;

/** Runs the streams one after the other. The same seed gives the same decisions. */
export async function runDecisions(
  seed: number,
  milliseconds: number,
): Promise<readonly DecisionTally[]> {
  const tallies: DecisionTally[] = [];
  for (const [name, { share }] of Object.entries(STREAMS)) {
    // The names are those of the object itself.
    tallies.push(await runStream(name as StreamName, seed, { ms: (milliseconds * share) / 100 }));
  }
  return tallies;
}

/** When a stream ends: at whichever comes first. */
export interface StreamLimits {
  readonly ms?: number;
  readonly decisions?: number;
  readonly differences?: number;
}

export async function runStream(
  name: StreamName,
  seed: number,
  limits: StreamLimits,
  model: Model = MODEL,
): Promise<DecisionTally> {
  const { ms = Infinity, decisions = Infinity, differences = Infinity } = limits;
  const stream = STREAMS[name].create(model);
  const random = createRandom(seed).fork(stream.name);
  const tally = createDecisionTally(stream);
  const start = performance.now();
  while (performance.now() - start < ms && tally.isBelow(decisions, differences)) {
    for (let turn = 0; turn < TURN && tally.isBelow(decisions, differences); turn += 1) {
      tally.add(await stream.decide(random));
    }
  }
  tally.spend(performance.now() - start);
  return tally.result();
}
