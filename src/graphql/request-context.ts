import type { Access } from "../access/access.ts";
import type { Caller } from "../auth/caller.ts";
import type { ItemOperations } from "../items/item-operations.ts";

/** What resolvers know of the request. They reach Cosmos DB through `items` and nothing else. */
export interface RequestContext {
  readonly caller: Caller;
  readonly access: Access;
  /** Item operations in the caller's name. */
  readonly items: ItemOperations;
}
