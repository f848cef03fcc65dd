import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { accessOf } from "../../model/access.ts";
import { verdictOf } from "../../model/verdict.ts";
import { answerOf } from "../oracle/stored-items.ts";
import { LOOSENED_ACCESS } from "./loosened-access.ts";
import { LOOSENED_ANSWERS } from "./loosened-answers.ts";
import { LOOSENED_VERDICTS } from "./loosened-verdicts.ts";
import { runStream, type StreamName } from "./run-decisions.ts";

const { stackTraceLimit } = Error;

// Most decisions end in an error, and nobody looks at the stacks.
beforeAll(() => {
  Error.stackTraceLimit = 0;
});
afterAll(() => {
  Error.stackTraceLimit = stackTraceLimit;
});

describe("the model and the code decide alike", () => {
  test.each<[string, StreamName, number]>([
    ["whether a request to Cosmos DB passes", "service", 8000],
    ["what a caller is to Cosmos DB", "access", 8000],
    ["which grant an operation is sent with", "grants", 8000],
    ["whether an item operation of a scoped client passes", "scoped", 400],
    ["what the service answers to a resource token", "answers", 400],
  ])("%s", async (_, stream, decisions) => {
    const tally = await runStream(stream, 20_261_124, { decisions });
    expect(tally.differences).toEqual([]);
    expect(tally.onesided).toEqual([]);
    expect(tally.decisions).toBe(decisions);
  });
});

/** Of the streams whose decisions cost more. */
const MOST_DECISIONS: Partial<Record<StreamName, number>> = { scoped: 800, answers: 1500 };

describe("a model that is wrong in one rule is found out", () => {
  test.each([...LOOSENED_VERDICTS, ...LOOSENED_ACCESS, ...LOOSENED_ANSWERS])(
    "$name",
    async ({ stream, loosen }) => {
      const wrong = loosen({ verdictOf, accessOf, answerOf });
      const limits = { decisions: MOST_DECISIONS[stream] ?? 40_000, differences: 1 };
      const { differences } = await runStream(stream, 20_261_124, limits, wrong);
      expect(differences).toHaveLength(1);
    },
  );
});
