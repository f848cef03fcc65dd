import { CosmosClient } from "@azure/cosmos";
import { accessOf } from "../../model/access.ts";
import { isAllowed } from "../../model/allowed.ts";
import type { Json, KeyValue } from "../../model/terms.ts";
import { ownerOf } from "../workload/next-target.ts";
import type { Caller } from "../world/callers.ts";
import { DATABASE_ID, type World } from "../world/create-world.ts";
import { MARK_PATTERN } from "../world/tenants.ts";
import { TYPE_PLANS, type TypePlan } from "../world/type-plans.ts";
import type { RunningSoak } from "./start-soak.ts";
import type { StoredContent } from "./write-ledger.ts";

/** Everything that is stored, read with the account key and not through the gateway. */
export async function readStored({
  database,
  keyForAudit,
}: Pick<RunningSoak, "database" | "keyForAudit">): Promise<readonly StoredContent[]> {
  const client = new CosmosClient({ endpoint: database.endpoint, key: keyForAudit() });
  const containers = [...new Set(TYPE_PLANS.map(({ container }) => container))];
  const feeds = containers.map(async (container) => {
    const { resources } = await client
      .database(DATABASE_ID)
      .container(container)
      .items.readAll<Record<string, Json>>()
      .fetchAll();
    return resources.map((content) => ({ container, content }));
  });
  try {
    return (await Promise.all(feeds)).flat();
  } finally {
    client.dispose();
  }
}

/**
 * Items that hold a mark which nobody may see who may write there: somebody else must have written
 * it. An own mark may go wherever its owner may write, such as a tenant's into an own cart.
 */
export function misplacedItems(
  { marks, profiles, types }: Pick<World, "marks" | "profiles" | "types">,
  callers: readonly Caller[],
  stored: readonly StoredContent[],
): readonly string[] {
  const writers = callers.flatMap(({ claims, mayCarry }) => {
    const access = accessOf(profiles, claims, DATABASE_ID);
    return "refused" in access ? [] : [{ permissions: access.permissions, mayCarry }];
  });
  const markOwnersIn = remembered((plan: TypePlan, key: readonly KeyValue[], id: string) => {
    const type = types.find(({ name }) => name === plan.name);
    const those = writers.filter(
      ({ permissions }) =>
        type !== undefined &&
        (["create", "change"] as const).some((asked) =>
          isAllowed(asked, permissions, type, key, id),
        ),
    );
    return new Set([ownerOf(plan, key), ...those.flatMap(({ mayCarry }) => [...mayCarry])]);
  });
  return stored.flatMap(({ container, content }) => {
    const plan = TYPE_PLANS.find((one) => one.container === container);
    if (plan === undefined) {
      return [`${container}: no container of the world`];
    }
    // They are texts or numbers, as all partition keys of the world
    const key = plan.partitionKeyFields.map((field) => content[field] as KeyValue);
    const strange = [...JSON.stringify(content).matchAll(MARK_PATTERN)].flatMap(([mark]) => {
      const owner = marks.get(mark);
      return owner === undefined || markOwnersIn(plan, key, String(content.id)).has(owner)
        ? []
        : [owner];
    });
    return strange.map((owner) => `${container} ${JSON.stringify(key)}: a mark of ${owner}`);
  });
}

/** The same function, which finds out once for each place. */
function remembered<Result>(
  find: (plan: TypePlan, key: readonly KeyValue[], id: string) => Result,
): typeof find {
  const found = new Map<string, Result>();
  return (plan, key, id) => {
    // Permissions on an item are on settings alone
    const place = JSON.stringify([plan.name, key, plan.container === "settings" ? id : ""]);
    const known = found.get(place) ?? find(plan, key, id);
    found.set(place, known);
    return known;
  };
}
