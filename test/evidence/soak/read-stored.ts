import { CosmosClient } from "@azure/cosmos";
import type { Json, KeyValue } from "../../model/terms.ts";
import { ownerOf } from "../workload/next-target.ts";
import { SHARED, tenantOwner } from "../world/callers.ts";
import { DATABASE_ID, type World } from "../world/create-world.ts";
import { MARK_PATTERN } from "../world/tenants.ts";
import { TYPE_PLANS } from "../world/type-plans.ts";
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
 * Items that hold a mark of others than those whose partition they are in. What all callers may see
 * anyone may write into an own item, and a tenant's manager may write under the tenant's key.
 */
export function misplacedItems(
  { marks }: Pick<World, "marks">,
  stored: readonly StoredContent[],
): readonly string[] {
  return stored.flatMap(({ container, content }) => {
    const plan = TYPE_PLANS.find((one) => one.container === container);
    if (plan === undefined) {
      return [`${container}: no container of the world`];
    }
    // They are texts or numbers, as all partition keys of the world
    const key = plan.partitionKeyFields.map((field) => content[field] as KeyValue);
    const [outer] = key;
    const writers = [
      ownerOf(plan, key),
      SHARED,
      ...(key.length > 1 ? [tenantOwner(String(outer))] : []),
    ];
    return [...JSON.stringify(content).matchAll(MARK_PATTERN)]
      .filter(([mark]) => ![undefined, ...writers].includes(marks.get(mark)))
      .map(([mark]) => `${container} ${JSON.stringify(key)}: a mark of ${marks.get(mark)}`);
  });
}
