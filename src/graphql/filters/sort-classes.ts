import { registerEnumType } from "type-graphql";
import { GatewayError } from "../../gateway-error.ts";
import type { Sort } from "../../items/sql/page-position.ts";
import type { Model, ModelField, QueriedType } from "../../model/model.ts";
import { type ApiClass, createInputClass } from "../classes/api-class.ts";

/** The sort key of each type, interface and union, by its name. */
export interface SortClasses {
  sortOf(typeName: string): ApiClass;
}

/** Makes `OrderOrderBy` and so on for a model. */
export function createSortClasses(model: Model): SortClasses {
  const direction = createSortDirection();
  const types = [...model.types.values(), ...model.abstractTypes.values()];
  const byName = new Map(types.map((type) => [type.name, createSortClass(type, direction)]));
  return {
    sortOf(typeName) {
      const found = byName.get(typeName);
      if (found === undefined) {
        throw new Error(`There is no sort key of "${typeName}".`);
      }
      return found;
    },
  };
}

function createSortDirection(): object {
  const direction = { ASC: "ASC", DESC: "DESC" };
  registerEnumType(direction, {
    name: "SortDirection",
    description: "Which way a list is ordered.",
    valuesConfig: {
      ASC: { description: "Smallest first. What is missing or null comes before everything." },
      DESC: { description: "Largest first. What is missing or null comes behind everything." },
    },
  });
  return direction;
}

/** `OrderOrderBy`: one sort key. */
function createSortClass(type: QueriedType, direction: object): ApiClass {
  return createInputClass(
    `${type.name}OrderBy`,
    `One property to order ${type.name} items by. Ordering by several takes a composite index on the container.`,
    sortableFields(type).map((field) => ({
      name: field.name,
      description: `Order by \`${field.name}\`.`,
      type: () => direction,
      nullable: true,
    })),
  );
}

/**
 * The order that an `orderBy` argument asks for. It always ends with the id, and what stands behind
 * the id changes nothing.
 *
 * @throws GatewayError BAD_USER_INPUT for an element that doesn't name exactly one field.
 */
export function sortOf(type: QueriedType, orderBy: unknown): Sort {
  // GraphQL has coerced the argument to a list of the type's sort inputs.
  const elements = (orderBy ?? []) as readonly Readonly<Record<string, "ASC" | "DESC" | null>>[];
  const keys: Sort["keys"][number][] = [];
  for (const element of elements) {
    const given = Object.entries(element).filter(([, direction]) => direction !== undefined);
    const [name, direction] = given[0] ?? [];
    const field = sortableFields(type).find((candidate) => candidate.name === name);
    if (
      given.length !== 1 ||
      field === undefined ||
      direction === null ||
      direction === undefined
    ) {
      throw new GatewayError(
        "BAD_USER_INPUT",
        "Each element of `orderBy` names one field, such as [{ status: ASC }, { total: DESC }].",
      );
    }
    if (field.name === "id") {
      return { keys, idDirection: direction };
    }
    if (!keys.some(({ path }) => path[0] === field.storedName)) {
      keys.push({ path: [field.storedName], direction });
    }
  }
  return { keys, idDirection: "ASC" };
}

function sortableFields(type: QueriedType): readonly ModelField[] {
  return type.fields.filter(
    (field) =>
      field.type.kind !== "embedded" && field.type.name !== "JSON" && field.type.listDepth === 0,
  );
}
