import type { ItemDefinition } from "@azure/cosmos";
import type { PartitionKey } from "../cosmos/partition-key.ts";
import { inPartition } from "./in-partition.ts";
import { requireItemId, requirePartitionKey, toAccessCondition } from "./item-arguments.ts";
import type { Item, ItemBody, ItemOperations, WriteCondition } from "./item-operations.ts";
import type { ItemRequest } from "./item-request.ts";
import { toPatchBodies } from "./patch-request.ts";
import { type PointRequest, pointAt, pointRequest } from "./point-request.ts";
import { runBatch, runLongPatch } from "./run-batch.ts";
import type { ScopedRunner } from "./run-scoped.ts";

/** The operations that write, a transaction's among them. */
export function createScopedWrites(
  runner: ScopedRunner,
): Pick<ItemOperations, "create" | "upsert" | "replace" | "delete" | "patch" | "batch"> {
  return {
    create: async (container, body, partitionKey) => {
      requireItemId(body.id);
      const request = creationIn(container, partitionKey);
      return runner.run(request, async (scoped, abortSignal) => {
        const { resource } = await scoped.items.create<ItemDefinition>(
          { ...body },
          { abortSignal, ...inPartition(request) },
        );
        return resource as Item; // Cosmos DB answers the stored item, system properties included
      });
    },

    upsert: async (container, body, partitionKey, condition) => {
      requireItemId(body.id);
      if (condition?.ifMatch !== undefined) {
        const change = pointRequest("change", container, body.id, partitionKey);
        return replaceItem(runner, { ...change, isUpsert: true }, body, condition);
      }
      const request = creationIn(container, partitionKey);
      return runner.run(request, async (scoped, abortSignal) => {
        const { resource } = await scoped.items.upsert<ItemDefinition>(
          { ...body },
          { abortSignal, ...inPartition(request) },
        );
        return resource as unknown as Item; // As above; the SDK's type has no system properties
      });
    },

    replace: async (container, id, body, partitionKey, condition) => {
      requireItemId(body.id);
      const request = pointRequest("change", container, id, partitionKey);
      return replaceItem(runner, request, body, condition);
    },

    delete: async (container, id, partitionKey, condition) => {
      const request = pointRequest("change", container, id, partitionKey);
      const options = toAccessCondition(condition);
      await runner.run(request, (scoped, abortSignal) =>
        pointAt(scoped, request).delete({ abortSignal, ...options }),
      );
    },

    patch: async (container, id, operations, partitionKey, condition = {}) => {
      const request = {
        ...pointRequest("change", container, id, partitionKey),
        hasCondition: condition.condition !== undefined,
      };
      const [body, ...others] = toPatchBodies(operations, condition.condition);
      if (body === undefined || others.length > 0) {
        return runLongPatch(runner, { ...request, operations, condition });
      }
      const options = toAccessCondition(condition);
      return runner.run(request, async (scoped, abortSignal) => {
        const { resource } = await pointAt(scoped, request).patch<ItemDefinition>(body, {
          abortSignal,
          ...options,
        });
        return resource as Item; // As above
      });
    },

    batch: async (container, operations, partitionKey) =>
      runBatch(runner, {
        container,
        partitionKey: requirePartitionKey(partitionKey),
        operations,
      }),
  };
}

function creationIn(container: string, partitionKey: PartitionKey): ItemRequest {
  return { kind: "create", container, partitionKey: requirePartitionKey(partitionKey) };
}

function replaceItem(
  runner: ScopedRunner,
  request: PointRequest,
  body: ItemBody,
  condition: WriteCondition | undefined,
): Promise<Item> {
  const options = toAccessCondition(condition);
  return runner.run(request, async (scoped, abortSignal) => {
    const { resource } = await pointAt(scoped, request).replace<ItemDefinition>(
      { ...body },
      { abortSignal, ...options },
    );
    return resource as Item; // Cosmos DB answers the stored item, system properties included
  });
}
