import { CosmosError } from "../cosmos-error.ts";
import type { Json, JsonObject } from "../json.ts";
import type { CosmosRequest } from "./cosmos-request.ts";

/**
 * Deepest nesting of a JSON body. Source: "Max level of nesting for embedded objects / arrays:
 * 128", service limits.
 */
const MAX_DEPTH = 128;

const INVALID_CONTENT =
  "The input content is invalid: the request body is not valid JSON of the expected shape.";

const utf8 = new TextDecoder("utf-8", { fatal: true });

/**
 * The request's body as JSON.
 *
 * @throws CosmosError 400 if it is not UTF-8 JSON, nests too deeply or holds a number beyond a
 *   double.
 */
export function readJsonBody(request: CosmosRequest): Json {
  let value: Json;
  try {
    value = JSON.parse(utf8.decode(request.body)) as Json;
  } catch {
    throw new CosmosError(400, "BadRequest", INVALID_CONTENT);
  }
  check(value, 1);
  return value;
}

/**
 * The request's body as a JSON object.
 *
 * @throws CosmosError 400 for anything else.
 */
export function readJsonObject(request: CosmosRequest): JsonObject {
  const value = readJsonBody(request);
  if (!isJsonObject(value)) {
    throw new CosmosError(400, "BadRequest", INVALID_CONTENT);
  }
  return value;
}

export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function check(value: Json, depth: number): void {
  if (typeof value === "number" && !Number.isFinite(value)) {
    throw new CosmosError(400, "BadRequest", `${INVALID_CONTENT} A number is out of range.`);
  }
  if (typeof value !== "object" || value === null) {
    return;
  }
  if (depth > MAX_DEPTH) {
    throw new CosmosError(
      400,
      "BadRequest",
      `${INVALID_CONTENT} It nests deeper than ${MAX_DEPTH}.`,
    );
  }
  for (const child of Array.isArray(value) ? (value as readonly Json[]) : Object.values(value)) {
    check(child, depth + 1);
  }
}
