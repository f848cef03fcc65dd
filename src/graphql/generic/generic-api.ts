import type { ApiOperation } from "../classes/resolver-class.ts";
import { genericItemOperation } from "./generic-item.ts";
import { genericPatchOperation } from "./generic-patch.ts";
import { type GenericQueryOptions, genericQueryOperation } from "./generic-query.ts";
import {
  genericCreateOperation,
  genericDeleteOperation,
  genericReplaceOperation,
  genericUpsertOperation,
} from "./generic-writes.ts";

export interface GenericApiOptions extends GenericQueryOptions {
  /** Makes the id of an item that is created without one. */
  readonly createId: () => string;
}

/**
 * Operations over plain JSON and SQL, for every container that the caller has a permission on. They
 * add nothing to what a caller may do: Cosmos DB decides by the token and the partition-key header
 * of each request, whatever its SQL or its item says.
 */
export function genericOperations(options: GenericApiOptions): readonly ApiOperation[] {
  const { createId } = options;
  return [
    genericItemOperation(),
    genericQueryOperation(options),
    genericCreateOperation(createId),
    genericUpsertOperation(createId),
    genericReplaceOperation(),
    genericPatchOperation(),
    genericDeleteOperation(),
  ];
}
