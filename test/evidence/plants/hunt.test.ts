import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { huntPlant, runSuite } from "./hunt.ts";
import { openCopy, type ProjectCopy } from "./open-copy.ts";
import { type Plant, readPlants } from "./read-plants.ts";
import { lineOf, markdownOf } from "./report.ts";
import type { Suite } from "./suites.ts";

const PROJECT = resolve(import.meta.dirname, "../../..");
const BOUNDS = { seconds: 1, seed: 1 };
const CHANGED = join("src", "access", "resolve-access.ts");

/** A suite that is a line of JavaScript. */
const suiteOf = (name: string, code: string, limitSeconds = 30): Suite => ({
  name,
  args: () => ["-e", code],
  finds: /^found$/m,
  limitSeconds: () => limitSeconds,
});

/** Finds one plant, by the text that it changes. */
const findsText = (name: string, text: string) =>
  suiteOf(
    name,
    `if (require("node:fs").readFileSync(${JSON.stringify(CHANGED)}, "utf8").includes(${JSON.stringify(text)})) { console.log("found"); process.exitCode = 1; }`,
  );

function plantNamed(name: string): Plant {
  const plant = readPlants().find((each) => each.name === name);
  if (plant === undefined) {
    throw new Error(`No plant ${name}.`);
  }
  return plant;
}

describe("a hunt for a planted hole", () => {
  let copy: ProjectCopy;
  beforeAll(() => {
    copy = openCopy(PROJECT);
  });
  afterAll(() => copy.remove());

  const plant = plantNamed("last-profile-decides");
  const finder = findsText("finder", "prepared.findLast(");

  it("ends with the first suite that finds it, and puts the source back", async () => {
    const blind = suiteOf("blind", "process.exit(0)");
    const found = await huntPlant(copy, plant, [blind, finder, blind], BOUNDS);
    expect(found.runs.map(({ suite, verdict }) => [suite, verdict])).toEqual([
      ["blind", "clean"],
      ["finder", "found"],
    ]);
    expect(lineOf(found)).toMatch(/^last-profile-decides: found by finder in .* s \(before: blind/);
    expect(markdownOf([found])).toContain(`| \`${CHANGED}\` | finder |`);
    expect((await runSuite(copy, finder, BOUNDS)).verdict).toBe("clean");
  });

  it("plants in the copy and never in the checkout", async () => {
    const before = readFileSync(join(PROJECT, CHANGED), "utf8");
    const looksAtCheckout = suiteOf(
      "checkout",
      `process.exit(require("node:fs").readFileSync(${JSON.stringify(join(PROJECT, CHANGED))}, "utf8").includes("findLast(") ? 1 : 0)`,
    );
    const hunt = await huntPlant(copy, plant, [looksAtCheckout], BOUNDS);
    expect(hunt.foundBy).toBeUndefined();
    expect(readFileSync(join(PROJECT, CHANGED), "utf8")).toBe(before);
  });

  it("takes no crash, misuse or endless run for a find", async () => {
    const broken = [
      suiteOf("crash", "throw new Error('x')"),
      suiteOf("misuse", "process.exit(2)"),
      suiteOf("endless", "setInterval(() => {}, 1000)", 1),
      suiteOf("silent", "process.exit(1)"),
      suiteOf("loud", "console.log('found'); process.exitCode = 3"),
    ];
    const hunt = await huntPlant(copy, plant, broken, BOUNDS);
    expect(hunt.foundBy).toBeUndefined();
    expect(hunt.runs.map(({ verdict }) => verdict)).toEqual(broken.map(() => "broken"));
    expect(lineOf(hunt)).toContain("NOT FOUND");
  });

  it("leaves no copy behind", () => {
    const another = openCopy(PROJECT);
    expect(existsSync(join(another.folder, CHANGED))).toBe(true);
    another.remove();
    expect(existsSync(another.folder)).toBe(false);
  });
});
