import type { WriteCondition } from "../../items/item-operations.ts";
import type { ApiField } from "../classes/api-class.ts";
import type { OperationArguments } from "../classes/resolver-class.ts";
import { API_SCALARS } from "../classes/scalars.ts";

/** `ifMatch`, of what writes over an item. `item` is what the item is called. */
export function ifMatchArgument(item: string): ApiField {
  return {
    name: "ifMatch",
    description: `Write only if the ${item}'s \`_etag\` is this one; otherwise PRECONDITION_FAILED.`,
    type: () => API_SCALARS.String,
    nullable: true,
  };
}

/** What `ifMatch` says; undefined where it is left out or null. */
export function ifMatchCondition({ ifMatch }: OperationArguments): WriteCondition | undefined {
  return typeof ifMatch === "string" ? { ifMatch } : undefined;
}
