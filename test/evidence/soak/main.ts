import { parseArgs } from "node:util";
import {
  describeBeyondCache,
  MAX_MEGABYTES_PER_100000,
  passCallersBeyondCache,
} from "./callers-beyond-cache.ts";
import { runSoak } from "./run-soak.ts";
import { describeFigures, isClean } from "./soak-figures.ts";

const USAGE =
  "npm run soak -- [--minutes n] [--seed s] [--callers k] [--cache n] [--callers-beyond-cache]";

/** A number of an option from `least` up; undefined for anything else. */
function numberFrom(text: string, least: number): number | undefined {
  const value = Number(text);
  return text.trim() !== "" && Number.isFinite(value) && value >= least ? value : undefined;
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      minutes: { type: "string", default: "1" },
      seed: { type: "string", default: String(Date.now() % 2 ** 31) },
      callers: { type: "string" },
      cache: { type: "string" },
      "callers-beyond-cache": { type: "boolean", default: false },
    },
  });
  const isBeyondCache = values["callers-beyond-cache"];
  const [minutes, seed, callers, cache] = [
    numberFrom(values.minutes, 0.05),
    numberFrom(values.seed, 0),
    numberFrom(values.callers ?? (isBeyondCache ? "200000" : "500"), 1),
    numberFrom(values.cache ?? (isBeyondCache ? "20000" : "200"), 1),
  ];
  if (minutes === undefined || seed === undefined || callers === undefined || cache === undefined) {
    console.error(USAGE);
    return 2;
  }
  if (isBeyondCache) {
    const figures = await passCallersBeyondCache(callers, cache);
    console.log(describeBeyondCache(figures));
    return figures.megabytesPer100000Callers <= MAX_MEGABYTES_PER_100000 ? 0 : 1;
  }
  console.log(`Seed ${seed}: ${minutes} minutes, ${callers} callers, a cache of ${cache} users.`);
  const figures = await runSoak({ seed, minutes, callers, cache });
  console.log(describeFigures(figures));
  return isClean(figures) ? 0 : 1;
}

const exitCode = await main().catch((error: unknown) => {
  const isMisuse = error instanceof TypeError && "code" in error;
  console.error(isMisuse ? `${error.message}\n${USAGE}` : error);
  return isMisuse ? 2 : 1;
});
// After a failure, places that still ask would go on
process.exit(exitCode);
