import type { Hunt, SuiteRun } from "./hunt.ts";

/** `grant-cache-without-user: found by differential in 3.1 s` */
export function lineOf(hunt: Hunt): string {
  const { plant, foundBy } = hunt;
  if (foundBy === undefined) {
    return `${plant.name}: NOT FOUND (${hunt.runs.map(shortRun).join(", ")})`;
  }
  const before = hunt.runs.slice(0, -1).map(shortRun).join(", ");
  const by = foundBy.suite === "tests" ? "the project's tests alone" : foundBy.suite;
  return `${plant.name}: found by ${by} in ${foundBy.seconds.toFixed(1)} s${before === "" ? "" : ` (before: ${before})`}`;
}

function shortRun({ suite, verdict, seconds }: SuiteRun): string {
  return `${suite} ${verdict} in ${seconds.toFixed(0)} s`;
}

/** The table of `docs/evidence.md`. */
export function markdownOf(hunts: readonly Hunt[]): string {
  const rows = hunts.map(({ plant, foundBy }) => {
    const files = plant.files.map((file) => `\`${file}\``).join(", ");
    const found = foundBy === undefined ? "**not found**" : foundBy.suite;
    const seconds = foundBy === undefined ? "" : foundBy.seconds.toFixed(1);
    const breaks = plant.breaks.replaceAll("|", "\\|");
    return `| ${plant.name} | ${breaks} | ${files} | ${found} | ${seconds} |`;
  });
  return [
    "| plant | what it breaks | file | found by | seconds |",
    "| --- | --- | --- | --- | ---: |",
    ...rows,
  ].join("\n");
}

/** The last lines of what a suite printed. */
export function endOf({ output }: SuiteRun, lines: number): string {
  return output
    .trimEnd()
    .split("\n")
    .slice(-lines)
    .map((line) => `    ${line}`)
    .join("\n");
}
