import { createObjectClass } from "../classes/api-class.ts";
import type { ApiOperation } from "../classes/resolver-class.ts";
import { API_SCALARS } from "../classes/scalars.ts";
import type { RequestContext } from "../request-context.ts";
import { grantFields, grantValues } from "./grant-fields.ts";

/** `viewer: Viewer`: who the caller is to the gateway and to Cosmos DB. Never a token. */
export function viewerOperation(permissionMode: object): ApiOperation {
  const permission = createObjectClass(
    "ViewerPermission",
    "One Cosmos DB permission that the caller has.",
    [
      ...grantFields(permissionMode),
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
    permissions: items.grants.map(grantValues),
  };
}
