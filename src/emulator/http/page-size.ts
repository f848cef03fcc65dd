import { CosmosError } from "../cosmos-error.ts";
import type { CosmosRequest } from "./cosmos-request.ts";

/**
 * Rows in a page where the client doesn't say. Source: default of `x-ms-max-item-count`, REST
 * reference.
 */
const DEFAULT_PAGE_SIZE = 100;

/** Rows in a page where the client leaves the size to the service with -1, and at most. */
const LARGEST_PAGE_SIZE = 1000;

/**
 * Most rows of a page, by the request's `x-ms-max-item-count`.
 *
 * @throws CosmosError 400 if that is no whole number above 0, or -1.
 */
export function pageSizeOf(request: CosmosRequest): number {
  const header = request.headers["x-ms-max-item-count"];
  if (header === undefined || header === "") {
    return DEFAULT_PAGE_SIZE;
  }
  const size = /^-?\d{1,10}$/.test(header) ? Number(header) : Number.NaN;
  if (!(size === -1 || size > 0)) {
    throw new CosmosError(
      400,
      "BadRequest",
      `Value '${header.slice(0, 100)}' specified for the header 'x-ms-max-item-count' is invalid.`,
    );
  }
  return size === -1 ? LARGEST_PAGE_SIZE : Math.min(size, LARGEST_PAGE_SIZE);
}
