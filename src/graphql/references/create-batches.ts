import type { RequestContext } from "../request-context.ts";

/** Batches of what a request's fields ask for, to be read together. */
export interface Batches<Batch> {
  /** The request's batch of that key which is still being gathered, or a new one. */
  join(context: RequestContext, key: string, create: () => Batch): Batch;
}

/**
 * GraphQL resolves a field of all rows of a list before it waits for any, so what is to be read
 * together is asked for in one go; the batches are closed and settled once that is over. `settle`
 * must not throw.
 */
export function createBatches<Batch>(
  settle: (context: RequestContext, batch: Batch) => Promise<void>,
): Batches<Batch> {
  const gathering = new WeakMap<RequestContext, Map<string, Batch>>();

  const startGathering = (context: RequestContext): Map<string, Batch> => {
    const batches = new Map<string, Batch>();
    gathering.set(context, batches);
    setImmediate(() => {
      gathering.delete(context);
      for (const batch of batches.values()) {
        void settle(context, batch);
      }
    });
    return batches;
  };

  return {
    join(context, key, create) {
      const batches = gathering.get(context) ?? startGathering(context);
      const batch = batches.get(key) ?? create();
      batches.set(key, batch);
      return batch;
    },
  };
}
