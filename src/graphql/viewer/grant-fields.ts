import { registerEnumType } from "type-graphql";
import type { GrantScope } from "../../tokens/grant-scope.ts";
import type { ApiField } from "../classes/api-class.ts";
import { API_SCALARS } from "../classes/scalars.ts";

/** `PermissionMode`. To be made once for a schema. */
export function createPermissionMode(): object {
  const mode = { Read: "Read", All: "All" };
  registerEnumType(mode, {
    name: "PermissionMode",
    description: "What a Cosmos DB permission allows.",
    valuesConfig: {
      Read: { description: "Reading." },
      All: { description: "Reading and writing." },
    },
  });
  return mode;
}

/** What the API shows of a grant, without its token: where it holds, and what it allows. */
export function grantFields(permissionMode: object): readonly ApiField[] {
  return [
    {
      name: "container",
      description: "The container that it is on.",
      type: () => API_SCALARS.String,
    },
    {
      name: "partitionKey",
      description:
        "The partition that it is limited to, as a list with one value a level. Null: none.",
      type: () => API_SCALARS.JSON,
      nullable: true,
    },
    {
      name: "item",
      description: "The id of the one item that it is limited to. Null: none.",
      type: () => API_SCALARS.ID,
      nullable: true,
    },
    { name: "mode", description: "What it allows.", type: () => permissionMode },
  ];
}

/** The values of `grantFields`, and of a field `expiresAt`. */
export function grantValues(grant: GrantScope): object {
  return {
    container: grant.container,
    partitionKey: grant.partitionKey ?? null,
    item: grant.item ?? null,
    mode: grant.mode,
    expiresAt: new Date(grant.expiresAtMs).toISOString(),
  };
}
