import type { Observe } from "../../observability/observation.ts";
import { createObjectClass, REQUEST_COMPLEXITY } from "../classes/api-class.ts";
import type { ApiOperation } from "../classes/resolver-class.ts";
import { API_SCALARS } from "../classes/scalars.ts";
import type { RequestContext } from "../request-context.ts";
import { grantFields, grantValues } from "./grant-fields.ts";

export interface TokenIssuing {
  /** Where the tokens are good: the account, as the gateway reaches it, and the database. */
  readonly endpoint: string;
  readonly database: string;
  readonly observe: Observe;
}

/**
 * `issueResourceTokens: [ResourceToken!]`: the caller's own resource tokens, for a client that talks
 * to Cosmos DB directly. The only place where a token leaves the gateway.
 */
export function issueTokensOperation(issuing: TokenIssuing, permissionMode: object): ApiOperation {
  const resourceToken = createObjectClass(
    "ResourceToken",
    "A resource token of the caller: what Cosmos DB takes in place of a key, for one permission.",
    [
      {
        name: "endpoint",
        description: "The Cosmos DB account that takes it.",
        type: () => API_SCALARS.String,
      },
      { name: "database", description: "The database.", type: () => API_SCALARS.String },
      ...grantFields(permissionMode),
      {
        name: "token",
        description:
          "The resource token itself. Until it expires, whoever has it may do what it allows: no one can take it back.",
        type: () => API_SCALARS.String,
      },
      {
        name: "expiresAt",
        description: "Until when to use it. Ask for another one before that.",
        type: () => API_SCALARS.DateTime,
      },
    ],
  );
  return {
    kind: "mutation",
    name: "issueResourceTokens",
    complexity: REQUEST_COMPLEXITY,
    description:
      "Your own resource tokens, one for each permission, to talk to Cosmos DB directly. Never store them beyond `expiresAt`, and show them to no one.",
    type: () => [resourceToken],
    arguments: [],
    resolve: (_args, context) => issueTokens(issuing, context),
  };
}

function issueTokens(
  { endpoint, database, observe }: TokenIssuing,
  { items }: RequestContext,
): readonly object[] {
  const { cosmosUserId, grants } = items;
  observe({
    kind: "resource-tokens-issued",
    cosmosUserId,
    permissions: grants.map(({ permissionId, mode }) => ({ permissionId, mode })),
  });
  return grants.map((grant) => ({
    endpoint,
    database,
    ...grantValues(grant),
    token: grant.resourceToken.reveal(),
  }));
}
