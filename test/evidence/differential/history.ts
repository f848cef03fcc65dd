import type { Throughput } from "../../emulator-controls.ts";
import type { Operation, Store, StoredItem } from "../../model/terms.ts";
import { placeOf } from "../../model/terms.ts";
import { expectOutcome } from "../oracle/expect-outcome.ts";
import { createRandom, type Random } from "../random.ts";
import { FAULT_NAMES, type FaultName } from "../workload/database-faults.ts";
import { type Form, nextForm } from "../workload/form.ts";
import { nextOperation } from "../workload/next-operation.ts";
import { type Caller, withRole } from "../world/callers.ts";
import type { World, WorldSize } from "../world/create-world.ts";
import { type BearerKind, type HostileStep, nextBearer, nextHostileStep } from "./hostile-step.ts";

/** What a run of the gateway is made of: plain JSON, so that it can be kept and run again. */
export interface History {
  /** Of the world. */
  readonly seed: number;
  readonly size: WorldSize;
  /** What is stored at the start, if it isn't the world's own. */
  readonly items?: readonly StoredItem[];
  readonly steps: readonly Step[];
}

export type Step =
  | HostileStep
  | {
      readonly do: "ask";
      /** The caller's name. */
      readonly caller: string;
      readonly replica: number;
      readonly operation: Operation;
      /** Decides how the operation is written. */
      readonly style: number;
      /** Absent: `typed`. */
      readonly form?: Form;
      readonly bearer: BearerKind;
      readonly trouble?: Trouble;
    }
  | { readonly do: "wait"; readonly seconds: number }
  | { readonly do: "restart"; readonly replica: number }
  | {
      readonly do: "regenerate key";
      readonly key: "primary" | "secondary";
      readonly tell: boolean;
    }
  /** From now on the caller has this role. */
  | { readonly do: "change role"; readonly caller: string; readonly role: Role };

/** What disturbs one operation, and is over after it. */
export type Trouble =
  | { readonly fault: FaultName; readonly path: string; readonly times: number }
  | { readonly throughput: Throughput };

type Role = "manager" | "member" | "clerk";

/** The callers as they are at some point of a history. */
export type Callers = ReadonlyMap<string, Caller>;

export const callersOf = ({ callers }: World): Callers =>
  new Map(callers.map((caller) => [caller.name, caller]));

/** The callers after a step. */
export function callersAfter(step: Step, callers: Callers, { persons }: World): Callers {
  const caller = step.do === "change role" ? callers.get(step.caller) : undefined;
  return step.do === "change role" && caller !== undefined
    ? new Map(callers).set(step.caller, withRole(caller, step.role, persons))
    : callers;
}

/**
 * Steps for a world in this state. The model tells what each leaves behind, so that the later ones
 * are about what will be there.
 */
export function nextSteps(
  world: World,
  start: Store,
  count: number,
  random: Random,
): readonly Step[] {
  let store = start;
  let callers = callersOf(world);
  // A few callers, so that they meet; a cache for fewer users evicts them in turn. Two of them at
  // least may write.
  const shuffled = random.shuffle([...callers.keys()]);
  const isManager = (name: string) => name.startsWith("manager of ");
  const names = [
    ...shuffled.filter(isManager).slice(0, 2),
    ...shuffled.slice(0, 2),
    ...(random.chance(0.5) ? nextPair(shuffled) : shuffled.slice(2, 3)),
  ];
  return Array.from({ length: count }, () => {
    const step = nextStep(world, store, callers, names, random);
    callers = callersAfter(step, callers, world);
    const caller = step.do === "ask" ? callers.get(step.caller) : undefined;
    if (step.do === "ask" && caller !== undefined && step.bearer === "good") {
      const outcome = expectOutcome(world, caller, step.operation, store);
      store = "answer" in outcome ? outcome.store : store;
    }
    return step;
  });
}

/** Two who may see the same, and are two users of the database. */
function nextPair(names: readonly string[]): readonly string[] {
  const second = names.find((name) => name.startsWith("second "));
  return second === undefined ? [] : [second, second.replace("second ", "")];
}

function nextStep(
  world: World,
  store: Store,
  callers: Callers,
  names: readonly string[],
  random: Random,
): Step {
  const name = random.pick(names);
  const caller = callers.get(name);
  if (caller === undefined) {
    throw new Error(`No caller has the name ${name}.`);
  }
  if (random.chance(0.1)) {
    // One of those who take part, if that is a person of a tenant.
    const persons = world.persons.map(({ sub }) => sub).filter((sub) => names.includes(sub));
    return nextEvent(persons.length === 0 ? undefined : random.pick(persons), random);
  }
  if (random.chance(0.1)) {
    return nextHostileStep(world, store, callers, names, random);
  }
  const replica = random.int(0, 1);
  const operation = nextOperation(world, caller, store, random);
  const style = random.int(0, 0x7fffffff);
  return {
    do: "ask",
    caller: name,
    replica,
    operation,
    style,
    form: nextForm(operation, createRandom(style).fork("form")),
    bearer: nextBearer(caller, random),
    ...(random.chance(0.06) ? { trouble: nextTrouble(random) } : {}),
  };
}

/** @param person whose role may change: the name of a caller. */
function nextEvent(person: string | undefined, random: Random): Step {
  switch (random.int(0, 9)) {
    case 0:
      return { do: "restart", replica: random.int(0, 1) };
    case 1:
    case 2:
      return {
        do: "regenerate key",
        key: random.pick(["primary", "secondary"]),
        tell: random.chance(0.5),
      };
    default:
      if (person !== undefined && random.chance(0.4)) {
        const role = random.pick(["manager", "member", "clerk"] as const);
        return { do: "change role", caller: person, role };
      }
      // Within a token's life, when it is renewed, at its very end, and long after
      return { do: "wait", seconds: random.pick([60, 1800, 3010, 3569, 3571, 3601, 4000, 90_000]) };
  }
}

const ITEMS = "/docs(/|$)";
const PERMISSIONS = "/permissions$";

function nextTrouble(random: Random): Trouble {
  if (random.chance(0.15)) {
    return { throughput: { itemRequestUnitsPerSecond: random.pick([20, 100]) } };
  }
  return {
    fault: random.pick(FAULT_NAMES),
    path: random.pick([ITEMS, ITEMS, PERMISSIONS]),
    times: random.int(1, 3),
  };
}

/** The same world with other things in it. */
export function withItems(world: World, items: readonly StoredItem[]): World {
  return {
    ...world,
    database: {
      ...world.database,
      containers: world.database.containers.map((container) => ({
        ...container,
        items: items
          .filter((item) => item.container === container.id)
          .map(({ content }) => content),
      })),
    },
    store: new Map(
      items.map((item) => [placeOf(item.container, item.partitionKey, item.content.id), item]),
    ),
  };
}
