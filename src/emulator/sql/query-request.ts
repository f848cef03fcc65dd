import { CosmosError } from "../cosmos-error.ts";
import type { CosmosRequest } from "../http/cosmos-request.ts";
import { isJsonObject, readJsonBody } from "../http/request-body.ts";
import type { Json } from "../json.ts";
import type { QueryParameter } from "./compile-query.ts";

/** A query as a request's body carries it. */
export interface QueryText {
  readonly query: string;
  readonly parameters: readonly QueryParameter[];
}

/**
 * Reads `{"query", "parameters"}`, or a bare JSON string.
 *
 * @throws CosmosError 400 for anything else.
 */
export function readQuery(request: CosmosRequest): QueryText {
  const body = readJsonBody(request);
  if (typeof body === "string") {
    return { query: body, parameters: [] };
  }
  if (!isJsonObject(body) || typeof body.query !== "string") {
    throw invalid("The query text is missing.");
  }
  const parameters = body.parameters ?? [];
  if (!Array.isArray(parameters)) {
    throw invalid("The query's parameters must be a list.");
  }
  return {
    query: body.query,
    parameters: (parameters as readonly Json[]).map(readParameter),
  };
}

function readParameter(parameter: Json): QueryParameter {
  if (!isJsonObject(parameter) || typeof parameter.name !== "string") {
    throw invalid("Each of the query's parameters needs a name.");
  }
  // The SDK drops `value` from the JSON where it is undefined: null is what the service then takes
  return { name: parameter.name, value: parameter.value ?? null };
}

function invalid(message: string): CosmosError {
  return new CosmosError(400, "BadRequest", message);
}
