import type { ApolloServerPlugin } from "@apollo/server";
import type { GraphQLFormattedError } from "graphql";
import type { RequestContext } from "../request-context.ts";

/** Where answers have items that their own field has just written: by the field, or in its list. */
const written = new WeakMap<RequestContext, Set<string>>();

/** Notes that the root field of this name in the answer has written what it gives: an item or a list. */
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

/**
 * Marks the error of a write that was done but can't be shown with `written: true`, so that nobody
 * repeats it: where the item does not fit the model, or some field of it takes it along.
 */
export function writtenPlugin(): ApolloServerPlugin<RequestContext> {
  return {
    requestDidStart: async () => ({
      willSendResponse: async ({ response: { body }, contextValue }) => {
        const places = written.get(contextValue);
        if (body.kind === "single" && body.singleResult.errors && places !== undefined) {
          const { data, errors } = body.singleResult;
          body.singleResult.errors = errors.map((error) =>
            hidesWritten(error, data, places)
              ? { ...error, extensions: { ...error.extensions, written: true } }
              : error,
          );
        }
      },
    }),
  };
}

/** Whether there is null, because of this error, in the place of something that was written. */
function hidesWritten(
  { path = [] }: GraphQLFormattedError,
  data: unknown,
  places: ReadonlySet<string>,
): boolean {
  const [key, index] = path;
  if (key === undefined) {
    return false;
  }
  const field = valueAt(data, key);
  return (
    (places.has(placeName([key])) && field === null) ||
    (index !== undefined &&
      places.has(placeName([key, index])) &&
      (field === null || valueAt(field, index) === null))
  );
}

function valueAt(value: unknown, key: string | number): unknown {
  return typeof value === "object" && value !== null
    ? (value as Readonly<Record<string | number, unknown>>)[key]
    : undefined;
}

function placeName(path: readonly (string | number)[]): string {
  return JSON.stringify(path);
}
