import { isAddressableId } from "../../cosmos/addressable-id.ts";
import type { PartitionKey } from "../../cosmos/partition-key.ts";
import { GatewayError } from "../../gateway-error.ts";
import type { ItemBody, ItemOperations, WriteCondition } from "../../items/item-operations.ts";
import type { ModelType } from "../../model/model.ts";
import { type ApiField, REQUEST_COMPLEXITY } from "../classes/api-class.ts";
import type { ApiOperation, OperationArguments } from "../classes/resolver-class.ts";
import { API_SCALARS } from "../classes/scalars.ts";
import { withArticle } from "../classes/with-article.ts";
import { isOfType, toApiValue, toStoredProperties } from "../item-conversion.ts";
import type { ModelApi } from "../model-api.ts";
import { chooseOnePartition } from "../partitions/choose-partitions.ts";
import {
  checkArgumentsAgree,
  givenPartitionKey,
  partitionArguments,
  partitionKeyOfProperties,
} from "../partitions/partition-arguments.ts";
import { ifMatchArgument, ifMatchCondition } from "./if-match.ts";

/** `createOrder(input: OrderInput!): Order` */
export function createOperation(api: ModelApi): ApiOperation {
  const { type, names } = api;
  return {
    kind: "mutation",
    name: names.create,
    complexity: REQUEST_COMPLEXITY,
    description: `Creates ${withArticle(type.name)} and gives it as stored. CONFLICT if its id is taken in its partition.`,
    type: () => api.classes.outputOf(type.name),
    arguments: [inputArgument(api)],
    async resolve(args, { items }) {
      const { body, partitionKey } = readInput(api, args);
      checkAnyGrant(type, items);
      return toApiValue(api.model, type, await items.create(type.container, body, partitionKey));
    },
  };
}

/** `upsertOrder(input: OrderInput!, ifMatch: String): Order` */
export function upsertOperation(api: ModelApi): ApiOperation {
  const { type, names } = api;
  return {
    kind: "mutation",
    name: names.upsert,
    complexity: REQUEST_COMPLEXITY,
    description: `Creates ${withArticle(type.name)}, or replaces the one with its id, and gives it as stored. With \`ifMatch\` it must exist.`,
    type: () => api.classes.outputOf(type.name),
    arguments: [inputArgument(api), ifMatchArgument(type.name)],
    async resolve(args, { items }) {
      checkUpsertInput(args);
      const { body, partitionKey } = readInput(api, args);
      checkAnyGrant(type, items);
      const stored = await writeOverOwnType({
        api,
        items,
        id: body.id,
        partitionKey,
        condition: ifMatchCondition(args),
        otherType: new GatewayError("CONFLICT", "An item of another type has this id."),
        write: (condition) => items.upsert(type.container, body, partitionKey, condition),
        create: () => items.create(type.container, body, partitionKey),
      });
      return toApiValue(api.model, type, stored);
    },
  };
}

/** `replaceOrder(id: ID!, input: OrderInput!, ifMatch: String, tenantId: String): Order` */
export function replaceOperation(api: ModelApi): ApiOperation {
  const { type, names } = api;
  return {
    kind: "mutation",
    name: names.replace,
    complexity: REQUEST_COMPLEXITY,
    description: `Replaces ${withArticle(type.name)} as a whole and gives it as stored: what the input leaves out is gone. NOT_FOUND if there is none of this id.`,
    type: () => api.classes.outputOf(type.name),
    arguments: [
      { name: "id", description: `The ${type.name}'s id.`, type: () => API_SCALARS.ID },
      inputArgument(api),
      ifMatchArgument(type.name),
      ...partitionArguments(type, api.classes.inputOf),
    ],
    async resolve(args, { items }) {
      const id = String(args.id);
      const { body, partitionKey } = readInput(api, args, id);
      checkArgumentsAgree(type, givenPartitionKey(type, args), partitionKey);
      checkAnyGrant(type, items);
      const stored = await writeOverOwnType({
        api,
        items,
        id,
        partitionKey,
        condition: ifMatchCondition(args),
        otherType: notFound(type),
        write: (condition) => items.replace(type.container, id, body, partitionKey, condition),
      });
      return toApiValue(api.model, type, stored);
    },
  };
}

/** `deleteOrder(id: ID!, ifMatch: String, tenantId: String): ID` */
export function deleteOperation(api: ModelApi): ApiOperation {
  const { type, names } = api;
  return {
    kind: "mutation",
    name: names.delete,
    complexity: REQUEST_COMPLEXITY,
    description: `Deletes ${withArticle(type.name)} and gives its id. NOT_FOUND if there is none of this id.`,
    type: () => API_SCALARS.ID,
    arguments: [
      { name: "id", description: `The ${type.name}'s id.`, type: () => API_SCALARS.ID },
      ifMatchArgument(type.name),
      ...partitionArguments(type, api.classes.inputOf),
    ],
    async resolve(args, { items }) {
      const id = String(args.id);
      const grants = items.grantsOn(type.container);
      const partitionKey = chooseOnePartition(type, givenPartitionKey(type, args), grants, id);
      if (!isAddressableId(id)) {
        throw notFound(type);
      }
      await writeOverOwnType({
        api,
        items,
        id,
        partitionKey,
        condition: ifMatchCondition(args),
        otherType: notFound(type),
        write: (condition) => items.delete(type.container, id, partitionKey, condition),
      });
      return id;
    },
  };
}

