import type { Config } from "../config/config.ts";
import type { Observe } from "../observability/observation.ts";
import type { ApiSchemaOptions } from "./build-schema.ts";

/** What a configuration says about the API's schema. `observe` learns of issued tokens. */
export function configuredApi(
  { limits, api, tokens, cosmos }: Pick<Config, "limits" | "api" | "tokens" | "cosmos">,
  observe: Observe,
): Pick<ApiSchemaOptions, "pageSize" | "genericApi" | "issueTokens"> {
  const { endpoint, database } = cosmos;
  return {
    pageSize: limits.pageSize,
    genericApi: api.generic,
    ...(tokens.issue && { issueTokens: { endpoint, database, observe } }),
  };
}
