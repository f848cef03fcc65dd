import type { GraphQLResolveInfo } from "graphql";
import { createParameterDecorator, Mutation, Query, Resolver } from "type-graphql";
import type { RequestContext } from "../request-context.ts";
import { type ApiClass, type ApiField, createApiClass, declareArguments } from "./api-class.ts";

export type OperationArguments = Readonly<Record<string, unknown>>;

/**
 * A query or mutation of the API. All of them may be null: one that fails must not take what the
 * others of its operation have answered.
 */
export interface ApiOperation extends Omit<ApiField, "resolve" | "nullable"> {
  readonly kind: "query" | "mutation";
  /** Whether elements of the list that it gives may be null. Default no. */
  readonly nullableItems?: boolean;
  readonly arguments: readonly ApiField[];
  /** Gets the arguments as GraphQL coerced them: what the client left out is not in them. */
  readonly resolve: (
    args: OperationArguments,
    context: RequestContext,
    info: GraphQLResolveInfo,
  ) => unknown;
}

interface Call {
  readonly args: OperationArguments;
  readonly context: RequestContext;
  readonly info: GraphQLResolveInfo;
}

/** A resolver class with a method for each operation. */
export function createResolverClass(name: string, operations: readonly ApiOperation[]): ApiClass {
  const resolverClass = createApiClass(name);
  // Not typed further: a prototype takes any method.
  const prototype: Record<string, unknown> = resolverClass.prototype;
  Resolver()(resolverClass);
  for (const operation of operations) {
    const method = `${operation.kind}_${operation.name}`;
    prototype[method] = ({ args, context, info }: Call) => operation.resolve(args, context, info);
    decorateMethod(prototype, method, operation);
  }
  return resolverClass;
}

function decorateMethod(prototype: object, method: string, operation: ApiOperation): void {
  const { name, type, description, nullableItems = false, complexity } = operation;
  const decorate = operation.kind === "query" ? Query : Mutation;
  decorate(() => type() as object, {
    name,
    description,
    nullable: nullableItems ? "itemsAndList" : true,
    ...(complexity === undefined ? {} : { complexity }),
  })(prototype, method, { value: undefined });
  // The one parameter that the method reads; those after it only declare arguments.
  createParameterDecorator((call) => call)(prototype, method, 0);
  declareArguments(prototype, method, operation.arguments, 1);
}
