import { registerEnumType } from "type-graphql";
import { GatewayError } from "../../gateway-error.ts";
import type { PatchOperation, PatchPath } from "../../items/item-operations.ts";
import { type ApiClass, createInputClass, REQUEST_COMPLEXITY } from "../classes/api-class.ts";
import type { ApiOperation } from "../classes/resolver-class.ts";
import { API_SCALARS } from "../classes/scalars.ts";
import { ifMatchArgument, ifMatchCondition } from "../writes/if-match.ts";
import { CONTAINER_ARGUMENT, ID_ARGUMENT, idOf, placeOf } from "./generic-arguments.ts";
import { PARTITION_KEY_ARGUMENT } from "./generic-partition.ts";

const OPERATION_DESCRIPTIONS: Readonly<Record<PatchOperation["op"], string>> = {
  add: "Writes a property, or puts a value into a list before the one at its index; `-` is the list's end.",
  set: "Writes a property or a list's element, over what is there.",
  replace: "As `set`, but only over what is there.",
  remove: "Takes away a property or a list's element.",
  incr: "Adds to a number. A number that isn't there counts as 0.",
  move: "Moves what is at `from` to `path`.",
};

/** `patchItem(container, id, operations, partitionKey, ifMatch, condition): JSON` */
export function genericPatchOperation(): ApiOperation {
  const operationClass = createPatchOperationClass();
  return {
    kind: "mutation",
    name: "patchItem",
    complexity: REQUEST_COMPLEXITY,
    description:
      "Changes parts of an item, all or nothing, and gives it as stored. NOT_FOUND if there is none of this id.",
    type: () => API_SCALARS.JSON,
    arguments: [
      CONTAINER_ARGUMENT,
      ID_ARGUMENT,
      {
        name: "operations",
        description: "What to change, one after the other. Cosmos DB's patch operations.",
        type: () => [operationClass],
      },
      PARTITION_KEY_ARGUMENT,
      ifMatchArgument("item"),
      {
        name: "condition",
        description:
          "Patch only if the item fulfils this filter predicate, such as `FROM c WHERE c.total > 10`; otherwise PRECONDITION_FAILED.",
        type: () => API_SCALARS.String,
        nullable: true,
      },
    ],
    resolve: async (args, { items }) => {
      const id = idOf(args);
      const place = placeOf(args, items, { itemId: id, isWrite: true });
      const operations = readPatchOperations(args.operations);
      return items.patch(place.container, id, operations, place.partitionKey, {
        ...ifMatchCondition(args),
        ...(typeof args.condition === "string" && { condition: args.condition }),
      });
    },
  };
}

/** `ItemPatchOperation`: one patch operation, written as Cosmos DB takes it. */
function createPatchOperationClass(): ApiClass {
  const operationType = Object.fromEntries(
    Object.keys(OPERATION_DESCRIPTIONS).map((op) => [op, op]),
  );
  registerEnumType(operationType, {
    name: "ItemPatchOperationType",
    description: "What a patch operation does.",
    valuesConfig: Object.fromEntries(
      Object.entries(OPERATION_DESCRIPTIONS).map(([op, description]) => [op, { description }]),
    ),
  });
  return createInputClass("ItemPatchOperation", "One change to an item.", [
    { name: "op", description: "What it does.", type: () => operationType },
    {
      name: "path",
      description:
        "What it changes, a JSON Pointer such as `/lines/0/price`; in a name, `/` is `~1` and `~` is `~0`.",
      type: () => API_SCALARS.String,
    },
    {
      name: "value",
      description: "What `add`, `set` and `replace` write, and what `incr` adds.",
      type: () => API_SCALARS.JSON,
      nullable: true,
    },
    {
      name: "from",
      description: "Where `move` takes the value from, a JSON Pointer.",
      type: () => API_SCALARS.String,
      nullable: true,
    },
  ]);
}

/** As GraphQL has coerced it. */
interface PatchOperationInput {
  readonly op: PatchOperation["op"];
  readonly path: string;
  readonly value?: unknown;
  readonly from?: string | null;
}

/** @throws GatewayError BAD_USER_INPUT, with the place of what is at fault. */
function readPatchOperations(argument: unknown): readonly PatchOperation[] {
  // GraphQL has coerced the argument to a list of this input.
  const inputs = argument as readonly PatchOperationInput[];
  return inputs.map(readPatchOperation);
}

function readPatchOperation(input: PatchOperationInput, index: number): PatchOperation {
  const { op, value, from } = input;
  const path = readPointer(input.path, index);
  switch (op) {
    case "remove":
      return { op, path };
    case "move":
      if (typeof from !== "string") {
        throw fault("`move` takes `from`.", index);
      }
      return { op, from: readPointer(from, index), path };
    case "incr":
      if (typeof value !== "number") {
        throw fault("`incr` takes a number as `value`.", index);
      }
      return { op, path, value };
    default:
      if (value === undefined) {
        throw fault(`\`${op}\` takes a \`value\`.`, index);
      }
      return { op, path, value };
  }
}

/** RFC 6901. */
function readPointer(pointer: string, index: number): PatchPath {
  if (!/^(\/([^~]|~[01])*)+$/.test(pointer)) {
    throw fault(
      "A path is a JSON Pointer such as `/lines/0/price`, and names at least one property.",
      index,
    );
  }
  const [, ...names] = pointer.split("/");
  return names.map((name) => name.replaceAll("~1", "/").replaceAll("~0", "~"));
}

function fault(message: string, operationIndex: number): GatewayError {
  return new GatewayError("BAD_USER_INPUT", message, { operationIndex });
}
