import { operationNames } from "../../../src/model/operation-names.ts";
import type { Json, StoredItem } from "../../model/terms.ts";
import type { Random } from "../random.ts";
import type { Caller } from "../world/callers.ts";
import type { World } from "../world/create-world.ts";
import { makeItem, storedItem } from "../world/seed-items.ts";
import { planOf, TYPE_PLANS, type TypePlan } from "../world/type-plans.ts";

/**
 * What a simulated caller asks for. `stamp` is unique to the operation; `follow` is a list of orders,
 * each with its customer; `issue` asks for the caller's tokens, and is about no item.
 */
export type Ask = { readonly plan: TypePlan } & (
  | {
      readonly do: "read" | "list" | "follow" | "create" | "delete" | "issue";
      readonly target: StoredItem;
    }
  | { readonly do: "append"; readonly target: StoredItem; readonly stamp: string }
  | {
      readonly do: "transact";
      readonly target: StoredItem;
      readonly other: StoredItem;
      readonly stamp: string;
    }
);

/** Types whose items have a list of texts to append stamps to. */
const STAMPED = TYPE_PLANS.filter(({ fields }) => fields.some(({ name }) => name === "tags"));

/**
 * An operation of a caller on one partition: mostly one that the caller may see, at times any.
 *
 * @param items what was stored at the beginning and what was created since.
 */
export function nextAsk(
  world: World,
  items: readonly StoredItem[],
  caller: Caller,
  number: number,
  random: Random,
): Ask {
  const own = items.filter(({ content }) => {
    const owner = world.marks.get(String(content.mark));
    return owner !== undefined && caller.mayCarry.has(owner);
  });
  const target = random.pick(random.chance(0.8) && own.length > 0 ? own : items);
  const plan = planOfItem(target);
  const stamp = `stamp-${number}`;
  const canStamp = STAMPED.includes(plan);
  const wish = random.int(1, 100);
  if (!canStamp || wish <= 35) {
    return { do: "read", plan, target };
  }
  if (wish <= 50) {
    return { do: plan.name === "Order" && random.chance(0.5) ? "follow" : "list", plan, target };
  }
  if (wish <= 75) {
    return { do: "append", plan, target, stamp };
  }
  if (wish <= 83) {
    const neighbours = items.filter(
      (item) => item !== target && planOfItem(item) === plan && isSamePartition(item, target),
    );
    return neighbours.length === 0
      ? { do: "append", plan, target, stamp }
      : { do: "transact", plan, target, other: random.pick(neighbours), stamp };
  }
  if (wish <= 95 || !target.content.id.startsWith("new-")) {
    const key = Object.fromEntries(
      plan.partitionKeyFields.map((field) => [field, target.content[field] ?? null]),
    );
    const fixed = { ...key, id: `new-${number}`, tags: [] };
    const content = makeItem(plan, fixed, String(target.content.mark), random);
    return { do: "create", plan, target: storedItem(plan, content) };
  }
  return { do: "delete", plan, target };
}

export interface Rendered {
  readonly query: string;
  readonly variables: Readonly<Record<string, Json>>;
}

/** The operation in GraphQL, with the root field `answer`. */
export function renderAsk(ask: Ask): Rendered {
  const { plan, target } = ask;
  const names = operationNames(plan.name);
  const key = plan.partitionKeyFields
    .filter((field) => field !== "id")
    .map((field) => `${field}: ${JSON.stringify(target.content[field])}`)
    .join(", ");
  const place = [`id: ${JSON.stringify(target.content.id)}`, key].filter(Boolean).join(", ");
  const fields = STAMPED.includes(plan) ? "id mark tags _etag" : "id mark _etag";
  switch (ask.do) {
    case "read":
      return { query: `{ answer: ${names.pointRead}(${place}) { ${fields} } }`, variables: {} };
    case "list":
      return {
        query: `{ answer: ${names.list}(${key}, first: 1000) { nodes { ${fields} } } }`,
        variables: {},
      };
    case "follow":
      return {
        query: `{ answer: ${names.list}(${key}, first: 1000) {
          nodes { ${fields} customerId customerTenantId customer { id tenantId mark } }
        } }`,
        variables: {},
      };
    case "issue":
      return {
        query: "mutation { issueResourceTokens { container partitionKey item mode token } }",
        variables: {},
      };
    case "create": {
      const { type: _, ...input } = target.content;
      return {
        query: `mutation ($input: ${plan.name}Input!) {
          answer: ${names.create}(input: $input) { ${fields} }
        }`,
        variables: { input },
      };
    }
    case "append":
      return {
        query: `mutation {
          answer: ${names.patch}(${place}, patch: { append: { tags: ["${ask.stamp}"] } }) { ${fields} }
        }`,
        variables: {},
      };
    case "transact": {
      const operations = [target, ask.other].map(({ content }) => ({
        patch: { id: content.id, patch: { append: { tags: [ask.stamp] } } },
      }));
      return {
        query: `mutation ($operations: [${plan.name}Operation!]!) {
          answer: ${names.transact}(operations: $operations, ${key}) { ${fields} }
        }`,
        variables: { operations },
      };
    }
    case "delete":
      return { query: `mutation { answer: ${names.delete}(${place}) }`, variables: {} };
  }
}

export function isSamePartition(left: StoredItem, right: StoredItem): boolean {
  return (
    left.container === right.container &&
    JSON.stringify(left.partitionKey) === JSON.stringify(right.partitionKey)
  );
}

/** The type that an item is of: by its container, and by its discriminator where there is one. */
export function planOfItem({ container, content }: StoredItem): TypePlan {
  const plan = TYPE_PLANS.find(
    (each) =>
      each.container === container &&
      (each.discriminator === undefined ||
        content[each.discriminator.field] === each.discriminator.value),
  );
  return plan ?? planOf("Order");
}
