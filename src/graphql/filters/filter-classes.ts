import type { FieldType, Model, ModelField } from "../../model/model.ts";
import { MODEL_SCALARS } from "../../model/model.ts";
import {
  type ApiClass,
  type ApiField,
  type ApiType,
  createInputClass,
} from "../classes/api-class.ts";
import { type FindType, namedType } from "../classes/field-type.ts";
import { API_SCALARS } from "../classes/scalars.ts";
import {
  type FilterOperator,
  LIST_OPERATORS,
  OBJECT_LIST_OPERATORS,
  valueOperators,
} from "./filter-operators.ts";

/** The filter input of each type, by the type's name. */
export interface FilterClasses {
  filterOf(typeName: string): ApiClass;
}

/** Makes `OrderFilter`, `StringFilter`, `StringListFilter` and so on for a model. */
export function createFilterClasses(model: Model, inputOf: FindType): FilterClasses {
  const byName = new Map<string, ApiClass>();
  const find = (name: string): ApiClass => {
    const found = byName.get(name);
    if (found === undefined) {
      throw new Error(`There is no filter "${name}".`);
    }
    return found;
  };
  const add = (name: string, description: string, fields: readonly ApiField[]) => {
    byName.set(name, createInputClass(name, description, fields));
  };

  const values: readonly Pick<FieldType, "kind" | "name">[] = [
    ...MODEL_SCALARS.map((name) => ({ kind: "scalar" as const, name })),
    ...[...model.enums.keys()].map((name) => ({ kind: "enum" as const, name })),
  ];
  for (const { kind, name } of values) {
    const type = () => namedType({ ...SINGLE, kind, name }, inputOf);
    add(
      `${name}Filter`,
      `Conditions on a value of type ${name}. All that are given must hold.`,
      operatorFields(valueOperators(kind, name), type),
    );
    add(
      `${name}ListFilter`,
      `Conditions on a list of ${name}. All that are given must hold.`,
      operatorFields(LIST_OPERATORS, type),
    );
  }
  const objects = [model.types, model.abstractTypes, model.embeddedTypes];
  for (const { name, fields } of objects.flatMap((types) => [...types.values()])) {
    const self = () => find(`${name}Filter`);
    add(
      `${name}Filter`,
      `Conditions on ${name}. All that are given must hold; \`{}\` fits everything.`,
      [...fields.flatMap((field) => filterField(field, find)), ...combinators(self)],
    );
  }
  for (const { name } of model.embeddedTypes.values()) {
    const element = () => find(`${name}Filter`);
    add(`${name}ListFilter`, `Conditions on a list of ${name}. All that are given must hold.`, [
      optional("some", "At least one element fulfils this.", element),
      optional("every", "Each element fulfils this; so does a list without elements.", element),
      optional("none", "No element fulfils this.", element),
      ...operatorFields(OBJECT_LIST_OPERATORS, element),
    ]);
  }
  return { filterOf: (typeName) => find(`${typeName}Filter`) };
}

const SINGLE = { listDepth: 0, nullable: true, nullableItems: false } as const;

/**
 * Nothing for a list of lists: there is no condition that Cosmos DB and GraphQL both can express.
 */
function filterField(field: ModelField, find: (name: string) => ApiClass): readonly ApiField[] {
  const { name, listDepth } = field.type;
  return listDepth > 1
    ? []
    : [
        optional(field.name, `Conditions on \`${field.name}\`.`, () =>
          find(listDepth === 1 ? `${name}ListFilter` : `${name}Filter`),
        ),
      ];
}

function combinators(self: () => ApiClass): readonly ApiField[] {
  return [
    optional("and", "All of these hold. An empty list fits everything.", () => [self()]),
    optional("or", "At least one of these holds. An empty list fits nothing.", () => [self()]),
    optional("not", "This does not hold.", self),
  ];
}

function operatorFields(
  operators: Readonly<Record<string, FilterOperator>>,
  value: () => ApiType,
): readonly ApiField[] {
  return Object.entries(operators).map(([name, { takes, description }]) =>
    optional(name, description, () => {
      switch (takes) {
        case "value":
          return value();
        case "values":
          return [value()];
        case "boolean":
          return API_SCALARS.Boolean;
        case "text":
          return API_SCALARS.String;
      }
    }),
  );
}

function optional(name: string, description: string, type: ApiField["type"]): ApiField {
  return { name, description, type, nullable: true };
}
