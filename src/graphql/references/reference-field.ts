import type { PartitionKeyValue } from "../../cosmos/partition-key.ts";
import type { AbstractReference, Model, ModelReference, ModelType } from "../../model/model.ts";
import type { ApiField } from "../classes/api-class.ts";
import { REQUEST_COMPLEXITY } from "../classes/api-class.ts";
import type { FindType } from "../classes/field-type.ts";
import { toApiValue } from "../item-conversion.ts";
import { inPlaceOfMisfit, misfitOf } from "../misfits/misfit-ledger.ts";
import type { GivenPartitionKey } from "../partitions/partition-arguments.ts";
import type { RequestContext } from "../request-context.ts";
import { admitReferences } from "./reference-budget.ts";
import { loadReference } from "./reference-loader.ts";
import { referringFault } from "./referring-fault.ts";

type ApiValue = Readonly<Record<string, unknown>>;

/** A field that reads another item by the id that its own item holds. */
export function referenceField(
  model: Model,
  ownerType: ModelType,
  reference: ModelReference,
  findType: FindType,
): ApiField {
  const { name, target, isList, nullable } = reference;
  const what = isList
    ? `The ${target} items that \`${reference.idField.name}\` names.`
    : `The ${target} that \`${reference.idField.name}\` names, or null if there is none.`;
  return {
    name,
    description: reference.description ?? what,
    deprecationReason: reference.deprecationReason,
    type: () => (isList ? [findType(target)] : findType(target)),
    nullable: isList ? listNullability(nullable) : true,
    complexity: REQUEST_COMPLEXITY,
    resolve: async (owner, context) => {
      const fields = [reference.idField, ...reference.partitionKeyFields];
      const fault = referringFault(model, fields, owner);
      return fault === undefined
        ? resolveReference(model, reference, owner, context)
        : inPlaceOfMisfit(context, {
            ...misfitOf(ownerType, owner, fault),
            mayBeNull: !isList || nullable,
          });
    },
  };
}

/** A field of an interface whose types each read another item by it. */
export function abstractReferenceField(reference: AbstractReference, findType: FindType): ApiField {
  const { name, description, deprecationReason, target, isList, nullable } = reference;
  return {
    name,
    description:
      description ??
      `The ${target} ${isList ? "items that it refers to" : "that it refers to, or null if there is none"}.`,
    deprecationReason,
    type: () => (isList ? [findType(target)] : findType(target)),
    nullable: isList ? listNullability(nullable) : true,
    complexity: REQUEST_COMPLEXITY,
  };
}

async function resolveReference(
  model: Model,
  reference: ModelReference,
  owner: ApiValue,
  context: RequestContext,
): Promise<unknown> {
  const type = model.types.get(reference.target);
  const ids = owner[reference.idField.name] ?? null;
  if (type === undefined || ids === null) {
    return null;
  }
  const given: GivenPartitionKey =
    reference.partitionKeyFields.length === 0
      ? type.partitionKey.map(() => undefined)
      : // The model has checked that these fields are of the partition key's types.
        reference.partitionKeyFields.map(
          (field) => (owner[field.name] ?? undefined) as PartitionKeyValue | undefined,
        );
  const load = async (id: unknown) => {
    const item = id === null ? undefined : await loadReference(context, type, String(id), given);
    return item === undefined ? null : toApiValue(model, type, item);
  };
  if (!Array.isArray(ids)) {
    admitReferences(context, 1);
    return load(ids);
  }
  admitReferences(context, ids.length);
  // An error in an element's place is that element's alone.
  const found = await Promise.all(ids.map((id) => load(id).catch((error: unknown) => error)));
  return reference.nullableItems ? found : found.filter((value) => value !== null);
}

/**
 * The list is as the model says. Its elements may be null also where the model has no null for
 * items that are gone: one that doesn't fit must take none of the others.
 */
export function listNullability(nullable: boolean): "items" | "itemsAndList" {
  return nullable ? "itemsAndList" : "items";
}
