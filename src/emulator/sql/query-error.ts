import { CosmosError } from "../cosmos-error.ts";

/** Where in the query text, in UTF-16 units: `end` is exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * A fault of the query text, as the service's 400 says it. Codes: SC1… for the tokens and the
 * grammar, SC2… for names and meaning, SC3… for limits.
 */
export function queryError(code: string, message: string, span?: Span): CosmosError {
  const location = span && { location: { start: span.start, end: span.end } };
  const body = { errors: [{ severity: "Error", ...location, code, message }] };
  return new CosmosError(400, "BadRequest", `Message: ${JSON.stringify(body)}`);
}

/** A fault that the service reports as plain text, without code and place. */
export function plainQueryError(message: string, substatus = 0): CosmosError {
  const text = `Message: ${JSON.stringify({ Errors: [message] })}`;
  return new CosmosError(400, "BadRequest", text, { substatus });
}

/**
 * A feature of the query language that this emulator leaves out.
 */
export function notImplemented(feature: string): CosmosError {
  return new CosmosError(501, "NotImplemented", `This emulator does not implement ${feature}.`);
}
