import { isAddressableId } from "../../cosmos/addressable-id.ts";
import type { PartitionKey } from "../../cosmos/partition-key.ts";
import { GatewayError } from "../../gateway-error.ts";
import { MAX_BATCH_OPERATIONS } from "../../items/batch-request.ts";
import { requireItemId } from "../../items/item-arguments.ts";
import type { Item, ItemOperations } from "../../items/item-operations.ts";
import { atIndex, withOperationIndex } from "../../items/operation-index.ts";
import { complexityOfEach } from "../classes/api-class.ts";
import type { ApiOperation, OperationArguments } from "../classes/resolver-class.ts";
import { API_SCALARS } from "../classes/scalars.ts";
import { canonicalJson } from "../cursors/canonical-json.ts";
import { toApiValue } from "../item-conversion.ts";
import type { ModelApi } from "../model-api.ts";
import { chooseOnePartition } from "../partitions/choose-partitions.ts";
import { givenPartitionKey, partitionArguments } from "../partitions/partition-arguments.ts";
import type { TransactionOperation } from "./batch-of-transaction.ts";
import { runTransaction } from "./run-transaction.ts";
import { checkAnyGrant, notFound, readInput } from "./write-operations.ts";

/** How many items one operation may write: ten transactions of one partition. */
const MAX_ITEMS = 1000;

/** How many partitions are written to at the same time. */
const CONCURRENT_PARTITIONS = 10;

const WHAT_IS_ATOMIC = `At most ${MAX_ITEMS}. Each ${MAX_BATCH_OPERATIONS} of one partition, in their order, are a transaction: all of them or none. Several transactions are independent of each other.`;

/** `createOrders(inputs: [OrderInput!]!): [Order]` */
export function createManyOperation(api: ModelApi): ApiOperation {
  const { type, names, classes } = api;
  return {
    kind: "mutation",
    name: names.createMany,
    complexity: complexityOfEach("inputs"),
    description: `Creates several ${type.name} items and gives each as stored, in its input's place. ${WHAT_IS_ATOMIC} Null stands for what was not created; where a transaction failed, the error has the place of the input that made it fail.`,
    type: () => [classes.outputOf(type.name)],
    nullableItems: true,
    arguments: [
      {
        name: "inputs",
        description: `What to store. Their partition-key fields tell each one's partition.`,
        type: () => [classes.inputOf(type.name)],
      },
    ],
    async resolve(args, { items }) {
      // GraphQL has coerced the argument to a list of inputs.
      const inputs = args.inputs as readonly OperationArguments[];
      checkCount(inputs);
      checkAnyGrant(type, items);
      // Nothing has been written yet: what is wrong with one of them is the whole operation's
      // error.
      const writes = inputs.map((input, index) =>
        atIndex(index, () => {
          const { body, partitionKey } = readInput(api, { input });
          const id = requireItemId(body.id);
          return { operation: { kind: "create", id, body } as const, partitionKey };
        }),
      );
      return writeMany(api, items, writes, (item) => item && toApiValue(api.model, type, item));
    },
  };
}

/** `deleteOrders(ids: [ID!]!, tenantId: String): [ID]` */
export function deleteManyOperation(api: ModelApi): ApiOperation {
  const { type, names, classes } = api;
  return {
    kind: "mutation",
    name: names.deleteMany,
    complexity: complexityOfEach("ids"),
    description: `Deletes several ${type.name} items and gives the id of each, in its place. ${WHAT_IS_ATOMIC} Null stands for what was not deleted; where a transaction failed, the error has the place of the id that made it fail: NOT_FOUND if there is no such item.`,
    type: () => [API_SCALARS.ID],
    nullableItems: true,
    arguments: [
      {
        name: "ids",
        description: `The ids of the ${type.name} items, each once.`,
        type: () => [API_SCALARS.ID],
      },
      ...partitionArguments(type, classes.inputOf),
    ],
    async resolve(args, { items }) {
      // GraphQL has coerced the argument to a list of ids.
      const ids = args.ids as readonly string[];
      checkCount(ids);
      const grants = items.grantsOn(type.container);
      const writes = ids.map((id, index) =>
        atIndex(index, () => {
          if (ids.indexOf(id) !== index) {
            throw new GatewayError("BAD_USER_INPUT", `The id at place ${index} is given twice.`);
          }
          const given = givenPartitionKey(type, { ...args, id });
          const partitionKey = chooseOnePartition(type, given, grants);
          if (!isAddressableId(id)) {
            throw notFound(type);
          }
          return { operation: { kind: "delete", id } as const, partitionKey };
        }),
      );
      return writeMany(api, items, writes, (_, id) => id);
    },
  };
}

interface Write {
  readonly operation: TransactionOperation;
  readonly partitionKey: PartitionKey;
}

/**
 * Writes in as few transactions as it takes, and gives for each write what `toResult` makes of its
 * answer. A transaction that failed gives its error in the place of the write that made it fail, or
 * its first, and null for its others: what is written and what is not can be told from the list.
 */
async function writeMany(
  api: ModelApi,
  items: ItemOperations,
  writes: readonly Write[],
  toResult: (item: Item | null, id: string) => unknown,
): Promise<readonly unknown[]> {
  const results: unknown[] = writes.map(() => null);
  const partitions = Map.groupBy(writes.keys(), (place) =>
    canonicalJson(writes[place]?.partitionKey),
  );
  const waiting = [...partitions.values()].values();
  const writePartitions = async () => {
    for (const places of waiting) {
      for (let start = 0; start < places.length; start += MAX_BATCH_OPERATIONS) {
        const batch = places.slice(start, start + MAX_BATCH_OPERATIONS);
        await writeBatch(batch);
      }
    }
  };
  const writeBatch = async (places: readonly number[]) => {
    const batch = places.flatMap((place) => writes[place] ?? []);
    const operations = batch.map(({ operation }) => operation);
    const [first = 0] = places;
    try {
      const written = await runTransaction(api, items, batch[0]?.partitionKey ?? [], operations);
      for (const [index, place] of places.entries()) {
        results[place] = toResult(written[index] ?? null, operations[index]?.id ?? "");
      }
    } catch (error) {
      if (!(error instanceof GatewayError)) {
        throw error;
      }
      const place = places[error.operationIndex ?? 0] ?? first;
      results[place] = withOperationIndex(error, place);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENT_PARTITIONS }, writePartitions));
  return results;
}

function checkCount(writes: readonly unknown[]): void {
  if (writes.length > MAX_ITEMS) {
    throw new GatewayError(
      "BAD_USER_INPUT",
      `One operation writes ${MAX_ITEMS} items at most, and these are ${writes.length}.`,
    );
  }
}
