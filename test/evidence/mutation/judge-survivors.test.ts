import { describe, expect, test } from "vitest";
import type { ExplainedSurvivor } from "./explained-survivor.ts";
import { judgeSurvivors } from "./judge-survivors.ts";
import type { Mutant } from "./mutant.ts";

const survivor: Mutant = {
  file: "src/a.ts",
  line: 7,
  from: "if (a) {",
  to: "if (true) {",
  fate: "survived",
};
const explanation: ExplainedSurvivor = {
  file: "src/a.ts",
  from: "if (a) {",
  to: "if (true) {",
  why: "a is always true here",
};

describe("the judgement of survivors", () => {
  test("passes a survivor that is explained, wherever its line stands by now", () => {
    const judgement = judgeSurvivors([{ ...survivor, line: 90 }], [explanation]);
    expect(judgement).toMatchObject({ unexplained: [], stale: [] });
    expect(judgement.explained).toMatchObject([{ why: "a is always true here" }]);
  });

  test.each([{ to: "if (false) {" }, { from: "if (a && b) {" }, { file: "src/b.ts" }])(
    "does not take an explanation for another mutant, such as %o",
    (change) => {
      const other = { ...survivor, ...change };
      expect(judgeSurvivors([other], [explanation]).unexplained).toEqual([other]);
    },
  );

  test("takes a place that no test reaches for a survivor", () => {
    const unreached: Mutant = { ...survivor, fate: "unreached" };
    expect(judgeSurvivors([unreached], []).unexplained).toEqual([unreached]);
  });

  test("asks nothing of mutants that a test noticed", () => {
    const dead: Mutant[] = [
      { ...survivor, fate: "killed" },
      { ...survivor, fate: "timed out" },
    ];
    expect(judgeSurvivors(dead, []).unexplained).toEqual([]);
  });

  test("names an explanation that no survivor needs any more", () => {
    const judgement = judgeSurvivors([{ ...survivor, fate: "killed" }], [explanation]);
    expect(judgement.stale).toEqual([{ explanation, found: 0 }]);
  });

  test("leaves explanations of files that were not mutated alone", () => {
    const elsewhere = { ...explanation, file: "src/b.ts" };
    expect(judgeSurvivors([{ ...survivor, fate: "killed" }], [elsewhere]).stale).toEqual([]);
  });

  test("counts mutants that read alike", () => {
    const twice = { ...explanation, times: 2 };
    expect(judgeSurvivors([survivor, survivor], [twice])).toMatchObject({
      unexplained: [],
      stale: [],
    });
    expect(judgeSurvivors([survivor, survivor], [explanation]).unexplained).toHaveLength(1);
    expect(judgeSurvivors([survivor], [twice]).stale).toEqual([{ explanation: twice, found: 1 }]);
  });
});
