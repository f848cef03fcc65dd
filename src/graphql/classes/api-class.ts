import type { GraphQLResolveInfo } from "graphql";
import {
  Arg,
  createParameterDecorator,
  createUnionType,
  Field,
  InputType,
  InterfaceType,
  ObjectType,
} from "type-graphql";
import type { RequestContext } from "../request-context.ts";

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
  /** What it adds to an operation's complexity. Default: 1 for an operation, nothing for others. */
  readonly complexity?: FieldComplexity;
  /**
   * Of an output type. As GraphQL coerced them, they go to `resolve`, or without it to the function
   * that the object holds.
   */
  readonly arguments?: readonly ApiField[];
  /** Of an output type: gets the value of a field that the object doesn't hold. */
  readonly resolve?: (
    owner: Readonly<Record<string, unknown>>,
    context: RequestContext,
    args: Readonly<Record<string, unknown>>,
    info: GraphQLResolveInfo,
  ) => Promise<unknown>;
}

/**
 * What a field costs: a number beside what is selected of its value, or a function of that and of
 * its arguments, as GraphQL coerced them, for all of it.
 */
export type FieldComplexity =
  | number
  | ((call: {
      readonly args: Readonly<Record<string, unknown>>;
      readonly childComplexity: number;
    }) => number);

/** The complexity of what sends a request to Cosmos DB for one item. */
export const REQUEST_COMPLEXITY = 1;

/** The complexity of what does something for each element of the argument, and answers each. */
export function complexityOfEach(argument: string): FieldComplexity {
  return ({ args, childComplexity }) => {
    const elements = args[argument];
    return Math.max(1, Array.isArray(elements) ? elements.length : 1) * (1 + childComplexity);
  };
}

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
  interfaces: readonly ApiClass[] = [],
): ApiClass {
  const apiClass = createApiClass(name);
  ObjectType(name, { description, simpleResolvers: true, implements: [...interfaces] })(apiClass);
  addFields(apiClass, fields);
  return apiClass;
}

/** An interface. Its values say their type in `__typename`. */
export function createInterfaceClass(
  name: string,
  description: string,
  fields: readonly ApiField[],
): ApiClass {
  const apiClass = createApiClass(name);
  InterfaceType(name, { description, resolveType: typeNameOf })(apiClass);
  addFields(apiClass, fields);
  return apiClass;
}

/** A union. Its values say their type in `__typename`. */
export function createUnion(
  name: string,
  description: string,
  types: () => readonly ApiClass[],
): ApiType {
  return createUnionType({
    name,
    description,
    types: () => types() as readonly [ApiClass, ...ApiClass[]], // The model has no empty unions.
    resolveType: typeNameOf,
  }) as unknown as ApiType; // Declared as the values' type, for decorators that infer it.
}

function typeNameOf(value: object): string | undefined {
  return "__typename" in value ? String(value.__typename) : undefined;
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
      const method = ({ root, context, args, info }: FieldCall) =>
        resolve(root, context, args, info);
      // Not typed further: a prototype takes any method.
      const prototype: Record<string, unknown> = apiClass.prototype;
      prototype[name] = method;
      decorate(prototype, name, { value: method });
      // The one parameter that the method reads; those after it only declare arguments.
      createParameterDecorator((call) => call)(prototype, name, 0);
      declareArguments(prototype, name, field.arguments ?? [], 1);
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
  readonly args: Readonly<Record<string, unknown>>;
  readonly info: GraphQLResolveInfo;
}
