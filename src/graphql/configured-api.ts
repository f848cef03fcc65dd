import type { Config } from "../config/config.ts";
import type { IssueTokens } from "../items/issue-tokens.ts";
import type { ApiSchemaOptions } from "./build-schema.ts";

/**
 * What a configuration says about the API's schema.
 *
 * @param issueTokens what `issueResourceTokens` calls, with `tokens.issue`. Left out, the schema is
 *   one to look at: the mutation stands in it and issues nothing.
 */
export function configuredApi(
  { limits, api, tokens }: Pick<Config, "limits" | "api" | "tokens">,
  issueTokens: IssueTokens = issueNone,
): Pick<ApiSchemaOptions, "pageSize" | "genericApi" | "issueTokens"> {
  return {
    pageSize: limits.pageSize,
    genericApi: api.generic,
    ...(tokens.issue && { issueTokens }),
  };
}

async function issueNone(): Promise<never> {
  throw new Error("This schema was built without anything that issues resource tokens.");
}
