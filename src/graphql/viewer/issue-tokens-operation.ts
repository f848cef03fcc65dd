import type { IssueTokens } from "../../items/issue-tokens.ts";
import { createObjectClass, REQUEST_COMPLEXITY } from "../classes/api-class.ts";
import type { ApiOperation } from "../classes/resolver-class.ts";
import { API_SCALARS } from "../classes/scalars.ts";
import { grantFields, grantValues } from "./grant-fields.ts";

/**
 * `issueResourceTokens: [ResourceToken!]`: the caller's own resource tokens, for a client that
 * talks to Cosmos DB directly.
 */
export function issueTokensOperation(
  issueTokens: IssueTokens,
  permissionMode: object,
): ApiOperation {
  const issuedToken = createObjectClass(
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
    type: () => [issuedToken],
    arguments: [],
    resolve: async (_args, { items }) => {
      const issued = await issueTokens(items);
      return issued.map(({ endpoint, database, scope, resourceToken }) => ({
        endpoint,
        database,
        ...grantValues(scope),
        token: resourceToken,
      }));
    },
  };
}
