import { GraphQLError, type GraphQLResolveInfo } from "graphql";
import { isAddressableId } from "../../cosmos/addressable-id.ts";
import { GatewayError } from "../../gateway-error.ts";
import { MAX_BATCH_OPERATIONS } from "../../items/batch-request.ts";
import { requireItemId } from "../../items/item-arguments.ts";
import { atIndex, withOperationIndex } from "../../items/operation-index.ts";
import type { ModelType } from "../../model/model.ts";
import { type ApiClass, complexityOfEach, createInputClass } from "../classes/api-class.ts";
import { createOneOfInputClass } from "../classes/one-of-input.ts";
import type { ApiOperation, OperationArguments } from "../classes/resolver-class.ts";
import { givenFilter } from "../filters/given-filter.ts";
import { toApiValue } from "../item-conversion.ts";
import type { ModelApi } from "../model-api.ts";
import { chooseOnePartition } from "../partitions/choose-partitions.ts";
import {
  type GivenPartitionKey,
  givenPartitionKey,
  partitionArgumentNames,
  partitionArguments,
} from "../partitions/partition-arguments.ts";
import type { Patch } from "./apply-patch.ts";
import type { TransactionOperation } from "./batch-of-transaction.ts";
import { ifMatchCondition } from "./if-match.ts";
import { runTransaction } from "./run-transaction.ts";
import { checkUpsertInput, notFound, readInput } from "./write-operations.ts";

/** The mutations that a transaction can hold; a type with nothing to change has no patch. */
export type SingleWrites = Readonly<
  Record<"create" | "upsert" | "replace" | "delete", ApiOperation>
> & { readonly patch?: ApiOperation };

/** `transactOrders(operations: [OrderOperation!]!, tenantId: String): [Order]` */
export function transactionOperation(api: ModelApi, writes: SingleWrites): ApiOperation {
  const { type, names } = api;
  const operationClass = createOperationClass(type, writes);
  return {
    kind: "mutation",
    name: names.transact,
    complexity: complexityOfEach("operations"),
    description: `Writes several ${type.name} items of one partition in their order: all of them or none. At most ${MAX_BATCH_OPERATIONS} operations, where each ten changes of a patch count as one. Gives each item as stored, and null for a delete. If an operation fails, nothing is written, and the error has its place in \`operationIndex\`.`,
    type: () => [api.classes.outputOf(type.name)],
    nullableItems: true,
    arguments: [
      {
        name: "operations",
        description: "What to write. Each operation sees what the ones before it have written.",
        type: () => [operationClass],
      },
      ...partitionArguments(type, api.classes.inputOf),
    ],
    async resolve(args, { items }, info) {
      // GraphQL has coerced the argument to a list of the one-of input.
      const given = args.operations as readonly OperationArguments[];
      if (given.length === 0) {
        return [];
      }
      if (given.length > MAX_BATCH_OPERATIONS) {
        throw new GatewayError(
          "BAD_USER_INPUT",
          `A transaction has ${MAX_BATCH_OPERATIONS} operations at most, and these are ${given.length}.`,
        );
      }
      try {
        const operations = given.map((operation, index) =>
          atIndex(index, () => readOperation(api, operation)),
        );
        const partitionKey = chooseOnePartition(
          type,
          commonPartition(type, givenPartitionKey(type, args), operations),
          items.grantsOn(type.container),
        );
        const results = await runTransaction(
          api,
          items,
          partitionKey,
          operations.map(({ operation }) => operation),
        );
        return results.map((item) => item && toApiValue(api.model, type, item));
      } catch (error) {
        throw atOperation(error, given, info);
      }
    },
  };
}

/** `OrderOperation`, whose fields take what the mutations of the same names take. */
function createOperationClass(type: ModelType, writes: SingleWrites): ApiClass {
  const partitionNames = partitionArgumentNames(type);
  const fields = Object.entries(writes).map(([kind, write]) => {
    const own = write.arguments.filter(
      ({ name }) => name === "id" || !partitionNames.includes(name),
    );
    const name = `${type.name}${kind.charAt(0).toUpperCase()}${kind.slice(1)}Operation`;
    const operationClass = createInputClass(
      name,
      `What \`${write.name}\` does, in a transaction.`,
      own,
    );
    return {
      name: kind,
      description: `Do what \`${write.name}\` does.`,
      type: () => operationClass,
      nullable: true,
    };
  });
  return createOneOfInputClass(
    `${type.name}Operation`,
    `One write in a transaction of ${type.name} items: exactly one of these.`,
    fields,
  );
}

interface GivenOperation {
  readonly operation: TransactionOperation;
  /** As far as the operation itself tells it. */
  readonly partitionKey: GivenPartitionKey;
}

function readOperation(api: ModelApi, given: OperationArguments): GivenOperation {
  const { type } = api;
  const kind = kindOf(given);
  // GraphQL has coerced it to the input of its kind.
  const args = given[kind] as OperationArguments;
  const condition = ifMatchCondition(args);
  if (kind === "upsert") {
    checkUpsertInput(args);
  }
  if (kind === "create" || kind === "upsert" || kind === "replace") {
    const { body, partitionKey } = readInput(
      api,
      args,
      kind === "replace" ? String(args.id) : undefined,
    );
    const id = kind === "replace" ? addressable(type, body.id) : requireItemId(body.id);
    const write = { id, body };
    return {
      operation: kind === "create" ? { kind, ...write } : { kind, ...write, ...condition },
      partitionKey,
    };
  }
  const id = addressable(type, String(args.id));
  return {
    operation:
      kind === "delete"
        ? { kind, id, ...condition }
        : {
            kind,
            id,
            patch: args.patch as Patch,
            filter: givenFilter(args.condition, "condition"),
            ...condition,
          },
    partitionKey: givenPartitionKey(type, { id }),
  };
}

/** The one field that is given: GraphQL lets pass no other number of them. */
function kindOf(given: OperationArguments): TransactionOperation["kind"] {
  const [kind] = Object.keys(given);
  return kind as TransactionOperation["kind"];
}

function addressable(type: ModelType, id: string): string {
  if (!isAddressableId(id)) {
    throw notFound(type);
  }
  return id;
}

/**
 * @throws GatewayError BAD_USER_INPUT for an operation in another partition than what is before it.
 */
function commonPartition(
  type: ModelType,
  argument: GivenPartitionKey,
  operations: readonly GivenOperation[],
): GivenPartitionKey {
  return operations.reduce(
    (common, { partitionKey }, index) =>
      common.map((value, level) => {
        const own = partitionKey[level];
        if (value !== undefined && own !== undefined && value !== own) {
          throw new GatewayError(
            "BAD_USER_INPUT",
            `A transaction stays in one partition, and this operation has another \`${partitionArgumentNames(type)[level]}\`.`,
            { operationIndex: index },
          );
        }
        return value ?? own;
      }),
    argument,
  );
}

/** The error of one operation, with its place in the list as the end of its path. */
function atOperation(
  error: unknown,
  given: readonly OperationArguments[],
  { path, fieldNodes }: GraphQLResolveInfo,
): unknown {
  if (!(error instanceof GatewayError) || error.operationIndex === undefined) {
    return error;
  }
  const { operationIndex: index } = error;
  const kind = kindOf(given[index] ?? {});
  const message = `Operation ${index}, ${kind}: ${error.message} No operation was carried out.`;
  const originalError = withOperationIndex(error, index, message);
  return new GraphQLError(message, {
    nodes: fieldNodes,
    path: [path.key, index],
    originalError,
  });
}
