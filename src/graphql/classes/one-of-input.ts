import { type GraphQLSchema, isInputObjectType } from "graphql";
import { Extensions } from "type-graphql";
import { type ApiClass, type ApiField, createInputClass } from "./api-class.ts";

const IS_ONE_OF = "isOneOf";

/** An input of which exactly one field must be given, as soon as `markOneOfInputs` has run. */
export function createOneOfInputClass(
  name: string,
  description: string,
  fields: readonly ApiField[],
): ApiClass {
  const apiClass = createInputClass(name, description, fields);
  Extensions({ [IS_ONE_OF]: true })(apiClass);
  return apiClass;
}

/** Gives the inputs that are meant to have it `@oneOf`, which type-graphql doesn't know. */
export function markOneOfInputs(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (isInputObjectType(type) && type.extensions[IS_ONE_OF] === true) {
      type.isOneOf = true;
    }
  }
}
