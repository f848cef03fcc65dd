import { type Asked, isAllowed, type Scene, typeOf } from "./allowed.ts";
import { isOfType, matches } from "./matches.ts";
import { type Given, givenOf, isId, partitionOf } from "./places.ts";
import { Refusal } from "./refusal.ts";
import { errorsOf, show } from "./show.ts";
import type { Outcome, Patch, Store, StoredItem, Write } from "./terms.ts";
import { type ItemWrite, type Json, type KeyValue, type ModelType, placeOf } from "./terms.ts";

/** DESIGN §6, transaction: "at most 100". */
const MAX_OPERATIONS = 100;

/** A write of one item, or of several: all of them or none, in one partition. */
export function writeOf(write: Write, scene: Scene): Outcome {
  const { permissions, store: before } = scene;
  const type = typeOf(write.type, scene);
  const isBatch = write.do === "transact";
  const writes = isBatch ? write.operations : [write];
  const id = isBatch ? undefined : idOf(write);
  if (writes.length === 0) {
    return { answer: [], store: before };
  }
  const given = writes
    .map((one) => givenBy(type, one))
    .reduce(agreeing, givenOf(type, write.partitionKey, id));
  if (writes.length > MAX_OPERATIONS || writes.some((one) => isWrong(type, one))) {
    throw new Refusal("BAD_USER_INPUT", "NOT_FOUND", "FORBIDDEN");
  }
  const partitionKey = partitionOf(type, given, permissions, id);

  let store = before;
  // Each sees what those before it have written.
  const results = writes.map((one) => {
    const result = applyWrite(one, type, partitionKey, store, before);
    store = result.store;
    return result;
  });
  const asks = isBatch ? "batch" : (results[0]?.asks ?? "change");
  const mayWrite = isAllowed(asks, permissions, type, partitionKey, id);
  // DESIGN leaves open which fault is told where there are several. But what is stored may only be
  // told to those who may read it.
  const mayRead = isAllowed("read", permissions, type, partitionKey, id);
  const faults = mayRead ? results.flatMap(({ fault }) => fault ?? []) : [];
  if (!mayWrite || faults.length > 0) {
    throw new Refusal(...new Set([...(mayWrite ? [] : ["FORBIDDEN"]), ...faults]));
  }

  const shown = results.flatMap(({ item }) =>
    item ? show(type, [item], undefined, scene) : [{ value: id ?? null, codes: [] }],
  );
  const [first = null, ...others]: readonly Json[] = shown.map(({ value }) => value);
  return { answer: isBatch ? [first, ...others] : first, store, ...errorsOf(shown) };
}

function idOf(write: ItemWrite): string {
  return "id" in write ? write.id : write.input.id;
}

/** What a write itself says of its partition. */
function givenBy(type: ModelType, write: ItemWrite): Given {
  // Partition-key fields are of the types that a key can have.
  const keyOf = (field: string) => ("input" in write ? write.input[field] : undefined) as KeyValue;
  return givenOf(type, type.partitionKeyFields.map(keyOf), idOf(write));
}

/** A write stays in its partition: whatever names another one is refused. */
function agreeing(common: Given, given: Given): Given {
  return common.map((value, level) => {
    const other = given[level];
    if (value !== undefined && other !== undefined && value !== other) {
      throw new Refusal("BAD_USER_INPUT");
    }
    return value ?? other;
  });
}

/** An id that is none; a change of an item's id; a patch that takes what the type requires. */
function isWrong({ required }: ModelType, write: ItemWrite): boolean {
  if (write.do !== "patch") {
    return !isId(idOf(write)) || (write.do === "replace" && write.input.id !== write.id);
  }
  const { set = {}, unset = [] } = write.patch;
  const isTaken = (field: string) => set[field] === null || unset.includes(field);
  return !isId(write.id) || required.some(isTaken);
}

/** What a write comes to if its caller may do it. */
interface Written {
  /** Undefined for a delete, or where it failed. */
  readonly item?: StoredItem;
  readonly store: Store;
  /** What it asks of Cosmos DB. */
  readonly asks: Asked;
  /** The code of what is wrong with it over what is stored. */
  readonly fault?: string;
}

/**
 * One write in one partition, permissions aside.
 *
 * @param before what was stored when the caller took the item's etag: in a transaction an item that
 * was written by an earlier operation is not the one that `ifMatch: "current"` means.
 */
function applyWrite(
  write: ItemWrite,
  type: ModelType,
  partitionKey: readonly KeyValue[],
  store: Store,
  before: Store,
): Written {
  const { container, discriminator } = type;
  const place = placeOf(container, partitionKey, idOf(write));
  const stored = store.get(place);
  const own = stored !== undefined && isOfType(type, stored.content) ? stored : undefined;
  // An upsert that is bound to a version, or is over an item of a container with several types, is
  // sent as a replace (COSMOS-FACTS §18.14; the latter spares items of other types: a choice of the
  // implementation). So it asks for no more than a replace does.
  const isUpsert = write.do === "upsert" && write.ifMatch === undefined;
  const isOver = discriminator !== undefined && stored !== undefined;
  const asks = write.do === "create" || (isUpsert && !isOver) ? "create" : "change";
  const fault = faultOver(write, stored, own, before.get(place));
  if (fault !== undefined) {
    return { store, asks, fault };
  }
  const after = new Map(store);
  if (write.do === "delete") {
    after.delete(place);
    return { store: after, asks };
  }
  const content =
    write.do === "patch"
      ? own && patched(own.content, write.patch)
      : { ...write.input, ...(discriminator && { [discriminator.field]: discriminator.value }) };
  if (content === undefined) {
    return { store, asks, fault: "BAD_USER_INPUT" };
  }
  const item = { container, partitionKey, content };
  return { item, store: after.set(place, item), asks };
}

/** What is wrong with a write over what is stored, which is its `own` if it is of its type. */
function faultOver(
  write: ItemWrite,
  stored: StoredItem | undefined,
  own: StoredItem | undefined,
  before: StoredItem | undefined,
): string | undefined {
  if (write.do === "create" || (write.do === "upsert" && own !== stored)) {
    return stored && "CONFLICT";
  }
  if (own === undefined) {
    return write.do === "upsert" ? write.ifMatch && "PRECONDITION_FAILED" : "NOT_FOUND";
  }
  // A write makes another item, so that the same one is the same version.
  const isVersion = write.ifMatch === undefined || (write.ifMatch === "current" && own === before);
  const isFit = write.do !== "patch" || matches(own.content, write.condition);
  return isVersion && isFit ? undefined : "PRECONDITION_FAILED";
}

/**
 * The item after the patch; undefined where it can't be made: only numbers can be incremented, and
 * only lists be appended to. What isn't there counts as 0 or as an empty list.
 */
function patched(content: StoredItem["content"], patch: Patch): StoredItem["content"] | undefined {
  const after: Record<string, Json> & { id: string } = { ...content, ...patch.set };
  for (const [field, amount] of Object.entries(patch.increment ?? {})) {
    if (typeof (after[field] ?? 0) !== "number") {
      return undefined;
    }
    after[field] = Number(after[field] ?? 0) + amount;
  }
  for (const [field, elements] of Object.entries(patch.append ?? {})) {
    const before = after[field] ?? [];
    if (!Array.isArray(before)) {
      return undefined;
    }
    after[field] = [...before, ...elements];
  }
  for (const field of patch.unset ?? []) {
    delete after[field];
  }
  return after;
}
