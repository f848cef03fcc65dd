import type { Random } from "../random.ts";
import { type Caller, tenantOwner } from "../world/callers.ts";
import type { World } from "../world/create-world.ts";
import { planOf } from "../world/type-plans.ts";
import type { Ask } from "./operations.ts";
import type { Simulation, Slot } from "./simulation.ts";

/** How many times two callers ask at once, for each thing that they ask for. */
const PAIRS = 3;

/**
 * While nothing is wrong, two callers ask for the same at the same time, without grants at first
 * and then with them: what one gets is not of the other.
 */
export async function askTogether(simulation: Simulation, random: Random): Promise<void> {
  const { world, slots } = simulation;
  const ofTenants = world.callers.filter(({ name }) => /^(?:manager|ann|ben) of /.test(name));
  const served = world.callers.filter(({ mayCarry }) => mayCarry.size > 0);
  for (let pair = 0; pair < PAIRS; pair += 1) {
    const slot = random.pick(slots);
    const [one, other] = random.shuffle(ofTenants);
    await askTwice(simulation, slot, "follow", [one, other]);
    await askTwice(simulation, random.pick(slots), "issue", random.shuffle(served).slice(0, 2));
  }
  const operators = world.callers.filter(({ name }) => name.endsWith("operator"));
  for (const slot of slots) {
    for (const kind of ["read", "list", "follow", "issue"] as const) {
      await askTwice(simulation, slot, kind, random.shuffle(operators));
    }
  }
}

async function askTwice(
  simulation: Simulation,
  slot: Slot,
  kind: "read" | "list" | "follow" | "issue",
  callers: readonly (Caller | undefined)[],
): Promise<void> {
  for (const _ of ["cold", "warm"]) {
    await Promise.all(
      callers.map((caller) => {
        if (caller === undefined) {
          throw new Error("The world lacks those who ask together.");
        }
        return simulation.perform(slot, caller, () => orderAsk(simulation, kind, caller));
      }),
    );
  }
}

/** On an order of the caller's own tenant, or on any for who has none. */
function orderAsk(
  { ledger, world }: Simulation,
  kind: "read" | "list" | "follow" | "issue",
  { claims }: Caller,
): Ask {
  const orders = ledger
    .items()
    .filter(({ container, content }) => container === "orders" && content.type === "order");
  const own = orders.find(
    ({ content }) => world.marks.get(String(content.mark)) === tenantOwner(String(claims?.tid)),
  );
  const target = own ?? orders[0];
  if (target === undefined) {
    throw new Error("The world has no orders.");
  }
  return { do: kind, plan: planOf("Order"), target };
}

/** The world with two operators: two Cosmos users who want the same permissions. */
export function withSecondOperator(world: World): World {
  const operator = world.callers.find(({ name }) => name === "operator");
  if (operator?.claims === undefined) {
    throw new Error("The world has no operator.");
  }
  const name = "second operator";
  const second = { ...operator, name, claims: { ...operator.claims, sub: name } };
  return { ...world, callers: [...world.callers.filter((each) => each.name !== name), second] };
}
