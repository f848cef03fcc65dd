import { itemsById, queried, type Scene, typeOf } from "./allowed.ts";
import { compare, isOfType, matches } from "./matches.ts";
import { givenOf, isId, placesOf } from "./places.ts";
import { Refusal } from "./refusal.ts";
import { errorsOf, show } from "./show.ts";
import type { Json, ModelType, Outcome, Read, StoredItem } from "./terms.ts";

type Of<Kind extends Read["do"]> = Extract<Read, { readonly do: Kind }>;

export function readOf(operation: Of<"read">, scene: Scene): Outcome {
  const type = typeOf(operation.type, scene);
  const { id, reference } = operation;
  const given = givenOf(type, operation.partitionKey, id);
  const places = placesOf(type, given, scene.permissions, id);
  const found = isId(id) ? places.flatMap((place) => itemsById(type, place, [id], scene)) : [];
  if (found.length > 1) {
    // The same id in several partitions: the arguments have to tell which.
    throw new Refusal("BAD_USER_INPUT");
  }
  const shown = show(type, found, reference, scene);
  return { answer: shown[0]?.value ?? null, store: scene.store, ...errorsOf(shown) };
}

export function listOf(operation: Of<"list">, scene: Scene): Outcome {
  const type = typeOf(operation.type, scene);
  const { orderBy, pageSize, reference, withTotalCount } = operation;
  const sign = orderBy?.descending === true ? -1 : 1;
  const sortValue = ({ content }: StoredItem) => (orderBy ? content[orderBy.field] : null);
  const items = itemsOfType(type, operation, scene).toSorted(
    (left, right) => sign * compare(sortValue(left), sortValue(right)) || byPlace(left, right),
  );
  // References are loaded page by page: how many a page has decides how they are asked for.
  const pages = Array.from({ length: Math.ceil(items.length / pageSize) }, (_, page) =>
    items.slice(page * pageSize, (page + 1) * pageSize),
  );
  const shown = pages.flatMap((page) => show(type, page, reference, scene));
  const answer = {
    nodes: shown.map(({ value }) => value),
    ...(withTotalCount === true && { totalCount: items.length }),
  };
  return { answer, store: scene.store, ...errorsOf(shown) };
}

function byPlace(left: StoredItem, right: StoredItem): number {
  const keys = left.partitionKey.map((value, level) => compare(value, right.partitionKey[level]));
  return compare(left.content.id, right.content.id) || (keys.find((order) => order !== 0) ?? 0);
}

export function aggregateOf(operation: Of<"aggregate">, scene: Scene): Json {
  const items = itemsOfType(typeOf(operation.type, scene), operation, scene);
  const { field } = operation;
  if (field === undefined) {
    return { count: items.length };
  }
  const numbers = items
    .map(({ content }) => content[field])
    .filter((value) => typeof value === "number");
  return {
    count: items.length,
    sum: numbers.reduce((sum, number) => sum + number, 0),
    min: numbers.length === 0 ? null : Math.min(...numbers),
    max: numbers.length === 0 ? null : Math.max(...numbers),
  };
}

/** Raw SQL runs in the partition given, in the container, or in the only partition permitted. */
export function queryOf(operation: Of<"query">, scene: Scene): Json {
  const { partitionKey, filter } = operation;
  const type = typeOf(operation.type, scene);
  const [place, another] = partitionKey
    ? [partitionKey]
    : placesOf(type, givenOf(type, undefined), scene.permissions);
  if (place === undefined || another !== undefined) {
    throw new Refusal("BAD_USER_INPUT");
  }
  return queried(type, place, scene)
    .map(({ content }) => content)
    .filter((content) => matches(content, filter));
}

/** The type's own items that fit, wherever the caller is to look. */
function itemsOfType(
  type: ModelType,
  where: Of<"list"> | Of<"aggregate">,
  scene: Scene,
): readonly StoredItem[] {
  return placesOf(type, givenOf(type, where.partitionKey), scene.permissions)
    .flatMap((place) => queried(type, place, scene))
    .filter(({ content }) => isOfType(type, content) && matches(content, where.filter));
}
