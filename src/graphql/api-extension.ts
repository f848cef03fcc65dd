import { getMetadataStorage } from "type-graphql";
import type { Item } from "../items/item-operations.ts";
import type { Model } from "../model/model.ts";
import type { ApiClass, ApiType } from "./classes/api-class.ts";
import type { ModelClasses } from "./classes/field-type.ts";
import { toApiValue } from "./item-conversion.ts";

/**
 * A team's own part of the API: makes type-graphql resolver classes, with queries, mutations, and
 * fields of the generated types. Their resolvers get the `RequestContext`, as the generated ones
 * do.
 *
 * Called once for each schema that is built, and synchronously.
 */
export type ApiExtension = (generated: GeneratedApi) => readonly ApiClass[];

/**
 * What a model became, for own resolvers to refer to. Each throws an error for a name that is not
 * the model's.
 */
export interface GeneratedApi {
  /**
   * The class of an object type, such as `Order`: for `@Resolver(() => Order)` and as a return
   * type.
   */
  classOf(typeName: string): ApiClass;
  /** The class of a type's input, such as `OrderInput` by the name `Order`. */
  inputOf(typeName: string): ApiClass;
  /** An enum of the model, as type-graphql knows it: for the types of fields and arguments. */
  enumOf(enumName: string): object;
  /**
   * An item, as `ItemOperations` gives it, as a value of its type: with the model's names in place
   * of the stored ones. What a query of its own did not select is missing.
   */
  fromItem(typeName: string, item: Item): Readonly<Record<string, unknown>>;
}

/** What an extension is handed. */
export function createGeneratedApi(model: Model, classes: ModelClasses): GeneratedApi {
  const isObjectType = (name: string) => model.types.has(name) || model.embeddedTypes.has(name);
  const known = (isThere: boolean, kind: string, name: string): string => {
    if (!isThere) {
      throw new ApiExtensionError(`The model has no ${kind} "${name}".`);
    }
    return name;
  };
  return {
    // What an object type or its input became is a class; only an enum is not.
    classOf: (name) => asClass(classes.outputOf(known(isObjectType(name), "type", name))),
    inputOf: (name) => asClass(classes.inputOf(known(isObjectType(name), "type", name))),
    enumOf: (name) => classes.outputOf(known(model.enums.has(name), "enum", name)),
    fromItem: (name, item) => {
      const type = model.types.get(name);
      if (type === undefined) {
        throw new ApiExtensionError(`The model has no type "${name}" with @container.`);
      }
      return toApiValue(model, type, item);
    },
  };
}

/** An extension that does not go with the API it extends. The message is for its author. */
export class ApiExtensionError extends Error {}

/**
 * Refuses an own query or mutation with the name of a generated one: type-graphql would silently
 * put it in the other's place.
 */
export function refuseNamesInUse(generated: readonly ApiClass[], own: readonly ApiClass[]): void {
  const { queries, mutations } = getMetadataStorage();
  for (const [root, operations] of Object.entries({ Query: queries, Mutation: mutations })) {
    const namesOf = (classes: readonly unknown[]) =>
      operations.filter(({ target }) => classes.includes(target)).map((each) => each.schemaName);
    const inUse = new Set(namesOf(generated));
    for (const name of namesOf(own)) {
      if (inUse.has(name)) {
        throw new ApiExtensionError(
          `${root}.${name} is there already. Give the own resolver's field another name.`,
        );
      }
      inUse.add(name);
    }
  }
}

function asClass(type: ApiType): ApiClass {
  return type as ApiClass;
}
