import { accessOf } from "../../model/access.ts";
import type { Random } from "../random.ts";
import type { Caller } from "../world/callers.ts";
import { DATABASE_ID } from "../world/create-world.ts";
import { planOf } from "../world/type-plans.ts";
import type { Law } from "./findings.ts";
import type { Ask } from "./operations.ts";
import type { Simulation, Slot } from "./simulation.ts";
import { pause } from "./storm.ts";
import { isFeedRead } from "./traffic.ts";
import { CALM, type WireRequest } from "./wire.ts";

/** A request there and back, in milliseconds, while nothing is wrong. */
const ROUND_TRIP_MS = 2 * CALM.latencyMs[0];

/** Before its end, a grant is no longer used: the gateway's own margin, in milliseconds. */
const MARGIN_MS = 30_000;

/** How long a failure is remembered, in milliseconds. */
const FAILURE_MS = 2_000;

/**
 * What must be exactly so while nothing goes wrong: how many requests an operation costs, and how
 * long it takes, when its grants are new, warm, due for renewal, at their end, or can't be had.
 */
export async function holdLaws(simulation: Simulation, random: Random): Promise<void> {
  const { world, slots, traffic } = simulation;
  const [east, west] = slots;
  const caller = world.callers.find(({ name }) => name === "manager of contoso");
  const other = world.callers.find(({ name }) => name === "ann of contoso");
  if (east === undefined || west === undefined || caller === undefined || other === undefined) {
    throw new Error("The world lacks who the laws are tried with.");
  }
  const law = createLawBook(simulation);
  const together = random.int(2, 30);

  // First requests of a new user: one reads the feed and makes what is missing, all wait for it.
  traffic.restart();
  await law.ask(east, caller, "read", together);
  const first = traffic.sent();
  law.count("single flight", "feed reads of first requests", first.filter(isFeedRead).length, 1);
  law.count("request count", "users made", first.filter(isUserCreation).length, 1);
  law.count(
    "request count",
    "permissions made",
    first.filter(({ method, path }) => method === "POST" && path.endsWith("/permissions")).length,
    law.permissionsOf(caller),
  );
  law.count("request count", "point reads", itemRequests(first), together);

  for (const kind of ["read", "list"] as const) {
    traffic.restart();
    const tookMs = await law.ask(east, caller, kind);
    law.count("request count", `requests of a warm ${kind}`, traffic.sent().length, 1);
    law.count("request count", `time of a warm ${kind}`, tookMs, ROUND_TRIP_MS);
  }

  // Another replica finds everything made, and each reads for itself.
  traffic.restart();
  await law.ask(west, caller, "read", together);
  const account = traffic.sent().filter(({ subject }) => subject === "users");
  law.count("single flight", "account requests of another replica", account.length, 1);

  await holdRenewal(simulation, law, west, caller, together);
  await holdMemoryOfFailures(simulation, law, east, other);
}

async function holdRenewal(
  { traffic, tokens }: Simulation,
  law: LawBook,
  slot: Slot,
  caller: Caller,
  together: number,
): Promise<void> {
  const lifetimeMs = tokens.lifetimeSeconds * 1000;
  const aheadMs = Math.min(tokens.refreshAheadSeconds * 1000, lifetimeMs / 2);
  const endOf = (sent: readonly WireRequest[]) =>
    (sent.find(isFeedRead)?.sentAtMs ?? Number.NaN) + lifetimeMs - MARGIN_MS;

  const dueMs = endOf(traffic.sent()) - aheadMs;
  await pause(dueMs - 1 - Date.now());
  traffic.restart();
  await law.ask(slot, caller, "read");
  law.count("refresh ahead", "requests just before renewal is due", traffic.sent().length, 1);

  await pause(ROUND_TRIP_MS);
  traffic.restart();
  const tookMs = await law.ask(slot, caller, "read", together);
  await pause(ROUND_TRIP_MS);
  const due = traffic.sent();
  law.count("refresh ahead", "feed reads when it is due", due.filter(isFeedRead).length, 1);
  law.count("refresh ahead", "time of a read meanwhile", tookMs, ROUND_TRIP_MS);

  traffic.restart();
  await law.ask(slot, caller, "read");
  law.count("refresh ahead", "requests after renewal", traffic.sent().length, 1);

  // Nobody asks until the end has come: then who asks has to wait.
  await pause(endOf(due) - Date.now());
  traffic.restart();
  const waitedMs = await law.ask(slot, caller, "read");
  const late = traffic.sent();
  law.count("token past its end", "feed reads at the end", late.filter(isFeedRead).length, 1);
  law.count("token past its end", "time of a read at the end", waitedMs, 2 * ROUND_TRIP_MS);
}

async function holdMemoryOfFailures(
  simulation: Simulation,
  law: LawBook,
  slot: Slot,
  caller: Caller,
): Promise<void> {
  const { traffic, wire } = simulation;
  simulation.calmFromMs = Number.POSITIVE_INFINITY;
  wire.conditions = { ...CALM, faults: 1, statuses: [503] };
  const attempts = async (afterMs: number) => {
    await pause(afterMs);
    traffic.restart();
    await law.ask(slot, caller, "read");
    return traffic.sent().length;
  };
  law.count("remembered failure", "attempts at first", await attempts(0), 1);
  law.count("remembered failure", "attempts within two seconds", await attempts(FAILURE_MS - 1), 0);
  law.count("remembered failure", "attempts after them", await attempts(2), 1);
  wire.conditions = CALM;
  await pause(FAILURE_MS + 1);
  simulation.calmFromMs = Date.now();
  await law.ask(slot, caller, "read");
}

interface LawBook {
  /** Asks so many times at once; resolves to how long the longest took. */
  ask(slot: Slot, caller: Caller, kind: "read" | "list", times?: number): Promise<number>;
  count(law: Law, what: string, found: number, expected: number): void;
  permissionsOf(caller: Caller): number;
}

function createLawBook(simulation: Simulation): LawBook {
  const { world, findings } = simulation;
  const target = [...world.store.values()].find(
    ({ container, partitionKey, content }) =>
      container === "orders" && partitionKey[0] === "contoso" && content.id === "o1",
  );
  if (target === undefined) {
    throw new Error("The world lacks the order that the laws are tried with.");
  }
  return {
    ask: async (slot, caller, kind, times = 1) => {
      const ask: Ask = { do: kind, plan: planOf("Order"), target };
      const took = Array.from({ length: times }, () => simulation.perform(slot, caller, () => ask));
      return Math.max(...(await Promise.all(took)));
    },
    count: (law, what, found, expected) => {
      if (found !== expected) {
        findings.add(law, `${what}: ${found}, not ${expected}`);
      }
    },
    permissionsOf: ({ claims }) => {
      const access = accessOf(world.profiles, claims, DATABASE_ID);
      return "refused" in access ? 0 : access.permissions.length;
    },
  };
}

function isUserCreation({ method, path }: WireRequest): boolean {
  return method === "POST" && path.endsWith("/users");
}

function itemRequests(sent: readonly WireRequest[]): number {
  return sent.filter(({ subject }) => subject === "item").length;
}
