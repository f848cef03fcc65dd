import { registerEnumType } from "type-graphql";
import type { GroupKey } from "../../items/queries/group-items.ts";
import type { ModelField, ModelType } from "../../model/model.ts";
import { type ApiField, createObjectClass, REQUEST_COMPLEXITY } from "../classes/api-class.ts";
import { type FindType, namedType } from "../classes/field-type.ts";

export interface GroupByOptions {
  readonly type: ModelType;
  readonly findType: FindType;
  /** `count`, `sum`, `average`, `min` and `max`. */
  readonly numbers: readonly ApiField[];
  readonly maxGroups: number;
}

/**
 * `groupBy(fields: [OrderGroupField!]!): [OrderGroup!]!` of `OrderAggregate`, with `OrderGroupKey`.
 * Nothing for a type with no property to group by.
 */
export function groupByFields(options: GroupByOptions): readonly ApiField[] {
  const { type, findType, numbers, maxGroups } = options;
  const fields = groupableFields(type);
  if (fields.length === 0) {
    return [];
  }
  const groupField = createGroupField(type, fields);
  const key = createObjectClass(
    `${type.name}GroupKey`,
    `What the ${type.name} items of a group have in common.`,
    fields.map((field) => ({
      name: field.name,
      description: `The group's \`${field.name}\`. Null where the items have none, and where they aren't grouped by it.`,
      type: () => namedType(field.type, findType),
      nullable: true,
    })),
  );
  const group = createObjectClass(
    `${type.name}Group`,
    `Numbers about the ${type.name} items with one key.`,
    [{ name: "key", description: "What these items have in common.", type: () => key }, ...numbers],
  );
  return [
    {
      name: "groupBy",
      description: `The same numbers for each group of items, ordered by key. More than ${maxGroups} groups are BAD_USER_INPUT.`,
      type: () => [group],
      complexity: REQUEST_COMPLEXITY,
      arguments: [
        {
          name: "fields",
          description: "What to group by: items with equal values there are one group.",
          type: () => [groupField],
        },
      ],
    },
  ];
}

/** `OrderGroupField`, whose values are called as the fields are. */
function createGroupField(type: ModelType, fields: readonly ModelField[]): object {
  const groupField = Object.fromEntries(fields.map(({ name }) => [name, name]));
  registerEnumType(groupField, {
    name: `${type.name}GroupField`,
    description: `A property that ${type.name} items can be grouped by.`,
    valuesConfig: Object.fromEntries(
      fields.map((field) => [
        field.name,
        {
          description: `Group by \`${field.name}\`.`,
          ...(field.deprecationReason === undefined
            ? {}
            : { deprecationReason: field.deprecationReason }),
        },
      ]),
    ),
  });
  return groupField;
}

/** Where items may have equal values: single ones, and not the id. */
export function groupableFields(type: ModelType): readonly ModelField[] {
  return type.fields.filter(
    (field) =>
      field.type.kind !== "embedded" &&
      field.type.listDepth === 0 &&
      field.type.name !== "JSON" &&
      field.name !== "id" &&
      !LITERALS.includes(field.name),
  );
}

/** What no enum value may be called, as GraphQL keeps it for literals. */
const LITERALS: readonly string[] = ["true", "false", "null"];

/** The JSON type of a field's values. */
export function groupKeyType(field: ModelField): GroupKey["type"] {
  if (field.type.kind === "scalar" && NUMBER_SCALARS.includes(field.type.name)) {
    return "number";
  }
  return field.type.name === "Boolean" ? "boolean" : "string";
}

const NUMBER_SCALARS: readonly string[] = ["Int", "Float", "BigInt", "Long"];
