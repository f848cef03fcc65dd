import { Arg, createParameterDecorator, Field, InputType, ObjectType } from "type-graphql";
import type { RequestContext } from "./request-context.ts";

/** A class made at start, for type-graphql to hang metadata on. */
export type ApiClass = new () => object;

/** What type-graphql takes as a type: a decorated class, a registered enum object, or a scalar. */
export type ApiType = object;

export interface ApiField {
  readonly name: string;
  readonly description: string;
  readonly deprecationReason?: string | undefined;
  /** A thunk, as types refer to each other. `[type]` makes a list. */
  readonly type: () => ApiType | readonly ApiType[];
  /** As type-graphql has it: `"items"` means that elements of the list may be null. */
  readonly nullable?: boolean | "items" | "itemsAndList";
  /** What it adds to an operation's complexity. Default 1. */
  readonly complexity?: number;
  /** Of an output type: the object holds a function that gets them, as GraphQL coerced them. */
  readonly arguments?: readonly ApiField[];
  /** Of an output type: gets the value of a field that the object doesn't hold. */
  readonly resolve?: (
    owner: Readonly<Record<string, unknown>>,
    context: RequestContext,
  ) => Promise<unknown>;
}

/** The complexity of what sends a request to Cosmos DB. */
export const REQUEST_COMPLEXITY = 10;

export function createApiClass(name: string): ApiClass {
  const apiClass = class {};
  Object.defineProperty(apiClass, "name", { value: name });
  return apiClass;
}

/** An output type. Its values are plain objects with the field's names. */
export function createObjectClass(
  name: string,
  description: string,
  fields: readonly ApiField[],
): ApiClass {
  const apiClass = createApiClass(name);
  ObjectType(name, { description, simpleResolvers: true })(apiClass);
  addFields(apiClass, fields);
  return apiClass;
}

export function createInputClass(
  name: string,
  description: string,
  fields: readonly ApiField[],
): ApiClass {
  const apiClass = createApiClass(name);
  InputType(name, { description })(apiClass);
  addFields(apiClass, fields);
  return apiClass;
}

function addFields(apiClass: ApiClass, fields: readonly ApiField[]): void {
  for (const field of fields) {
    const { name, type, description, nullable, deprecationReason, complexity, resolve } = field;
    // The cast drops `readonly`, which type-graphql's declaration lacks.
    const decorate = Field(() => type() as object, {
      description,
      ...(nullable === undefined ? {} : { nullable }),
      ...(deprecationReason === undefined ? {} : { deprecationReason }),
      ...(complexity === undefined ? {} : { complexity }),
    });
    if (resolve === undefined) {
      declareArguments(apiClass.prototype, name, field.arguments ?? [], 0);
      decorate(apiClass.prototype, name);
    } else {
      const method = ({ root, context }: FieldCall) => resolve(root, context);
      // Not typed further: a prototype takes any method.
      const prototype: Record<string, unknown> = apiClass.prototype;
      prototype[name] = method;
      decorate(prototype, name, { value: method });
      createParameterDecorator((call) => call)(prototype, name, 0);
    }
  }
}

/** Declares the arguments of a field, the parameters of a method from `firstIndex` on. */
export function declareArguments(
  prototype: object,
  method: string,
  fields: readonly ApiField[],
  firstIndex: number,
): void {
  for (const [index, { name, type, description, nullable }] of fields.entries()) {
    Arg(name, () => type() as object, {
      description,
      ...(nullable === undefined ? {} : { nullable }),
    })(prototype, method, firstIndex + index);
  }
}

interface FieldCall {
  readonly root: Readonly<Record<string, unknown>>;
  readonly context: RequestContext;
}
