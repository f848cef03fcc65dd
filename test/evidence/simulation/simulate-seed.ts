import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRandom } from "../random.ts";
import { createWorld } from "../world/create-world.ts";
import { askTogether, withSecondOperator } from "./ask-together.ts";
import type { Finding } from "./findings.ts";
import { holdLaws } from "./laws.ts";
import { loseWrites } from "./lose-writes.ts";
import { settle } from "./settle.ts";
import { type Bends, createSimulation, type Simulation } from "./simulation.ts";
import { storm } from "./storm.ts";
import { startVirtualTime } from "./virtual-time.ts";

export interface SeedOutcome {
  readonly seed: number;
  readonly hash: string;
  readonly findings: readonly Finding[];
  readonly operations: number;
  readonly wireRequests: number;
  readonly virtualMs: number;
}

export interface SeedOptions {
  /** How many times each client asks while things go wrong. Default 18. */
  readonly rounds?: number;
  readonly bends?: Bends;
  readonly onLine?: (line: string) => void;
}

/** An operation that is not over after so long, in milliseconds, is taken for one that never is. */
const HANG_MS = 600_000;

/** Everything that one seed decides, from an empty service to the closed books. */
export async function simulateSeed(
  seed: number,
  { bends, onLine, rounds = 18 }: SeedOptions = {},
): Promise<SeedOutcome> {
  const random = createRandom(seed).fork("simulation");
  const chance = random.fork("choices");
  const size = { tenants: chance.int(2, 4), itemsPerPartition: 2 };
  const world = withSecondOperator(createWorld(random.fork("world"), size));
  const lifetimeSeconds = chance.pick([600, 900, 3600]);
  const choices = {
    tokens: {
      lifetimeSeconds,
      refreshAheadSeconds: chance.pick([60, 200]),
      maxCachedUsers: chance.pick([2, 5, 100]),
    },
    limits: { requestTimeoutMs: chance.pick([3_000, 10_000, 60_000]) },
  };
  const folder = mkdtempSync(join(tmpdir(), "cosmos-gateway-simulation-"));
  const time = startVirtualTime(random.fork("Math.random"));
  const startMs = time.nowMs();
  let simulation: Simulation | undefined;
  const onUnhandled = (reason: unknown) => {
    simulation?.findings.add("unhandled rejection", String(reason));
  };
  process.on("unhandledRejection", onUnhandled);
  try {
    const made = await createSimulation({ random, world, folder, choices, bends, onLine });
    simulation = made;
    let isOver = false;
    const course = async () => {
      await holdLaws(made, random.fork("laws"));
      await askTogether(made, random.fork("together"));
      await loseWrites(made);
      await storm(made, random.fork("storm"), rounds);
      await settle(made);
    };
    course()
      .catch((error: unknown) => {
        made.findings.add(
          "unhandled rejection",
          String(error instanceof Error ? error.stack : error),
        );
      })
      .finally(() => {
        isOver = true;
      });
    const hanging = () =>
      made.pending().filter(({ startedAtMs }) => Date.now() - startedAtMs > HANG_MS);
    const end = await time.run(() => isOver || hanging().length > 0);
    if (!isOver) {
      const numbers = made.pending().map(({ number }) => number);
      made.findings.add("hang", `${end}: operations ${numbers.join(", ") || "none"}`);
    }
    return {
      seed,
      hash: made.trace.hash(),
      findings: made.findings.list(),
      operations: made.operations,
      wireRequests: made.wire.requests,
      virtualMs: time.nowMs() - startMs,
    };
  } finally {
    time.end();
    process.off("unhandledRejection", onUnhandled);
    await simulation?.service.stop().catch(() => {});
    rmSync(folder, { recursive: true, force: true });
  }
}
