import { parseArgs } from "node:util";
import { simulateSeed } from "./simulate-seed.ts";

const USAGE =
  "npm run simulate -- [--seeds n] [--first s] [--check-hashes | --no-check-hashes] [--trace]";

/** Up to so many seeds are run twice, to see that the same seed gives the same course. */
const CHECKED_SEEDS = 50;

/** Simulates seeds, one after the other, and sums up what was found. Returns the exit code. */
async function main(): Promise<number> {
  const { seeds, first, isTraced, isChecked } = readOptions();
  console.log(`seeds ${first} to ${first + seeds - 1}${isChecked ? ", each of them twice" : ""}`);
  const startedMs = performance.now();
  let operations = 0;
  let wireRequests = 0;
  let virtualMs = 0;
  let unequal = 0;
  let found = 0;
  for (let seed = first; seed < first + seeds; seed += 1) {
    const outcome = await simulateSeed(seed, isTraced ? { onLine: console.log } : {});
    operations += outcome.operations;
    wireRequests += outcome.wireRequests;
    virtualMs += outcome.virtualMs;
    found += outcome.findings.length;
    for (const { law, detail, atMs } of outcome.findings) {
      console.log(`seed ${seed}, at ${atMs} ms: ${law}: ${detail}`);
    }
    if (isTraced || seeds === 1) {
      console.log(`seed ${seed}: ${outcome.hash}`);
    }
    if (isChecked) {
      const again = await simulateSeed(seed);
      if (again.hash !== outcome.hash) {
        unequal += 1;
        console.log(`seed ${seed}: ${outcome.hash}, and then ${again.hash}`);
      }
    }
  }
  const seconds = (performance.now() - startedMs) / 1000;
  const runs = isChecked ? seeds * 2 : seeds;
  console.log(
    [
      `${seeds} seeds, ${operations} operations, ${wireRequests} requests to the service`,
      `${(virtualMs / 3_600_000).toFixed(1)} virtual hours in ${seconds.toFixed(0)} s, ${(runs / seconds).toFixed(2)} runs of a seed a second`,
      isChecked ? `${unequal} seeds with unequal hashes` : "hashes not compared",
      `${found} violations`,
    ].join("\n"),
  );
  return unequal > 0 || found > 0 ? 1 : 0;
}

function readOptions() {
  const { values } = parseArgs({
    allowNegative: true,
    options: {
      seeds: { type: "string", default: "20" },
      first: { type: "string", default: "1" },
      "check-hashes": { type: "boolean" },
      trace: { type: "boolean", default: false },
    },
  });
  const seeds = wholeNumber(values.seeds, "--seeds", 1);
  return {
    seeds,
    first: wholeNumber(values.first, "--first", 0),
    isTraced: values.trace,
    isChecked: values["check-hashes"] ?? seeds <= CHECKED_SEEDS,
  };
}

function wholeNumber(text: string, name: string, least: number): number {
  const value = Number(text);
  if (!/^\d{1,9}$/.test(text) || value < least) {
    throw new TypeError(`${name} must be a whole number from ${least}, not "${text}".`);
  }
  return value;
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof TypeError)) {
    throw error;
  }
  // An option of no meaning: parseArgs throws the same kind.
  console.error(`${error.message}\n${USAGE}`);
  process.exitCode = 2;
}
