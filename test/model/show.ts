import { itemsById, type Scene, typeOf } from "./allowed.ts";
import { givenOf, isId, isOnContainer, placesOf } from "./places.ts";
import { attempt, Refusal } from "./refusal.ts";
import type { Json, KeyValue, ModelType, Reference, StoredItem } from "./terms.ts";

/** What stands in an item's place, and the codes of the errors that are about it. */
export interface Shown {
  readonly value: Json;
  readonly codes: readonly string[];
}

/** Items of a type as the API shows them, with what a reference gives, if one is followed. */
export function show(
  type: ModelType,
  items: readonly StoredItem[],
  name: string | undefined,
  scene: Scene,
): readonly Shown[] {
  const fits = ({ content }: StoredItem) =>
    type.required.every((field) => (content[field] ?? null) !== null);
  const reference = name === undefined ? undefined : type.references[name];
  const targets = reference && follow(reference, items.filter(fits), scene);
  return items.map((item) => {
    if (!fits(item)) {
      return { value: null, codes: ["ITEM_MISFIT"] };
    }
    const fields = type.fields.map((field) => [field, item.content[field] ?? null] as const);
    const { value, codes } = targets?.get(item) ?? NOTHING;
    return { value: Object.fromEntries(name ? [...fields, [name, value]] : fields), codes };
  });
}

const NOTHING: Shown = { value: null, codes: [] };

/** What a reference gives, by the item that it starts from. An id that leads nowhere gives none. */
function follow(
  reference: Reference,
  owners: readonly StoredItem[],
  scene: Scene,
): ReadonlyMap<StoredItem, Shown> {
  const type = typeOf(reference.type, scene);
  const found = new Map<StoredItem, Shown>();
  const idOf = ({ content }: StoredItem) => String(content[reference.id] ?? "");
  // Fields of the types that a partition key can have.
  const keyOf = ({ content }: StoredItem) =>
    reference.partitionKey.map((field) => content[field] as KeyValue);
  const naming = owners.filter((owner) => isId(idOf(owner)));
  const isOnWhole = scene.permissions.some(
    (permission) => permission.container === type.container && isOnContainer(permission),
  );
  // Where the id is a level of the partition key, each is in another partition.
  const isApart = type.partitionKeyFields.includes("id") && !isOnWhole;
  const batchOf = (owner: StoredItem) => [keyOf(owner), isApart ? idOf(owner) : ""] as const;
  // Those that are loaded together are refused together, and nothing else is.
  for (const [batch, group] of Map.groupBy(naming, (owner) => JSON.stringify(batchOf(owner)))) {
    const [key] = JSON.parse(batch) as ReturnType<typeof batchOf>;
    const ids = [...new Set(group.map(idOf))];
    const targets = attempt(() => targetsOf(type, key, ids, scene));
    for (const owner of group) {
      const [target, another] =
        targets instanceof Refusal
          ? []
          : targets.filter(({ content }) => content.id === idOf(owner));
      const shown = target && show(type, [target], undefined, scene)[0];
      const codes = targets instanceof Refusal ? targets.codes : another && ["BAD_USER_INPUT"];
      found.set(owner, codes ? { value: null, codes } : (shown ?? NOTHING));
    }
  }
  return found;
}

/** DESIGN §6: "loaded with one request per partition and batch, never one per row". */
function targetsOf(
  type: ModelType,
  key: readonly KeyValue[],
  ids: readonly string[],
  scene: Scene,
): readonly StoredItem[] {
  // One id may be what tells the partition.
  const id = ids.length === 1 ? ids[0] : undefined;
  return placesOf(type, givenOf(type, key, id), scene.permissions, id).flatMap((place) =>
    itemsById(type, place, ids, scene),
  );
}

export function errorsOf(shown: readonly Shown[]): { readonly errors?: readonly string[] } {
  const codes = new Set(shown.flatMap((one) => one.codes));
  return codes.size > 0 ? { errors: [...codes] } : {};
}
