import { Refusal } from "./refusal.ts";
import type { KeyValue, ModelType, Permission } from "./terms.ts";

/**
 * Where to look: a partition by all levels of its key, several by outer levels alone, or by none
 * the whole container.
 */
export type Place = readonly KeyValue[];

/** What is known of a partition key: a value a level, undefined where the arguments give none. */
export type Given = readonly (KeyValue | undefined)[];

/** The arguments of an operation; a level whose field is `id` has none, and the item's id tells. */
export function givenOf(
  { partitionKeyFields }: ModelType,
  partitionKey: readonly KeyValue[] | undefined,
  id?: string,
): Given {
  // A null counts as an argument that is left out.
  return partitionKeyFields.map((field, level) =>
    field === "id" ? id : (partitionKey?.[level] ?? undefined),
  );
}

/**
 * Where an operation looks (DESIGN §6): in the partition that the arguments name, or else where the
 * caller's permissions are. Whether it may do there what it wants comes after.
 *
 * DESIGN doesn't say when it is FORBIDDEN and when BAD_USER_INPUT; that is the implementation's.
 *
 * @param id of the item that it is about; absent for lists.
 */
export function placesOf(
  type: ModelType,
  given: Given,
  permissions: readonly Permission[],
  id?: string,
): readonly Place[] {
  const usable = permissions.filter(
    ({ container, item }) => container === type.container && (item === undefined || item === id),
  );
  if (usable.length === 0) {
    throw new Refusal("FORBIDDEN");
  }
  const outer = beforeGap(given);
  if (outer.length === given.length) {
    return [outer];
  }
  if (usable.some(isOnContainer)) {
    if (given.slice(outer.length).some((value) => value !== undefined)) {
      throw new Refusal("BAD_USER_INPUT");
    }
    return [outer];
  }
  const keys = usable.flatMap(({ partitionKey }) =>
    partitionKey?.every((value, level) => [undefined, value].includes(given[level])) === true
      ? [[...partitionKey, ...beforeGap(given.slice(partitionKey.length))]]
      : [],
  );
  const places = [...new Map(keys.map((key) => [JSON.stringify(key), key])).values()];
  if (places.length === 0) {
    // A permission on the item itself doesn't tell its partition: the arguments have to.
    throw new Refusal(
      usable.some(({ item }) => item !== undefined) ? "BAD_USER_INPUT" : "FORBIDDEN",
    );
  }
  if (places.length > 1 && places.some((place) => place.length < given.length)) {
    throw new Refusal("BAD_USER_INPUT");
  }
  return places;
}

function beforeGap(given: Given): Place {
  const gap = given.indexOf(undefined);
  return given.filter(
    (value, level) => value !== undefined && (gap === -1 || level < gap),
  ) as Place;
}

/** The one partition of a write; where only some permissions allow writing, it is meant for those. */
export function partitionOf(
  type: ModelType,
  given: Given,
  permissions: readonly Permission[],
  id?: string,
): Place {
  const all = permissions.filter((one) => one.container === type.container && one.mode === "All");
  const [place, another] = placesOf(type, given, all.length > 0 ? all : permissions, id);
  if (place === undefined || another !== undefined || place.length < given.length) {
    throw new Refusal("BAD_USER_INPUT");
  }
  return place;
}

export function isOnContainer({ partitionKey, item }: Permission): boolean {
  return partitionKey === undefined && item === undefined;
}

/** COSMOS-FACTS §1.3, and what a URL would drop. An id that is none names no item. */
export function isId(id: string): boolean {
  return id.trim() !== "" && id !== "." && id !== ".." && !/[/\\#]/.test(id);
}
