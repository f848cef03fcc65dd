import type { Random } from "../random.ts";
import { codesOfFault, databaseFault, FAULT_NAMES } from "../workload/database-faults.ts";
import { countIn, type SoakFigures } from "./soak-figures.ts";
import type { RunningSoak } from "./start-soak.ts";

/** A 403 of the database can't be told from a denial, and denials are judged here. */
const FAULTS = FAULT_NAMES.filter((name) => !codesOfFault(name).includes("FORBIDDEN"));

const PATHS: readonly string[] = ["/docs", "/docs", "/docs", "/users", "/pkranges", "^/dbs"];
const METHODS: readonly (string | undefined)[] = [undefined, "POST", "PATCH", "PUT", "DELETE"];

type SoakEvent = (soak: RunningSoak, random: Random, figures: SoakFigures) => Promise<void>;

const EVENTS: Readonly<Record<string, SoakEvent>> = {
  "expiry of all resource tokens": ({ advanceSeconds }) => advanceSeconds(1000),
  "renewal ahead of the end": ({ advanceSeconds }) => advanceSeconds(500),
  "primary key regenerated": ({ regenerateKey }, random) =>
    regenerateKey("primary", random.chance(0.5)),
  "secondary key regenerated": ({ regenerateKey }, random) =>
    regenerateKey("secondary", random.chance(0.5)),
  throttling: async ({ database }, random) => {
    await database.setThroughput({
      metadataRequestUnitsPerSecond: random.pick([0, 240]),
      itemRequestUnitsPerSecond: random.pick([100, 400]),
    });
    await pause(random.int(500, 2000));
    await database.setThroughput({
      metadataRequestUnitsPerSecond: 0,
      itemRequestUnitsPerSecond: 0,
    });
  },
};

/** Of the first replica; the others live on, so that their memory can be measured. */
const RESTARTS = ["SIGTERM", "SIGKILL"] as const;

const RESTART_SHARE = 0.04;
const FAULT_SHARE = 0.8;

/** Lets things happen until the time is over: about two a second. */
export async function letThingsHappen(
  soak: RunningSoak,
  { untilMs, random, figures }: SoakEventOptions,
): Promise<void> {
  let restarting: Promise<void> | undefined;
  while (Date.now() < untilMs) {
    await pause(random.int(100, 900));
    const [first] = soak.replicas;
    if (random.chance(RESTART_SHARE) && restarting === undefined && first !== undefined) {
      const signal = random.pick(RESTARTS);
      countIn(figures.events, `replica ended by ${signal}`);
      restarting = first.restart(signal).finally(() => {
        restarting = undefined;
      });
    } else if (random.chance(FAULT_SHARE)) {
      const name = random.pick(FAULTS);
      const method = random.pick(METHODS);
      const match = { path: random.pick(PATHS), ...(method === undefined ? {} : { method }) };
      await soak.database.addFault(databaseFault(name, { match, times: random.int(1, 4) }));
      countIn(figures.faults, name);
    } else {
      const name = random.pick(Object.keys(EVENTS));
      await EVENTS[name]?.(soak, random, figures);
      countIn(figures.events, name);
    }
    // The emulator keeps every request for tests that look; nobody does here
    await soak.database.forgetRequests();
  }
  await restarting;
  await soak.database.clearFaults();
}

export interface SoakEventOptions {
  readonly untilMs: number;
  readonly random: Random;
  readonly figures: SoakFigures;
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}
