import type { RequestContext } from "../request-context.ts";

/** What is read by an id, and who waits for it. */
export interface Wanted<Result> {
  readonly id: string;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/** What a request's fields want by ids, and how what is wanted alike is told. */
interface Batch<Kind, Result> {
  readonly kind: Kind;
  readonly wanted: Wanted<Result>[];
}

/** How many ids one query names: the text of a query has a limit, and so has a page. */
const MAX_IDS_PER_QUERY = 200;

/**
 * GraphQL resolves a field of all rows of a list before it waits for any, so what is to be read
 * together is asked for in one go; the batches are closed and settled once that is over. `settle`
 * must not throw.
 *
 * Returns the function that asks for one: `key` tells kinds apart.
 */
export function createBatches<Kind, Result>(
  settle: (context: RequestContext, kind: Kind, wanted: readonly Wanted<Result>[]) => Promise<void>,
) {
  const gathering = new WeakMap<RequestContext, Map<string, Batch<Kind, Result>>>();

  const startGathering = (context: RequestContext): Map<string, Batch<Kind, Result>> => {
    const batches = new Map<string, Batch<Kind, Result>>();
    gathering.set(context, batches);
    setImmediate(() => {
      gathering.delete(context);
      for (const { kind, wanted } of batches.values()) {
        void settle(context, kind, wanted);
      }
    });
    return batches;
  };

  return (context: RequestContext, key: string, kind: Kind, id: string): Promise<Result> => {
    const batches = gathering.get(context) ?? startGathering(context);
    const batch = batches.get(key) ?? { kind, wanted: [] };
    batches.set(key, batch);
    return new Promise((resolve, reject) => {
      batch.wanted.push({ id, resolve, reject });
    });
  };
}

/** Ids in as many lists as there are queries to be sent for them. */
export function inChunks(ids: readonly string[]): readonly (readonly string[])[] {
  return Array.from({ length: Math.ceil(ids.length / MAX_IDS_PER_QUERY) }, (_, index) =>
    ids.slice(index * MAX_IDS_PER_QUERY, (index + 1) * MAX_IDS_PER_QUERY),
  );
}
