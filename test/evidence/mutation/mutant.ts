import { readFile } from "node:fs/promises";
import { relative } from "node:path";
import type { Stryker } from "@stryker-mutator/core";

type StrykerResult = Awaited<ReturnType<Stryker["runMutationTest"]>>[number];

/** A changed place of the source, and whether a test noticed. */
export interface Mutant {
  /** Path from the root of the repository. */
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  /** The line as it is, without the space around it. */
  readonly from: string;
  /** The same line as mutated; what the mutant took from the lines below is left out. */
  readonly to: string;
  /**
   * `timed out`: a test that should have ended did not, by its own limit or Stryker's.
   * `unreached`: no test of the group runs the place, so none could notice.
   */
  readonly fate: "killed" | "timed out" | "survived" | "unreached";
}

/** @throws Error for a mutant that could not be judged. */
export async function readMutant(result: StrykerResult): Promise<Mutant> {
  const { fileName, location, replacement } = result;
  const file = relative(process.cwd(), fileName);
  const lines = (await readFile(fileName, "utf8")).split("\n");
  // Lines and columns are counted from 1.
  const { start, end } = location;
  const first = lines[start.line - 1] ?? "";
  const last = lines[end.line - 1] ?? "";
  const mutated =
    first.slice(0, start.column - 1) + (replacement ?? "") + last.slice(end.column - 1);
  return {
    file,
    line: start.line,
    from: first.trim(),
    to: mutated.replaceAll(/\s+/g, " ").trim(),
    fate: fateOf(result, `${file}:${start.line}`),
  };
}

function fateOf({ status, statusReason }: StrykerResult, place: string): Mutant["fate"] {
  switch (status) {
    case "Killed":
      return statusReason?.includes("timed out in") === true ? "timed out" : "killed";
    case "RuntimeError":
      // An error outside every test fails the run of the tests, too.
      return "killed";
    case "Timeout":
      return "timed out";
    case "Survived":
      return "survived";
    case "NoCoverage":
      return "unreached";
    default:
      throw new Error(`the mutant at ${place} could not be judged: ${status}`);
  }
}
