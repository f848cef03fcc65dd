import { planOf } from "../world/type-plans.ts";
import type { Ask } from "./operations.ts";
import type { Simulation } from "./simulation.ts";
import { pause, RECOVERY_MS } from "./storm.ts";
import { CALM } from "./wire.ts";

/**
 * A patch, a creation and a transaction, each once with its answer lost and once lost itself: it is
 * sent a single time. What became of it is said to be uncertain, or the closed books tell.
 */
export async function loseWrites(simulation: Simulation): Promise<void> {
  const { world, ledger, slots, traffic, wire, findings } = simulation;
  const [slot] = slots;
  const caller = world.callers.find(({ name }) => name === "manager of contoso");
  const plan = planOf("Order");
  const [target, other] = ledger
    .items()
    .filter(
      ({ container, partitionKey, content }) =>
        container === "orders" && partitionKey[0] === "contoso" && content.type === "order",
    );
  if (slot === undefined || caller === undefined || target === undefined || other === undefined) {
    throw new Error("The world lacks what writes are lost with.");
  }
  for (const lost of ["lostAnswers", "lostRequests"] as const) {
    const created = (number: number) => ({
      ...target,
      content: { ...target.content, id: `new-${number}`, tags: [] },
    });
    const writes: readonly ((number: number) => Ask)[] = [
      (number) => ({ do: "append", plan, target, stamp: `stamp-${number}` }),
      (number) => ({ do: "create", plan, target: created(number) }),
      (number) => ({ do: "transact", plan, target, other, stamp: `stamp-${number}` }),
    ];
    for (const write of writes) {
      simulation.calmFromMs = Number.POSITIVE_INFINITY;
      wire.conditions = { ...CALM, [lost]: 1, subjects: ["item"] };
      traffic.restart();
      await simulation.perform(slot, caller, write);
      const sent = traffic.sent().filter(({ subject }) => subject === "item");
      if (sent.length !== 1) {
        const what = sent[0] === undefined ? "write" : `${sent[0].method} ${sent[0].path}`;
        findings.add("write doubled", `${what} was sent ${sent.length} times, with ${lost}`);
      }
      wire.conditions = CALM;
      await pause(RECOVERY_MS);
      simulation.calmFromMs = Date.now();
      // The grants, and what the account says of itself, are there again.
      await simulation.perform(slot, caller, () => ({ do: "read", plan, target }));
    }
  }
}
