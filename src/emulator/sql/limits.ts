import { plainQueryError } from "./query-error.ts";

/**
 * Longest text and largest array that a query may build: what one page of results may hold (4 MB).
 */
const MAX_CHARACTERS = 4_194_304;
const MAX_ELEMENTS = 1_000_000;

/** @throws CosmosError 400 for a text that grows too long. */
export function assertTextLength(length: number): void {
  if (length > MAX_CHARACTERS) {
    throw plainQueryError(`A text of the query is longer than ${MAX_CHARACTERS} characters.`);
  }
}

/** @throws CosmosError 400 for an array that grows too large. */
export function assertArrayLength(length: number): void {
  if (length > MAX_ELEMENTS) {
    throw plainQueryError(`An array of the query has more than ${MAX_ELEMENTS} elements.`);
  }
}

/**
 * Counts each part of a value as often as it is reached. Sub-queries can nest one value in itself
 * many times over: that takes little memory, and its text would never end.
 *
 * @throws CosmosError 400 for more than a million parts.
 */
export function assertValueSize(value: unknown): void {
  let parts = 0;
  const waiting: unknown[] = [value];
  while (waiting.length > 0) {
    const current = waiting.pop();
    parts += 1;
    if (parts > MAX_ELEMENTS) {
      throw plainQueryError(`A value of the query has more than ${MAX_ELEMENTS} parts.`);
    }
    if (typeof current === "object" && current !== null) {
      for (const part of Object.values(current)) {
        waiting.push(part);
      }
    }
  }
}
