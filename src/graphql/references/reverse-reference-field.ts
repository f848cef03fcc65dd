import { createHash } from "node:crypto";
import type { FieldNode, GraphQLResolveInfo } from "graphql";
import type { PartitionKeyValue } from "../../cosmos/partition-key.ts";
import type { Model, ModelField, ModelType, ReverseReference } from "../../model/model.ts";
import type { ApiField } from "../classes/api-class.ts";
import type { FindType } from "../classes/field-type.ts";
import type { OperationArguments } from "../classes/resolver-class.ts";
import { canonicalJson } from "../cursors/canonical-json.ts";
import { itemsCondition } from "../filters/items-condition.ts";
import {
  type ListInputs,
  listArguments,
  listComplexity,
  pageSizeOf,
} from "../filters/list-arguments.ts";
import { sortOf } from "../filters/sort-classes.ts";
import { toApiValue } from "../item-conversion.ts";
import { inPlaceOfMisfit, misfitOf } from "../misfits/misfit-ledger.ts";
import type { RequestContext } from "../request-context.ts";
import { selectedProperties } from "../selection/selected-properties.ts";
import { admitReferences } from "./reference-budget.ts";
import { listNullability } from "./reference-field.ts";
import { referringFault } from "./referring-fault.ts";
import { loadReferring, type ReferringList } from "./reverse-reference-loader.ts";

/**
 * What is alike for all owners of a list, and prepared once for them: a filter may be as long as a
 * request, and owners a thousand.
 */
interface PreparedList {
  readonly list: Omit<ReferringList, "given">;
  /** Tells lists apart that differ in anything but `given`. */
  readonly key: string;
}

/** A field that lists the items of another type that hold this item's id. */
export function reverseReferenceField(
  model: Model,
  ownerType: ModelType,
  reference: ReverseReference,
  lists: ListInputs,
  findType: FindType,
): ApiField {
  const { name, description, deprecationReason, fromField, nullable } = reference;
  const ownerName = ownerType.name;
  const target = model.types.get(reference.target);
  if (target === undefined) {
    throw new Error(`The model has no type "${reference.target}".`);
  }
  const prepare = (args: OperationArguments, info: GraphQLResolveInfo): PreparedList => {
    const list = {
      type: target,
      fromField,
      condition: itemsCondition({ model, type: target }, args.filter),
      sort: sortOf(target, args.orderBy),
      properties: selectedProperties(target, info.fieldNodes, info),
      first: pageSizeOf(args.first, lists.pageSize),
    };
    const text = canonicalJson([ownerName, name, args, list.properties ?? null]);
    return { list, key: createHash("sha256").update(text).digest("base64") };
  };
  // By the operation's nodes, which graphql-js gives all owners of a list alike.
  const prepared = new WeakMap<RequestContext, Map<readonly FieldNode[], PreparedList>>();
  return {
    name,
    description:
      description ??
      `The ${target.name} items whose \`${fromField.name}\` names this ${ownerName}.`,
    deprecationReason,
    type: () => [findType(target.name)],
    nullable: listNullability(nullable),
    complexity: listComplexity(lists.pageSize),
    arguments: listArguments(target.name, lists),
    async resolve(owner, context, args, info) {
      if (typeof owner.id !== "string") {
        throw new Error(`\`${name}\` needs the id of the ${ownerName}, which is missing here.`);
      }
      const fault = referringFault(model, reference.partitionKeyFields, owner);
      if (fault !== undefined) {
        const misfit = misfitOf(ownerType, owner, fault);
        return inPlaceOfMisfit(context, { ...misfit, mayBeNull: nullable });
      }
      const known = prepared.get(context) ?? new Map<readonly FieldNode[], PreparedList>();
      prepared.set(context, known);
      const { list, key } = known.get(info.fieldNodes) ?? prepare(args, info);
      known.set(info.fieldNodes, { list, key });
      const given = target.partitionKey.map((_, level) => keyValueOf(owner, reference, level));
      const items = await loadReferring(context, { ...list, given }, key, owner.id);
      // As one item may have many owners, there may be far more to show than was read.
      admitReferences(context, 1 + items.length);
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
