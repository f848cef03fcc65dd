import { CosmosError } from "../cosmos-error.ts";
import { isJsonObject } from "../http/request-body.ts";
import type { Json, JsonObject } from "../json.ts";
import type { PatchOperation } from "./read-patch.ts";

/** Names on the way from an item to a value, or indexes where the way leads through an array. */
type Path = readonly string[];

/**
 * Applies patch operations one after the other and returns the new item; the given one stays as it
 * is. Source: "Partial document update in Azure Cosmos DB", supported operations.
 *
 * @throws CosmosError 400, naming the operation, for one that does not fit the item. Then none
 *   takes effect.
 */
export function patchedItem(item: JsonObject, operations: readonly PatchOperation[]): JsonObject {
  let patched: Json = item;
  operations.forEach((operation, index) => {
    patched = applyOperation(patched, operation, `For Operation(${index + 1}):`);
  });
  // The root is never a target, so it is still an object
  return patched as JsonObject;
}

function applyOperation(item: Json, operation: PatchOperation, where: string): Json {
  switch (operation.op) {
    case "add":
    case "set":
      return put(item, operation.path, operation.value, operation.op, where);
    case "replace":
      requireValue(item, operation.path, "Replace", where);
      return put(item, operation.path, operation.value, "set", where);
    case "remove":
      requireValue(item, operation.path, "Remove", where);
      return remove(item, operation.path, where);
    case "incr":
      return increment(item, operation.path, operation.value, where);
    case "move": {
      const moved = requireValue(item, operation.from, "Move", where);
      return put(remove(item, operation.from, where), operation.path, moved, "add", where);
    }
  }
}

function increment(item: Json, path: Path, by: number, where: string): Json {
  const present = valueAt(item, path);
  if (present !== undefined && typeof present !== "number") {
    throw refuse(where, `Increment Operation needs a number at path '${pathText(path)}'.`);
  }
  const sum = (present ?? 0) + by;
  if (!Number.isFinite(sum)) {
    // JSON has no such number, so that it can't be stored; what the service says is not known
    throw refuse(where, `Increment Operation leaves the range of numbers at '${pathText(path)}'.`);
  }
  return put(item, path, sum, "set", where);
}

/** `add` inserts into an array, `set` overwrites the element that is there. */
function put(item: Json, path: Path, value: Json, mode: "add" | "set", where: string): Json {
  return changeParent(item, path, where, (parent, name) => {
    if (isJsonObject(parent)) {
      return withProperty(parent, name, value);
    }
    const index = name === "-" ? parent.length : arrayIndex(name);
    if (index === undefined || index > parent.length) {
      throw refuse(
        where,
        `The array index '${name}' in path '${pathText(path)}' is out of bounds.`,
      );
    }
    const replaced = mode === "set" && name !== "-" ? 1 : 0;
    return [...parent.slice(0, index), value, ...parent.slice(index + replaced)];
  });
}

function remove(item: Json, path: Path, where: string): Json {
  return changeParent(item, path, where, (parent, name) =>
    isJsonObject(parent)
      ? Object.fromEntries(Object.entries(parent).filter(([property]) => property !== name))
      : parent.filter((_, index) => index !== arrayIndex(name)),
  );
}

/** Copies the way to a value's parent and puts what `change` makes of that parent at its end. */
function changeParent(
  value: Json,
  path: Path,
  where: string,
  change: (parent: JsonObject | readonly Json[], name: string) => Json,
  depth = 0,
): Json {
  const name = path[depth];
  if (name === undefined || typeof value !== "object" || value === null) {
    throw refuse(
      where,
      `An operation can only create a child of an existing node (array or object) and cannot create a path recursively, no path found beyond: '${pathText(path.slice(0, depth))}'.`,
    );
  }
  // An array is the only object here that isJsonObject refuses
  const node = value as JsonObject | readonly Json[];
  if (depth === path.length - 1) {
    return change(node, name);
  }
  const child = childOf(node, name);
  const changed = changeParent(child ?? null, path, where, change, depth + 1);
  return isJsonObject(node) ? withProperty(node, name, changed) : node.with(Number(name), changed);
}

function withProperty(object: JsonObject, name: string, value: Json): JsonObject {
  // Assigning to the name `__proto__` would set a prototype. In a literal it makes a property.
  return { ...object, [name]: value };
}

function requireValue(item: Json, path: Path, operation: string, where: string): Json {
  const value = valueAt(item, path);
  if (value === undefined) {
    throw refuse(
      where,
      `${operation} Operation can only be performed on an existing path, and '${pathText(path)}' does not exist.`,
    );
  }
  return value;
}

function valueAt(item: Json, path: Path): Json | undefined {
  let value: Json | undefined = item;
  for (const name of path) {
    if (typeof value !== "object" || value === null) {
      return undefined;
    }
    value = childOf(value as JsonObject | readonly Json[], name);
  }
  return value;
}

function childOf(node: JsonObject | readonly Json[], name: string): Json | undefined {
  if (isJsonObject(node)) {
    return Object.hasOwn(node, name) ? node[name] : undefined;
  }
  const index = arrayIndex(name);
  return index === undefined ? undefined : node[index];
}

function arrayIndex(name: string): number | undefined {
  return /^(0|[1-9]\d{0,8})$/.test(name) ? Number(name) : undefined;
}

function pathText(path: Path): string {
  return `/${path.join("/")}`;
}

function refuse(where: string, reason: string): CosmosError {
  return new CosmosError(
    400,
    "BadRequest",
    `${where} ${reason} Learn more: https://aka.ms/cosmosdbpatchdocs`,
  );
}
