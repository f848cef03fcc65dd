import { createRandom, type Random } from "../random.ts";
import { type Caller, withRole } from "../world/callers.ts";
import type { World } from "../world/create-world.ts";
import { type MemoryPoint, slopeOf } from "./memory-slope.ts";
import type { LedgerState } from "./next-ledger-write.ts";
import { misplacedItems, readStored } from "./read-stored.ts";
import { drive } from "./soak-driver.ts";
import { letThingsHappen } from "./soak-events.ts";
import { createFigures, type SoakFigures } from "./soak-figures.ts";
import { type RunningSoak, startSoak } from "./start-soak.ts";
import { auditLedger } from "./write-ledger.ts";

export interface SoakRun {
  readonly seed: number;
  readonly minutes: number;
  readonly callers: number;
  readonly cache: number;
}

const TENANTS = 50;
const REPLICAS = 2;
const CONCURRENCY = 24;
const SAMPLE_MS = 3000;
const MEGABYTE = 1024 * 1024;

/** Everything at once for so many minutes, and then the audit. */
export async function runSoak({ seed, minutes, callers, cache }: SoakRun): Promise<SoakFigures> {
  const figures = createFigures();
  const random = createRandom(seed).fork("soak");
  const ledger: LedgerState = { items: [], places: [] };
  const soak = await startSoak({ seed, tenants: TENANTS, cache, replicas: REPLICAS }, figures);
  const calling = callersOf(soak.world, callers, random);
  try {
    const startedMs = Date.now();
    const untilMs = startedMs + minutes * 60_000;
    await Promise.all([
      drive(soak, {
        callers: calling,
        random,
        untilMs,
        concurrency: CONCURRENCY,
        ledger,
        figures,
      }),
      letThingsHappen(soak, { untilMs, random: random.fork("events"), figures }),
      measureMemory(soak, untilMs, figures),
    ]);
    figures.seconds = (Date.now() - startedMs) / 1000;
    const stored = await readStored(soak);
    const { lost, doubled, doneAfterRefusal } = auditLedger(ledger.items, stored);
    figures.lostWrites.push(...lost);
    figures.doubledWrites.push(...doubled);
    figures.doneAfterRefusal.push(...doneAfterRefusal);
    figures.misplacedItems.push(...misplacedItems(soak.world, calling, stored));
  } finally {
    await soak.stop();
  }
  return figures;
}

/** Those of the world, and the same persons with other roles, as after a change of profile. */
function callersOf(world: World, count: number, random: Random): readonly Caller[] {
  const { callers, persons } = world;
  const subjects = new Set(persons.map(({ sub }) => sub));
  const people = callers.filter(({ claims }) => claims !== undefined && subjects.has(claims.sub));
  const changed = people.flatMap((person) =>
    (["clerk", "member", "manager"] as const)
      .map((role) => withRole(person, role, persons))
      .filter(({ claims }) => ![person.claims?.roles].flat().includes([claims?.roles].flat()[0])),
  );
  return random.shuffle([...callers, ...random.shuffle(changed)].slice(0, count));
}

async function measureMemory(
  { replicas, database }: RunningSoak,
  untilMs: number,
  figures: SoakFigures,
): Promise<void> {
  const processes = [
    ...replicas.map((replica, index) => ({
      name: `replica ${index + 1}`,
      life: () => replica.startedAtMs,
      memory: replica.memory,
    })),
    { name: "emulator", life: () => 0, memory: database.memory },
  ];
  const lives = new Map<string, { readonly points: MemoryPoint[]; peakBytes: number }>();
  while (Date.now() < untilMs) {
    for (const { name, life, memory } of processes) {
      const key = `${name}, started at ${life()}`;
      const sample = await memory();
      if (sample !== undefined && key === `${name}, started at ${life()}`) {
        const known = lives.get(key) ?? { points: [], peakBytes: 0 };
        lives.set(key, known);
        known.points.push({ atMs: Date.now(), bytes: sample.heapUsedBytes });
        known.peakBytes = Math.max(known.peakBytes, sample.residentBytes);
      }
    }
    await new Promise((resolve) => {
      setTimeout(resolve, SAMPLE_MS);
    });
  }
  // Of each process the longest life, and the highest peak of all of them
  for (const { name } of processes) {
    const own = [...lives].filter(([key]) => key.startsWith(`${name},`)).map(([, life]) => life);
    const longest = own.toSorted((one, other) => other.points.length - one.points.length)[0];
    const slope = longest === undefined ? undefined : slopeOf(longest.points);
    figures.memory.push({
      name,
      peakResidentMegabytes: Math.max(0, ...own.map(({ peakBytes }) => peakBytes)) / MEGABYTE,
      samples: longest?.points.length ?? 0,
      ...(slope === undefined ? {} : { slope }),
    });
  }
}
