import { type Operation, type Outcome, placeOf, type Store } from "../../model/terms.ts";
import type { Observed } from "../workload/observed.ts";
import type { AccountReader } from "./account-reader.ts";
import { canonical, type Difference } from "./judge.ts";

const READS: ReadonlySet<string> = new Set(["read", "list", "aggregate", "query", "viewer"]);

function isWrite(operation: Operation): boolean {
  return !READS.has(operation.do);
}

/**
 * Whether nobody can tell from the answer if a write was done: it failed, and the model would have
 * done it.
 */
export function isUncertain(operation: Operation, expected: Outcome, observed: Observed): boolean {
  return isWrite(operation) && "answer" in expected && observed.answer === undefined;
}

export interface Reconciled {
  /** What is stored, to go on with. */
  readonly store: Store;
  /** Something that is neither as before nor as after. */
  readonly difference?: Difference;
}

/**
 * Looks up what a write that failed has left behind: all of it or nothing. To be called while no
 * fault is set and nobody else writes there.
 *
 * @param before what was stored when the write was asked for.
 */
export async function reconcile(
  before: Store,
  expected: Outcome,
  reader: AccountReader,
): Promise<Reconciled> {
  if ("refused" in expected) {
    return { store: before };
  }
  const after = expected.store;
  const changed = [...new Set([...before.keys(), ...after.keys()])].filter(
    (place) => before.get(place) !== after.get(place),
  );
  const findings = await Promise.all(
    changed.map(async (place) => {
      const item = after.get(place) ?? before.get(place);
      if (item === undefined) {
        throw new Error(`A changed place with nothing in it: ${place}`);
      }
      const { container, partitionKey, content } = item;
      const found = await reader.readItem(container, partitionKey, content.id);
      const text = found === undefined ? undefined : canonical(found.content);
      const isAs = (store: Store) => {
        const stored = store.get(place);
        return text === (stored === undefined ? undefined : canonical(stored.content));
      };
      return { place, isDone: isAs(after), isUndone: isAs(before), text };
    }),
  );
  if (findings.every(({ isUndone }) => isUndone)) {
    return { store: before };
  }
  if (findings.every(({ isDone }) => isDone)) {
    return { store: after };
  }
  const places = findings.map(({ place, text }) => `${place}: ${text ?? "nothing"}`).join("; ");
  return {
    store: before,
    difference: { kind: "wrong store", detail: `neither done nor undone: ${places}` },
  };
}

/**
 * Compares everything that is stored with what the model has; the end of a run.
 *
 * @param containers each once or several times, as where several types share one.
 */
export async function compareStores(
  store: Store,
  containers: readonly { readonly id: string; readonly partitionKeyFields: readonly string[] }[],
  reader: AccountReader,
): Promise<readonly Difference[]> {
  const differences: Difference[] = [];
  const left = new Map(store);
  const keyFields = new Map(containers.map((one) => [one.id, one.partitionKeyFields]));
  for (const [container, partitionKeyFields] of keyFields) {
    for (const content of await reader.readAll(container)) {
      const key = partitionKeyFields.map((field) => content[field] ?? null);
      // What an item has as its partition key is one
      const place = placeOf(container, key as Parameters<typeof placeOf>[1], content.id);
      const expected = left.get(place);
      left.delete(place);
      if (expected === undefined || canonical(expected.content) !== canonical(content)) {
        const wanted = expected === undefined ? "nothing" : canonical(expected.content);
        const detail = `${place}: expected ${wanted}, found ${canonical(content)}`;
        differences.push({ kind: "wrong store", detail });
      }
    }
  }
  for (const place of left.keys()) {
    differences.push({ kind: "wrong store", detail: `${place} is missing` });
  }
  return differences;
}
