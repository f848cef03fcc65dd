import { accessOf } from "../../model/access.ts";
import { outcomeOf } from "../../model/operations.ts";
import type { Operation, Outcome, Store } from "../../model/terms.ts";
import type { Caller } from "../world/callers.ts";
import { DATABASE_ID, type World } from "../world/create-world.ts";

/** What the reference model says to an operation of a caller. */
export function expectOutcome(
  world: Pick<World, "profiles" | "types">,
  { claims }: Pick<Caller, "claims">,
  operation: Operation,
  store: Store,
): Outcome {
  const access = accessOf(world.profiles, claims, DATABASE_ID);
  return "refused" in access
    ? { refused: ["NO_ACCESS_PROFILE"] }
    : outcomeOf(operation, access.permissions, store, world.types);
}
