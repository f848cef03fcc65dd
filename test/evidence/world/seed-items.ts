import type { Json, KeyValue, StoredItem } from "../../model/terms.ts";
import type { Random } from "../random.ts";
import {
  cartOwner,
  documentOwner,
  type MarkOwner,
  type Person,
  SHARED,
  settingOwner,
  tenantOwner,
  tenantSettingId,
  userSettingId,
} from "./callers.ts";
import type { Tenant } from "./tenants.ts";
import { type FieldKind, planOf, STATUSES, type TypePlan } from "./type-plans.ts";

/** Categories of the products, each a partition; the ids in them repeat. */
export const CATEGORIES: readonly string[] = ["desks", "chairs", "lamps & more", "42"];

/** Ids that a URL, a link or a query could misread. The same ones are in every partition. */
const ODD_IDS: readonly string[] = [
  "o 2",
  "o%2F3",
  `o"q'4`,
  "o?x=5",
  "ö€𝒳6",
  "o&a=b;7",
  "o+8",
  "docs:9",
];

const WORDS: readonly string[] = ["oak", "steel", "ash", "linen", "ünder", "it's", `"q"`, "50%"];

/** Ids of one type in one partition, the same ones in each: `o1`, `o2` and so on. */
function idsOf({ name }: TypePlan, count: number): readonly string[] {
  const letter = name.charAt(0).toLowerCase();
  return Array.from({ length: count }, (_, index) => `${letter}${index + 1}`);
}

/** A value of a field; texts hold the mark, so that no part of an item is without it. */
export function fieldValue(kind: FieldKind, mark: string, random: Random): Json {
  switch (kind) {
    case "id":
      return `o${random.int(1, 9)}`;
    case "text":
      return `${random.pick(WORDS)} ${mark} ${random.int(0, 9)}`;
    case "int":
      return random.int(-3, 20);
    case "float":
      // Quarters, so that sums are exact in any order
      return random.int(0, 400) / 4;
    case "flag":
      return random.chance(0.5);
    case "status":
      return random.pick(STATUSES);
    case "dateTime":
      return `2026-0${random.int(1, 9)}-1${random.int(0, 9)}T0${random.int(0, 9)}:30:00Z`;
    case "texts":
      return [`tag-${random.int(1, 4)}`, ...(random.chance(0.7) ? [mark] : [])];
    case "lines":
      return Array.from({ length: random.int(0, 2) }, () => ({
        sku: `p${random.int(1, 5)}`,
        quantity: random.int(1, 9),
        label: `Line ${mark}`,
      }));
  }
}

/** An item of a type, whole and fitting; `fixed` are the fields that are given. */
export function makeItem(
  plan: TypePlan,
  fixed: Readonly<Record<string, Json>> & { readonly id: string },
  mark: string,
  random: Random,
): StoredItem["content"] {
  const { discriminator } = plan;
  const content: Record<string, Json> & { id: string } = { id: fixed.id };
  for (const { name, kind, isRequired } of plan.fields) {
    if (Object.hasOwn(fixed, name)) {
      content[name] = fixed[name] ?? null;
    } else if (isRequired || random.chance(0.8)) {
      content[name] = name === "mark" ? mark : fieldValue(kind, mark, random);
    }
  }
  return {
    ...content,
    ...(discriminator === undefined ? {} : { [discriminator.field]: discriminator.value }),
  };
}

/** Where an item of this type and content lies. */
export function storedItem(plan: TypePlan, content: StoredItem["content"]): StoredItem {
  return {
    container: plan.container,
    // Partition-key fields are required, and of types that a key can have
    partitionKey: plan.partitionKeyFields.map((field) => content[field] as KeyValue),
    content,
  };
}

export interface SeedOptions {
  readonly tenants: readonly Tenant[];
  readonly persons: readonly Person[];
  readonly itemsPerPartition: number;
  readonly markOf: (owner: MarkOwner) => string;
}

/** All items of a world: the same ids in every partition, and only the marks tell them apart. */
export function seedItems(options: SeedOptions, random: Random): readonly StoredItem[] {
  const { tenants, persons, itemsPerPartition: count, markOf } = options;
  const fill = (
    typeName: string,
    owner: MarkOwner,
    fixed: Readonly<Record<string, Json>>,
    ids: readonly string[] = idsOf(planOf(typeName), count),
  ): readonly StoredItem[] => {
    const plan = planOf(typeName);
    return ids.map((id) =>
      storedItem(plan, makeItem(plan, { ...fixed, id }, markOf(owner), random)),
    );
  };
  const odd = () => random.shuffle(ODD_IDS).slice(0, 2);
  return [
    ...tenants.flatMap(({ id: tenantId }) => {
      const owner = tenantOwner(tenantId);
      const orders = [...idsOf(planOf("Order"), count), ...odd()].flatMap((id) =>
        fill("Order", owner, { tenantId, ...customerOf(tenantId, options, random) }, [id]),
      );
      return [
        ...orders,
        ...idsOf(planOf("Note"), count).flatMap((id) =>
          fill("Note", owner, { tenantId, ...settingOf(tenantId, options, random) }, [id]),
        ),
        ...fill("Customer", owner, { tenantId }, [...idsOf(planOf("Customer"), count), ...odd()]),
        ...fill("Setting", settingOwner(tenantSettingId(tenantId)), {}, [
          tenantSettingId(tenantId),
        ]),
        ...misfits(fill("Order", owner, { tenantId, customerId: "c-misfit" }, ["o-misfit"])),
        ...misfits(fill("Customer", owner, { tenantId }, ["c-misfit"])),
      ];
    }),
    ...CATEGORIES.flatMap((category) => fill("Product", SHARED, { category })),
    ...persons.flatMap(({ tid, sub }) => [
      ...fill("Cart", cartOwner(sub), { ownerId: sub, ...productOf(random) }, ["cart", "c1"]),
      ...fill("Document", documentOwner(tid, sub), { tenantId: tid, userId: sub }),
      ...fill("Setting", settingOwner(userSettingId(sub)), {}, [userSettingId(sub)]),
    ]),
  ];
}

/** Mostly a customer of the same tenant, at times one of another, at times none. */
export function customerOf(
  tenantId: string,
  { tenants, itemsPerPartition }: Pick<SeedOptions, "tenants" | "itemsPerPartition">,
  random: Random,
) {
  return {
    customerId: `c${random.int(1, itemsPerPartition + 1)}`,
    customerTenantId: random.chance(0.8) ? tenantId : random.pick(tenants).id,
  };
}

/** Mostly a setting of the same tenant; or of any person, who may be of another. */
export function settingOf(
  tenantId: string,
  { persons }: Pick<SeedOptions, "persons">,
  random: Random,
) {
  return {
    settingId: random.chance(0.6)
      ? tenantSettingId(tenantId)
      : userSettingId(random.pick(persons).sub),
  };
}

export function productOf(random: Random) {
  return { productId: `p${random.int(1, 5)}`, productCategory: random.pick(CATEGORIES) };
}

/** Items that lack what their type requires, as items of an older version of a program do. */
function misfits(items: readonly StoredItem[]): readonly StoredItem[] {
  return items.map(({ content: { name: _, ...rest }, ...item }) => ({
    ...item,
    // Without the name it still has its id
    content: rest as StoredItem["content"],
  }));
}
