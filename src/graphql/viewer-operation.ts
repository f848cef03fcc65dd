import { createObjectClass } from "./api-class.ts";
import type { RequestContext } from "./request-context.ts";
import type { ApiOperation } from "./resolver-class.ts";
import { API_SCALARS } from "./scalars.ts";

/** `viewer: Viewer!`: who the caller is to the gateway and to Cosmos DB. Never a token. */
export function viewerOperation(permissionMode: object): ApiOperation {
  const permission = createObjectClass(
    "ViewerPermission",
    "One Cosmos DB permission that the caller has.",
    [
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
      {
        name: "expiresAt",
        description: "When the gateway stops using its present token and gets a new one.",
        type: () => API_SCALARS.DateTime,
      },
    ],
  );
  const viewer = createObjectClass(
    "Viewer",
    "The caller, as the gateway and Cosmos DB know them.",
    [
      {
        name: "subject",
        description: "Who the caller is to the issuer (`sub`). Null for an anonymous caller.",
        type: () => API_SCALARS.String,
        nullable: true,
      },
      {
        name: "issuer",
        description: "Who vouches for the caller (`iss`). Null for an anonymous caller.",
        type: () => API_SCALARS.String,
        nullable: true,
      },
      {
        name: "profile",
        description: "The access profile that fits the caller.",
        type: () => API_SCALARS.String,
      },
      {
        name: "cosmosUser",
        description: "The id of the Cosmos DB user that the caller acts as.",
        type: () => API_SCALARS.String,
      },
      {
        name: "permissions",
        description: "The permissions of that user.",
        type: () => [permission],
      },
    ],
  );
  return {
    kind: "query",
    name: "viewer",
    description: "Who the caller is, and what they may do.",
    type: () => viewer,
    arguments: [],
    resolve: (_args, context) => viewerOf(context),
  };
}

function viewerOf({ caller, access, items }: RequestContext): object {
  return {
    subject: caller.kind === "authenticated" ? caller.subject : null,
    issuer: caller.kind === "authenticated" ? caller.issuer : null,
    profile: access.profile,
    cosmosUser: access.cosmosUserId,
    permissions: items.grants.map((grant) => ({
      container: grant.container,
      partitionKey: grant.partitionKey ?? null,
      item: grant.item ?? null,
      mode: grant.mode,
      expiresAt: new Date(grant.expiresAtMs).toISOString(),
    })),
  };
}
