import type { Model, ModelField, ReverseReference } from "../model/model.ts";
import type { PartitionKeyValue } from "../partition-key.ts";
import { type ApiField, REQUEST_COMPLEXITY } from "./api-class.ts";
import { canonicalJson } from "./canonical-json.ts";
import type { FindType } from "./field-type.ts";
import { toApiValue } from "./item-conversion.ts";
import { itemsCondition } from "./items-condition.ts";
import { type ListInputs, listArguments, pageSizeOf } from "./list-arguments.ts";
import { loadReferring } from "./reverse-reference-loader.ts";
import { selectedProperties } from "./selected-properties.ts";
import { sortOf } from "./sort-classes.ts";

/** A field that lists the items of another type that hold this item's id. */
export function reverseReferenceField(
  model: Model,
  ownerName: string,
  reference: ReverseReference,
  lists: ListInputs,
  findType: FindType,
): ApiField {
  const { name, description, deprecationReason, fromField, nullable } = reference;
  const target = model.types.get(reference.target);
  if (target === undefined) {
    throw new Error(`The model has no type "${reference.target}".`);
  }
  return {
    name,
    description:
      description ??
      `The ${target.name} items whose \`${fromField.name}\` names this ${ownerName}.`,
    deprecationReason,
    type: () => [findType(target.name)],
    nullable,
    complexity: REQUEST_COMPLEXITY,
    arguments: listArguments(target.name, lists),
    async resolve(owner, context, args, info) {
      const list = {
        type: target,
        fromField,
        given: target.partitionKey.map((_, level) => keyValueOf(owner, reference, level)),
        condition: itemsCondition({ model, type: target }, args.filter),
        sort: sortOf(target, args.orderBy),
        properties: selectedProperties(target, info.fieldNodes, info),
        first: pageSizeOf(args.first, lists.pageSize),
      };
      const key = canonicalJson([ownerName, name, args, list.properties ?? null]);
      const items = await loadReferring(context, list, key, String(owner.id));
      return items.map((item) => toApiValue(model, target, item));
    },
  };
}

function keyValueOf(
  owner: Readonly<Record<string, unknown>>,
  { partitionKeyFields }: ReverseReference,
  level: number,
): PartitionKeyValue | undefined {
  const field: ModelField | undefined = partitionKeyFields[level];
  // The model has checked that the field is of the partition key's type.
  return (field && (owner[field.name] ?? undefined)) as PartitionKeyValue | undefined;
}
