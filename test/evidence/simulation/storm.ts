import { Secret } from "../../../src/secret.ts";
import type { Random } from "../random.ts";
import { nextAsk } from "./operations.ts";
import type { Simulation, Slot } from "./simulation.ts";
import { CALM } from "./wire.ts";

/** How many clients ask at the same time. */
const CLIENTS = 6;

/** Once everything is well again, how long until nothing of it may be felt, in milliseconds. */
export const RECOVERY_MS = 90_000;

export const pause = (durationMs: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, durationMs);
  });

/**
 * Clients ask, at times many at once and at times after long silence, while things go wrong.
 *
 * @param rounds how many times each client asks.
 */
export async function storm(simulation: Simulation, random: Random, rounds: number): Promise<void> {
  const callers = random.fork("callers").shuffle(simulation.world.callers).slice(0, 8);
  let isOver = false;
  const trouble = makeTrouble(simulation, random.fork("trouble"), () => isOver);
  await Promise.all(
    Array.from({ length: CLIENTS }, async (_, index) => {
      const chance = random.fork(`client ${index}`);
      for (let round = 0; round < rounds; round += 1) {
        await pause(silenceMs(chance));
        const caller = chance.pick(callers);
        const slot = chance.pick(simulation.slots);
        const together = chance.chance(0.15) ? chance.int(2, 8) : 1;
        const isOne = chance.chance(0.5);
        const asking = Array.from({ length: together }, () =>
          isOne ? caller : chance.pick(callers),
        );
        await Promise.all(
          asking.map((each) =>
            simulation.perform(slot, each, (number) => {
              const { world, ledger } = simulation;
              return nextAsk(world, ledger.items(), each, number, chance);
            }),
          ),
        );
      }
    }),
  );
  isOver = true;
  await trouble;
}

function silenceMs(random: Random): number {
  const kind = random.int(1, 100);
  return kind <= 55
    ? random.int(0, 800)
    : kind <= 85
      ? random.int(1_000, 60_000)
      : random.int(120_000, 2_400_000);
}

/** One trouble after the other, each with its end. Leaves everything well. */
async function makeTrouble(
  simulation: Simulation,
  random: Random,
  isOver: () => boolean,
): Promise<void> {
  const { trace } = simulation;
  while (!isOver()) {
    await pause(random.int(1_000, 240_000));
    const [name, trouble] = random.pick(TROUBLES);
    trace.add("trouble", name);
    simulation.calmFromMs = Number.POSITIVE_INFINITY;
    await trouble(simulation, random);
    simulation.wire.conditions = CALM;
    simulation.service.limit(0, 0);
    trace.add("trouble", "over");
    // Calm may not last that long; then it begins anew.
    simulation.calmFromMs = Date.now() + RECOVERY_MS;
  }
}

type Trouble = (simulation: Simulation, random: Random) => Promise<void>;

const TROUBLES: readonly (readonly [string, Trouble])[] = [
  [
    "messages are lost",
    async ({ wire }, random) => {
      wire.conditions = {
        ...CALM,
        latencyMs: [1, random.int(20, 400)],
        lostRequests: random.int(0, 30) / 100,
        lostAnswers: random.int(5, 40) / 100,
      };
      await pause(random.int(5_000, 120_000));
    },
  ],
  [
    "messages take long",
    async ({ wire }, random) => {
      wire.conditions = { ...CALM, latencyMs: [1, random.int(2_000, 40_000)] };
      await pause(random.int(5_000, 180_000));
    },
  ],
  [
    "the service fails",
    async ({ wire }, random) => {
      const statuses = random.shuffle([408, 410, 449, 500, 503]).slice(0, random.int(1, 3));
      wire.conditions = { ...CALM, latencyMs: [1, 60], faults: random.int(10, 90) / 100, statuses };
      await pause(random.int(5_000, 120_000));
    },
  ],
  [
    "the service throttles",
    async ({ service, wire }, random) => {
      wire.conditions = { ...CALM, latencyMs: [1, 60] };
      service.limit(random.int(4, 240), random.int(2, 100));
      await pause(random.int(5_000, 180_000));
    },
  ],
  [
    "the service restarts",
    async ({ service }, random) => {
      await service.stop();
      await pause(random.int(100, 30_000));
      service.start();
    },
  ],
  [
    "a clock is moved",
    async ({ slots, trace }, random) => {
      const slot = random.pick(slots);
      // Within and beyond the five minutes that the service overlooks.
      slot.offsetMs = random.pick([0, 1, 4, 6, 20]) * 60_000 * (random.chance(0.6) ? -1 : 1);
      slot.movedAtMs = Date.now();
      trace.add(slot.name, "clock", slot.offsetMs);
    },
  ],
  [
    "profiles change",
    async (simulation, random) => {
      const { slots, profileVersions } = simulation;
      const [first, second] = profileVersions;
      const next = slots[0]?.profiles === first ? second : first;
      for (const slot of random.shuffle(slots)) {
        await simulation.restart(slot, next);
        await pause(random.int(0, 90_000));
      }
    },
  ],
  [
    "a replica restarts",
    (simulation, random) => restartOne(simulation, random.pick(simulation.slots)),
  ],
  [
    "a key is regenerated",
    async ({ service, slots }, random) => {
      service.regenerateKey(random.pick(["primary", "secondary"]));
      for (const slot of random.shuffle(slots)) {
        await pause(random.int(0, 60_000));
        slot.keys = service.keys.map((key) => new Secret(key));
      }
    },
  ],
];

async function restartOne(simulation: Simulation, slot: Slot): Promise<void> {
  await simulation.restart(slot, slot.profiles);
}
