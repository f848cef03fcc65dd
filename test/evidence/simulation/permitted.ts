import type { Access } from "../../model/access.ts";
import { type CosmosRequest, verdictOf } from "../../model/verdict.ts";
import { DATABASE_ID } from "../world/create-world.ts";
import { TYPE_PLANS } from "../world/type-plans.ts";
import type { Ask } from "./operations.ts";

/** Whether the reference model lets one of the caller's permissions do what an operation asks. */
export function isPermitted({ permissions }: Access, ask: Ask): boolean {
  const request = cosmosRequestOf(ask);
  return permissions.some(
    ({ container, item, partitionKey, mode }) =>
      verdictOf(
        {
          resource: `dbs/${DATABASE_ID}/colls/${container}${item === undefined ? "" : `/docs/${item}`}`,
          ...(partitionKey && { partitionKey }),
          mode,
          startMs: 0,
          expiryMs: 0,
        },
        request,
        { nowMs: 0, levelsOf },
      ) === "allowed",
  );
}

/** Levels of a container's partition key. */
export function levelsOf(container: string): number | undefined {
  return TYPE_PLANS.find((plan) => plan.container === container)?.partitionKeyFields.length;
}

/** The one request to Cosmos DB that an operation comes to. */
function cosmosRequestOf({ do: what, target }: Ask): CosmosRequest {
  const feed = ["dbs", DATABASE_ID, "colls", target.container, "docs"];
  const item = [...feed, target.content.id];
  const headers = { "x-ms-documentdb-partitionkey": JSON.stringify(target.partitionKey) };
  switch (what) {
    case "read":
      return { method: "GET", segments: item, headers };
    case "list":
    case "follow":
      return {
        method: "POST",
        segments: feed,
        headers: { ...headers, "x-ms-documentdb-isquery": "true" },
      };
    case "create":
      return { method: "POST", segments: feed, headers };
    case "issue":
      throw new Error("No request to Cosmos DB hands out what the gateway has.");
    case "append":
      return { method: "PATCH", segments: item, headers };
    case "delete":
      return { method: "DELETE", segments: item, headers };
    case "transact":
      return {
        method: "POST",
        segments: feed,
        headers: {
          ...headers,
          "x-ms-cosmos-is-batch-request": "true",
          "x-ms-cosmos-batch-atomic": "true",
        },
      };
  }
}
