import { parseArgs } from "node:util";
import { EXPLAINED_SURVIVORS } from "./explained-survivors.ts";
import { GROUPS, type MutationGroup, SAMPLE } from "./groups.ts";
import { judgeSurvivors } from "./judge-survivors.ts";
import { outcomeMarkdown, outcomeText } from "./print-outcome.ts";
import { type GroupOutcome, runGroup } from "./run-group.ts";

const USAGE = `npm run mutation -- [--group name]… [--sample] [--fresh] [--concurrency n] [--markdown]

Changes the code that decides who may see an item, place by place, and runs the tests of that code
against each change. A change that no test notices must be explained in explained-survivors.ts.

  --group        ${GROUPS.map(({ name }) => name).join(", ")}; every group by default
  --sample       two small files, in less than a minute
  --fresh        takes no results of an earlier run
  --concurrency  how many changes are tried at a time; 1 by default
  --markdown     prints the table of docs/evidence.md as well`;

interface Options {
  readonly groups: readonly MutationGroup[];
  readonly fresh: boolean;
  readonly concurrency: number;
  readonly markdown: boolean;
}

/** The options, or what is wrong with them. */
function readOptions(): Options | string {
  let values: ReturnType<typeof parse>["values"];
  try {
    values = parse().values;
  } catch (error) {
    return String(error instanceof Error ? error.message : error);
  }
  const { group: names = [], sample = false, concurrency: text = "1" } = values;
  const unknown = names.find((name) => GROUPS.every((group) => group.name !== name));
  if (unknown !== undefined) {
    return `there is no group ${unknown}`;
  }
  const concurrency = Number(text);
  if (!Number.isInteger(concurrency) || concurrency < 1) {
    return "--concurrency is a whole number above 0";
  }
  const groups = GROUPS.filter(({ name }) => names.length === 0 || names.includes(name));
  return {
    groups: sample ? [SAMPLE] : groups,
    fresh: values.fresh ?? false,
    concurrency,
    markdown: values.markdown ?? false,
  };
}

function parse() {
  return parseArgs({
    options: {
      group: { type: "string", multiple: true },
      sample: { type: "boolean" },
      fresh: { type: "boolean" },
      concurrency: { type: "string" },
      markdown: { type: "boolean" },
    },
  });
}

async function main(): Promise<number> {
  const options = readOptions();
  if (typeof options === "string") {
    console.error(`${options}\n\n${USAGE}`);
    return 2;
  }
  // Stryker copies the folder it is started in.
  process.chdir(new URL("../../..", import.meta.url).pathname);
  const { groups, markdown } = options;
  console.log(`No seed: every mutant of ${groups.map(({ name }) => name).join(", ")} is tried.`);
  const outcomes: GroupOutcome[] = [];
  for (const group of groups) {
    outcomes.push(await runGroup(group, options));
  }
  const judgement = judgeSurvivors(
    outcomes.flatMap(({ mutants }) => mutants),
    EXPLAINED_SURVIVORS,
  );
  console.log(outcomeText(outcomes, judgement));
  if (markdown) {
    console.log(`\n${outcomeMarkdown(outcomes)}`);
  }
  return judgement.unexplained.length + judgement.stale.length === 0 ? 0 : 1;
}

process.exitCode = await main();
