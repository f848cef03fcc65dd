import { CosmosError } from "../cosmos-error.ts";
import { isJsonObject } from "../http/request-body.ts";
import type { Json, JsonObject } from "../json.ts";

/** One operation of a patch; paths are taken apart. */
export type PatchOperation =
  | {
      readonly op: "add" | "set" | "replace";
      readonly path: readonly string[];
      readonly value: Json;
    }
  | { readonly op: "remove"; readonly path: readonly string[] }
  | { readonly op: "incr"; readonly path: readonly string[]; readonly value: number }
  | { readonly op: "move"; readonly path: readonly string[]; readonly from: readonly string[] };

export interface PatchRequest {
  readonly operations: readonly PatchOperation[];
  /** `from c where …`, its letters as they came; undefined: no condition. */
  readonly condition: string | undefined;
}

/**
 * Source: "There is a limit of 10 patch operations that can be added in a single patch
 * specification".
 */
const MAX_OPERATIONS = 10;

/** Properties that only the service writes. */
const SYSTEM_PROPERTIES: ReadonlySet<string> = new Set([
  "_rid",
  "_self",
  "_etag",
  "_attachments",
  "_ts",
]);

/**
 * Reads a patch: a list of operations, or `{"operations", "condition"}`.
 *
 * @throws CosmosError 400 for what the service refuses.
 */
export function readPatch(body: Json): PatchRequest {
  const operations = Array.isArray(body) ? body : isJsonObject(body) ? body.operations : undefined;
  const condition = isJsonObject(body) ? body.condition : undefined;
  if (!Array.isArray(operations) || operations.length === 0) {
    throw refuse("The patch request needs a list of operations.");
  }
  if (operations.length > MAX_OPERATIONS) {
    throw refuse(`The number of patch operations can't exceed '${MAX_OPERATIONS}'.`);
  }
  if (condition !== undefined && condition !== null && typeof condition !== "string") {
    throw refuse("The patch condition must be a text such as 'from c where c.a = 1'.");
  }
  return {
    operations: (operations as readonly Json[]).map(readOperation),
    condition: condition ?? undefined,
  };
}

function readOperation(operation: Json, index: number): PatchOperation {
  const where = `For Operation(${index + 1}):`;
  if (!isJsonObject(operation)) {
    throw refuse(`${where} an operation must be an object.`);
  }
  const op = typeof operation.op === "string" ? operation.op.toLowerCase() : "";
  const path = readPath(operation, "path", where);
  switch (op) {
    case "add":
    case "set":
    case "replace":
      return { op, path, value: requireValue(operation, where) };
    case "remove":
      return { op, path };
    case "incr":
    case "increment":
      return { op: "incr", path, value: requireNumber(operation, where) };
    case "move": {
      const from = readPath(operation, "from", where);
      if (from.length < path.length && from.every((name, level) => name === path[level])) {
        throw refuse(`${where} the path of a move can't lie below its from path.`);
      }
      return { op, path, from };
    }
    default:
      throw refuse(
        `${where} the operation '${op.slice(0, 50)}' is none of add, set, replace, remove, incr, move.`,
      );
  }
}

function readPath(operation: JsonObject, property: string, where: string): readonly string[] {
  const text = operation[property];
  if (typeof text !== "string" || !text.startsWith("/") || text.length < 2) {
    throw refuse(`${where} the ${property} must be a text that starts with '/'.`);
  }
  // JSON Pointer (RFC 6901): ~1 is a slash, ~0 a tilde
  const path = text
    .slice(1)
    .split("/")
    .map((name) => name.replaceAll("~1", "/").replaceAll("~0", "~"));
  const [first] = path;
  if (
    path.length === 1 &&
    first !== undefined &&
    (SYSTEM_PROPERTIES.has(first) || first === "id")
  ) {
    throw refuse(`${where} the property '${text}' can't be patched.`);
  }
  return path;
}

function requireValue(operation: JsonObject, where: string): Json {
  const { value } = operation;
  if (value === undefined) {
    throw refuse(`${where} the value is missing.`);
  }
  return value;
}

function requireNumber(operation: JsonObject, where: string): number {
  const value = requireValue(operation, where);
  if (typeof value !== "number") {
    throw refuse(`${where} the value of an increment must be a number.`);
  }
  return value;
}

function refuse(message: string): CosmosError {
  return new CosmosError(400, "BadRequest", message);
}
