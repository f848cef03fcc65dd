import { operationNames } from "../../../src/model/operation-names.ts";
import type { Operation, Patch } from "../../model/terms.ts";
import { planOf } from "../world/type-plans.ts";
import { type Form, wholeKeyOf } from "./form.ts";
import { EnumValue, type GraphQLValue } from "./graphql-value.ts";
import {
  type Argument,
  argumentsOf,
  type Etags,
  partitionArguments,
  rootFieldOf,
} from "./operation-arguments.ts";

/** How an operation is asked in a form: the root field and its arguments. */
interface Asked {
  readonly field: string;
  readonly given: readonly Argument[];
}

/**
 * @param isBare whether a key of one level is written as the value alone.
 * @throws Error for a form that the operation doesn't have.
 */
export function askedAs(
  operation: Operation,
  form: Form,
  etags: Etags,
  isBare: () => boolean,
): Asked {
  switch (form) {
    case "typed":
      return { field: rootFieldOf(operation), given: argumentsOf(operation, etags) };
    case "many":
      return askedAsMany(operation, etags);
    case "generic":
      return askedAsJson(operation, etags, isBare);
  }
}

function askedAsMany(operation: Operation, etags: Etags): Asked {
  if (operation.do !== "create" && operation.do !== "delete" && operation.do !== "transact") {
    throw new Error(`No form for many: ${operation.do}`);
  }
  const { name } = planOf(operation.type);
  const { createMany, deleteMany } = operationNames(name);
  const writes = operation.do === "transact" ? operation.operations : [operation];
  const values = (argument: string) =>
    writes.flatMap((write) =>
      argumentsOf(write, etags).flatMap((one) => (one.name === argument ? one.value : [])),
    );
  return writes.every((write) => write.do === "create")
    ? {
        field: createMany,
        given: [{ name: "inputs", type: `[${name}Input!]!`, value: values("input") }],
      }
    : {
        field: deleteMany,
        given: [
          { name: "ids", type: "[ID!]!", value: values("id") },
          ...partitionArguments(planOf(operation.type), operation),
        ],
      };
}

const GENERIC_FIELDS = {
  read: "item",
  create: "createItem",
  upsert: "upsertItem",
  replace: "replaceItem",
  patch: "patchItem",
  delete: "deleteItem",
} as const;

function askedAsJson(operation: Operation, etags: Etags, isBare: () => boolean): Asked {
  const key = wholeKeyOf(operation);
  if (
    operation.do === "viewer" ||
    operation.do === "list" ||
    operation.do === "aggregate" ||
    operation.do === "query" ||
    operation.do === "transact"
  ) {
    throw new Error(`No form as JSON: ${operation.do}`);
  }
  return {
    field: GENERIC_FIELDS[operation.do],
    given: [
      { name: "container", type: "String!", value: planOf(operation.type).container },
      ...("id" in operation ? [{ name: "id", type: "ID!", value: operation.id }] : []),
      ...("input" in operation ? [{ name: "item", type: "JSON!", value: operation.input }] : []),
      ...(operation.do === "patch"
        ? [
            {
              name: "operations",
              type: "[ItemPatchOperation!]!",
              value: patchOperations(operation.patch),
            },
          ]
        : []),
      ...keyArgument(key, isBare),
      ...("ifMatch" in operation && operation.ifMatch !== undefined
        ? [{ name: "ifMatch", type: "String", value: etags(operation) }]
        : []),
    ],
  };
}

/** Left out where the permissions tell. */
function keyArgument(key: ReturnType<typeof wholeKeyOf>, isBare: () => boolean) {
  const [first, ...others] = key ?? [];
  return key === undefined || first === undefined
    ? []
    : [
        {
          name: "partitionKey",
          type: "JSON",
          value: others.length === 0 && isBare() ? first : key,
        },
      ];
}

function patchOperations({ set = {}, increment = {} }: Patch): readonly GraphQLValue[] {
  const operation = (op: string, [name, value]: readonly [string, GraphQLValue]) => ({
    op: new EnumValue(op),
    path: `/${name}`,
    value,
  });
  return [
    ...Object.entries(set).map((entry) => operation("set", entry)),
    ...Object.entries(increment).map((entry) => operation("incr", entry)),
  ];
}
