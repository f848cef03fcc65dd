import type { CosmosResponse } from "./cosmos-request.ts";

/** Request units, two decimals, as `x-ms-request-charge` writes them. */
export function chargeHeader(requestUnits: number): Readonly<Record<string, string>> {
  return { "x-ms-request-charge": String(Math.round(requestUnits * 100) / 100) };
}

/** An answer with a body. */
export function jsonResponse(
  status: number,
  requestUnits: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): CosmosResponse {
  return { status, headers: { ...chargeHeader(requestUnits), ...headers }, body };
}

/** An answer without one: 204 or 304. */
export function emptyResponse(
  status: number,
  requestUnits: number,
  headers: Readonly<Record<string, string>> = {},
): CosmosResponse {
  return { status, headers: { ...chargeHeader(requestUnits), ...headers } };
}
