import type { PatchRequestBody } from "@azure/cosmos";
import { GatewayError } from "../gateway-error.ts";
import type { PatchOperation, PatchPath } from "./item-operations.ts";

/** How many operations Cosmos DB takes in one patch. Source: "Partial document update", limits. */
export const MAX_PATCH_OPERATIONS = 10;

/**
 * The bodies of the patches that an item's operations make, ten operations each, in their order.
 * The condition goes with the first: the others see the item as the ones before them left it.
 *
 * @throws GatewayError BAD_USER_INPUT for no operations, and for one that says nothing.
 */
export function toPatchBodies(
  operations: readonly PatchOperation[],
  condition: string | undefined,
): readonly PatchRequestBody[] {
  if (operations.length === 0) {
    throw new GatewayError("BAD_USER_INPUT", "A patch has at least one operation.");
  }
  const sent = operations.map(toSentOperation);
  const starts = Array.from(
    { length: Math.ceil(sent.length / MAX_PATCH_OPERATIONS) },
    (_, index) => index * MAX_PATCH_OPERATIONS,
  );
  return starts.map((start) => ({
    // The SDK's type has no `move`, though it sends one.
    operations: sent.slice(start, start + MAX_PATCH_OPERATIONS) as Exclude<
      PatchRequestBody,
      readonly unknown[]
    >["operations"],
    ...(start === 0 && condition !== undefined && { condition }),
  }));
}

function toSentOperation(operation: PatchOperation, index: number) {
  const path = toPointer(operation.path, index);
  switch (operation.op) {
    case "remove":
      return { op: operation.op, path };
    case "move":
      return { op: operation.op, from: toPointer(operation.from, index), path };
    case "incr":
      if (!Number.isFinite(operation.value)) {
        throw new GatewayError("BAD_USER_INPUT", "A number is incremented by a number.", {
          operationIndex: index,
        });
      }
      return { op: operation.op, path, value: operation.value };
    default:
      return { op: operation.op, path, value: operation.value };
  }
}

/** A JSON Pointer (RFC 6901), in which `/` is `~1` and `~` is `~0`. */
function toPointer(path: PatchPath, operationIndex: number): string {
  if (path.length === 0) {
    throw new GatewayError("BAD_USER_INPUT", "A patch operation names a property.", {
      operationIndex,
    });
  }
  return path.map((name) => `/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}
