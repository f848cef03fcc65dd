import type { ApolloServerPlugin } from "@apollo/server";
import type { GraphQLFormattedError } from "graphql";
import { isWrittenPlace } from "../misfits/written-places.ts";
import type { RequestContext } from "../request-context.ts";

/**
 * Marks the error of a write that was done but can't be shown with `written: true`, so that nobody
 * repeats it: where the item does not fit the model, or some field of it takes it along.
 */
export function writtenPlugin(): ApolloServerPlugin<RequestContext> {
  return {
    requestDidStart: async () => ({
      willSendResponse: async ({ response: { body }, contextValue }) => {
        if (body.kind === "single" && body.singleResult.errors) {
          const { data, errors } = body.singleResult;
          body.singleResult.errors = errors.map((error) =>
            hidesWritten(error, data, contextValue)
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
  context: RequestContext,
): boolean {
  const [key, index] = path;
  if (key === undefined) {
    return false;
  }
  const field = valueAt(data, key);
  return (
    (isWrittenPlace(context, [key]) && field === null) ||
    (index !== undefined &&
      isWrittenPlace(context, [key, index]) &&
      (field === null || valueAt(field, index) === null))
  );
}

function valueAt(value: unknown, key: string | number): unknown {
  return typeof value === "object" && value !== null
    ? (value as Readonly<Record<string | number, unknown>>)[key]
    : undefined;
}
