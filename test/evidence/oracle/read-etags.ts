import type { ItemWrite, KeyValue, Operation } from "../../model/terms.ts";
import type { Etags } from "../workload/operation-arguments.ts";
import { STALE_ETAG } from "../workload/render-operation.ts";
import { planOf } from "../world/type-plans.ts";
import type { AccountReader } from "./account-reader.ts";

/**
 * Looks up what `ifMatch: "current"` of an operation stands for, just before it is asked. An item
 * that isn't there has no etag, and one that is stale for every item stands for it.
 */
export async function readEtags(operation: Operation, reader: AccountReader): Promise<Etags> {
  if (!("ifMatch" in operation) || operation.ifMatch !== "current") {
    return () => STALE_ETAG;
  }
  const { container } = planOf(operation.type);
  const id = "id" in operation ? operation.id : operation.input.id;
  const found = /[/\\#]|^\.{0,2}$/.test(id)
    ? undefined
    : await reader.readItem(container, partitionOf(operation), id);
  return () => found?.etag ?? STALE_ETAG;
}

/** The partition that a write names; the generator has them name one with `ifMatch`. */
function partitionOf(write: ItemWrite): readonly KeyValue[] {
  const { partitionKeyFields } = planOf(write.type);
  if ("input" in write) {
    // Inputs hold their partition-key fields, which are texts
    return partitionKeyFields.map((field) => write.input[field] as KeyValue);
  }
  return partitionKeyFields.map((field, level) =>
    field === "id" ? write.id : (write.partitionKey?.[level] ?? null),
  );
}