interface OwnTypeWrite<Result> {
  readonly api: ModelApi;
  readonly items: ItemOperations;
  readonly id: string;
  readonly partitionKey: PartitionKey;
  readonly condition: WriteCondition | undefined;
  /** What to say where the id belongs to an item of another type. */
  readonly otherType: GatewayError;
  readonly write: (condition: WriteCondition | undefined) => Promise<Result>;
  /** What to do where nothing is, so that what comes there meanwhile stays. Absent: NOT_FOUND. */
  readonly create?: () => Promise<Result>;
}

/** How often a write starts again because someone else wrote the item in between. */
const MAX_ATTEMPTS = 5;

/**
 * Writes over an item, but not over one of another type that shares the container. Cosmos DB can't
 * test that within the write, so the item is read first and the write bound to the version that was
 * read; a container with one type needs neither.
 */
async function writeOverOwnType<Result>(write: OwnTypeWrite<Result>): Promise<Result> {
  const { type } = write.api;
  if (type.discriminator === undefined) {
    return write.write(write.condition);
  }
  for (let attempt = 1; ; attempt += 1) {
    const existing = await write.items.read(type.container, write.id, write.partitionKey);
    if (existing !== undefined && !isOfType(type, existing)) {
      throw write.otherType;
    }
    const condition = write.condition ?? (existing && { ifMatch: existing._etag });
    try {
      if (condition !== undefined) {
        return await write.write(condition);
      }
      if (write.create === undefined) {
        throw notFound(type);
      }
      return await write.create();
    } catch (error) {
      const isOvertaken =
        error instanceof GatewayError &&
        (error.code === "PRECONDITION_FAILED" || error.code === "CONFLICT") &&
        write.condition === undefined;
      if (!isOvertaken || attempt === MAX_ATTEMPTS) {
        throw error;
      }
    }
  }
}

/**
 * The item that an input describes. The id is the input's, or `id`, or a new one.
 *
 * @throws GatewayError BAD_USER_INPUT if the input has another id than `id`.
 */
export function readInput(
  api: ModelApi,
  args: OperationArguments,
  id?: string,
): { readonly body: ItemBody; readonly partitionKey: PartitionKey } {
  const { model, type } = api;
  // GraphQL has coerced the argument to the type's input.
  const input = args.input as OperationArguments;
  const given = input.id ?? undefined;
  if (id !== undefined && given !== undefined && given !== id) {
    throw new GatewayError(
      "BAD_USER_INPUT",
      "The argument `id` and the input's `id` are different. An item can't change its id.",
    );
  }
  const itemId = id ?? (given === undefined ? api.createId() : String(given));
  const body = {
    ...toStoredProperties(model, type.fields, input),
    ...(type.discriminator === undefined
      ? {}
      : { [type.discriminator.property]: type.discriminator.value }),
    id: itemId,
  };
  return { body, partitionKey: partitionKeyOfProperties(type, body) };
}

/** @throws GatewayError BAD_USER_INPUT for an upsert of an item that must exist and isn't named. */
export function checkUpsertInput(args: OperationArguments): void {
  const { id } = args.input as OperationArguments; // GraphQL has coerced it to the type's input
  if (ifMatchCondition(args) !== undefined && (id ?? null) === null) {
    throw upsertWithoutId("input");
  }
}

/** What to say of it. `item` is how the operation calls what it is given. */
export function upsertWithoutId(item: string): GatewayError {
  return new GatewayError(
    "BAD_USER_INPUT",
    `With \`ifMatch\` an upsert is for an item that exists. Give the ${item} its \`id\`.`,
  );
}

/** @throws GatewayError FORBIDDEN for a caller without any permission on the container. */
export function checkAnyGrant(type: ModelType, items: ItemOperations): void {
  if (items.grantsOn(type.container).length === 0) {
    throw new GatewayError("FORBIDDEN", `You have no permission on ${type.name} items.`);
  }
}

/** What a write of an item that is not there, or is of another type, is answered. */
export function notFound(type: ModelType): GatewayError {
  return new GatewayError("NOT_FOUND", `There is no ${type.name} with this id.`);
}

function inputArgument({ type, classes }: ModelApi): ApiField {
  return {
    name: "input",
    description: `The ${type.name} to store. Its partition-key fields tell the partition.`,
    type: () => classes.inputOf(type.name),
  };
}
