import type { RequestContext } from "../request-context.ts";

/** Where answers have items that their own field has just written: by the field, or in its list. */
const written = new WeakMap<RequestContext, Set<string>>();

/**
 * Notes that the root field of this name in the answer has written what it gives: an item or a
 * list.
 */
export function noteWritten(context: RequestContext, key: string | number, result: unknown): void {
  const places = written.get(context) ?? new Set();
  written.set(context, places);
  if (!Array.isArray(result)) {
    places.add(placeName([key]));
    return;
  }
  for (const [index, item] of result.entries()) {
    // An error or a null stands for what was not written.
    if (item !== null && !(item instanceof Error)) {
      places.add(placeName([key, index]));
    }
  }
}

/** Whether this place of the answer has an item that its own field has just written. */
export function isWrittenPlace(
  context: RequestContext,
  path: readonly (string | number)[],
): boolean {
  return written.get(context)?.has(placeName(path)) ?? false;
}

function placeName(path: readonly (string | number)[]): string {
  return JSON.stringify(path);
}
