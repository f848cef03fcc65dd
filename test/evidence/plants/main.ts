import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { createRandom } from "../random.ts";
import { typeFaultsOf } from "./check-types.ts";
import { type Hunt, huntPlant, runSuite } from "./hunt.ts";
import { openCopy, type ProjectCopy } from "./open-copy.ts";
import { type Plant, readPlants } from "./read-plants.ts";
import { endOf, lineOf, markdownOf } from "./report.ts";
import { endAllRuns } from "./run-in-copy.ts";
import { EVIDENCE_SUITES, RELATED_TESTS, type Suite, type SuiteBounds } from "./suites.ts";

const USAGE = `Plants holes into a copy of the project, one at a time, and reports which suite finds each.

  npm run plants -- [options]

  --only name       this plant alone; may be given several times
  --sample n        n plants, which the seed picks; 5 seconds a suite
  --seed s          of the sample and of the suites (1)
  --seconds n       how long each suite looks (40)
  --no-tests        leave out the project's own tests, the last resort
  --types           compile each plant as well
  --markdown        end with a table in Markdown
  --verbose         show the end of what each suite printed

Exit code: 0 each was found, 1 one was not, or the source as it is was blamed, 2 misuse.`;

const SECONDS = 40;
const SAMPLE_SECONDS = 5;

interface Options {
  readonly plants: readonly Plant[];
  readonly isSample: boolean;
  readonly bounds: SuiteBounds;
  readonly suites: readonly Suite[];
  readonly checksTypes: boolean;
  readonly markdown: boolean;
  readonly verbose: boolean;
}

function readOptions(): Options | undefined {
  try {
    const { values } = parseArgs({
      options: {
        only: { type: "string", multiple: true },
        sample: { type: "string" },
        seed: { type: "string", default: "1" },
        seconds: { type: "string" },
        "no-tests": { type: "boolean", default: false },
        types: { type: "boolean", default: false },
        markdown: { type: "boolean", default: false },
        verbose: { type: "boolean", default: false },
      },
    });
    const seed = wholeNumber("seed", values.seed);
    const usual = values.sample === undefined ? SECONDS : SAMPLE_SECONDS;
    const seconds = values.seconds === undefined ? usual : wholeNumber("seconds", values.seconds);
    const sample = values.sample === undefined ? undefined : wholeNumber("sample", values.sample);
    return {
      plants: choosePlants(values.only, sample, seed),
      isSample: sample !== undefined,
      bounds: { seconds, seed },
      suites: values["no-tests"] ? EVIDENCE_SUITES : [...EVIDENCE_SUITES, RELATED_TESTS],
      checksTypes: values.types,
      markdown: values.markdown,
      verbose: values.verbose,
    };
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    return undefined;
  }
}

function wholeNumber(name: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) {
    throw new Error(`--${name}: expected a whole number, found ${JSON.stringify(text)}.`);
  }
  return Number(text);
}

function choosePlants(
  only: readonly string[] | undefined,
  sample: number | undefined,
  seed: number,
): readonly Plant[] {
  const all = readPlants();
  const unknown = only?.find((name) => !all.some((plant) => plant.name === name));
  if (unknown !== undefined) {
    throw new Error(`--only: there is no ${unknown}.patch. There are:\n${namesOf(all)}`);
  }
  const chosen = only === undefined ? all : all.filter(({ name }) => only.includes(name));
  return sample === undefined ? chosen : createRandom(seed).shuffle(chosen).slice(0, sample);
}

function namesOf(plants: readonly Plant[]): string {
  return plants.map(({ name }) => `  ${name}`).join("\n");
}

/** The source as it is must be blamed by no suite: what cries at everything finds nothing. */
async function isControlClean(
  copy: ProjectCopy,
  suites: readonly Suite[],
  bounds: SuiteBounds,
): Promise<boolean> {
  let isClean = true;
  for (const suite of suites) {
    const run = await runSuite(copy, suite, bounds);
    console.log(`nothing planted: ${suite.name} ${run.verdict} in ${run.seconds.toFixed(1)} s`);
    if (run.verdict !== "clean") {
      console.log(endOf(run, 40));
      isClean = false;
    }
  }
  return isClean;
}

async function hunt(copy: ProjectCopy, plant: Plant, options: Options): Promise<Hunt | undefined> {
  const faults = options.checksTypes ? await typeFaultsOf(copy, plant) : undefined;
  if (faults !== undefined) {
    console.log(`${plant.name}: does not compile\n${faults}`);
    return undefined;
  }
  const result = await huntPlant(copy, plant, options.suites, options.bounds);
  console.log(lineOf(result));
  for (const run of result.runs) {
    if (options.verbose || run.verdict === "broken") {
      console.log(endOf(run, 25));
    }
  }
  return result;
}

async function main(): Promise<number> {
  const options = readOptions();
  if (options === undefined) {
    return 2;
  }
  const project = resolve(import.meta.dirname, "../../..");
  const missing = EVIDENCE_SUITES.flatMap(({ args }) => args(options.bounds).slice(0, 1)).filter(
    (file) => !existsSync(join(project, file)),
  );
  if (missing.length > 0) {
    console.error(`The project has no ${missing.join(", ")}.`);
    return 2;
  }
  const { bounds, plants } = options;
  console.log(`seed ${bounds.seed}, ${plants.length} plants, ${bounds.seconds} s a suite`);
  const startedMs = performance.now();
  const copy = openCopy(project);
  process.once("exit", () => {
    endAllRuns();
    copy.remove();
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => process.exit(130));
  }

  const controls = options.isSample ? [] : EVIDENCE_SUITES;
  const isCleanBefore = await isControlClean(copy, controls, bounds);
  const hunts: Hunt[] = [];
  for (const plant of plants) {
    const result = await hunt(copy, plant, options);
    hunts.push(...(result === undefined ? [] : [result]));
  }
  const found = hunts.filter(({ foundBy }) => foundBy !== undefined);
  // Of a sample, only what a suite has said of a plant has to be held against the source as it is.
  const finders = EVIDENCE_SUITES.filter(
    ({ name }) => options.isSample && found.some(({ foundBy }) => foundBy?.suite === name),
  );
  const isClean = isCleanBefore && (await isControlClean(copy, finders, bounds));

  const byTests = found.filter(({ foundBy }) => foundBy?.suite === RELATED_TESTS.name);
  if (options.markdown) {
    console.log(`\n${markdownOf(hunts)}`);
  }
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(0);
  console.log(
    `\n${found.length} of ${plants.length} found, ${byTests.length} of them by the project's tests alone; nothing planted: ${isClean ? "nothing found" : "BLAMED"}; ${seconds} s; again with --seed ${bounds.seed}`,
  );
  return isClean && found.length === plants.length ? 0 : 1;
}

process.exit(await main());
