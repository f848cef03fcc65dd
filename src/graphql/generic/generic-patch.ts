import { registerEnumType } from "type-graphql";
import { GatewayError } from "../../gateway-error.ts";
import type { PatchOperation, PatchPath } from "../../items/item-operations.ts";
import { type ApiClass, createInputClass } from "../classes/api-class.ts";
import { API_SCALARS } from "../classes/scalars.ts";

const OPERATION_DESCRIPTIONS: Readonly<Record<PatchOperation["op"], string>> = {
  add: "Writes a property, or puts a value into a list before the one at its index; `-` is the list's end.",
  set: "Writes a property or a list's element, over what is there.",
  replace: "As `set`, but only over what is there.",
  remove: "Takes away a property or a list's element.",
  incr: "Adds to a number. A number that isn't there counts as 0.",
  move: "Moves what is at `from` to `path`.",
};

/** `ItemPatchOperation`: one patch operation, written as Cosmos DB takes it. */
export function createPatchOperationClass(): ApiClass {
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
export function readPatchOperations(argument: unknown): readonly PatchOperation[] {
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
