import type { GraphQLSchema } from "graphql";
import { parse, stringify } from "yaml";
import type { Config } from "../../../src/config/config.ts";
import { loadConfig } from "../../../src/config/load-config.ts";
import { buildApiSchema } from "../../../src/graphql/build-schema.ts";
import { configuredApi } from "../../../src/graphql/configured-api.ts";
import type { IssueTokens, TokenIssuing } from "../../../src/items/issue-tokens.ts";
import type { ItemOperations } from "../../../src/items/item-operations.ts";
import type { OpenItems } from "../../../src/items/scoped-items.ts";
import { loadModel } from "../../../src/model/load-model.ts";
import type { Permission, Profile } from "../../model/terms.ts";
import type { World } from "../world/create-world.ts";

export const ENDPOINT = "http://127.0.0.1:8081/";

export interface ConfigChoices {
  readonly profiles: readonly Profile[];
  readonly tokens: Readonly<Record<string, number>>;
  readonly limits: Readonly<Record<string, number>>;
}

/** The configuration of a replica: the world's, with other profiles and numbers. */
export function configOf(world: World, { profiles, tokens, limits }: ConfigChoices): Config {
  const written = parse(
    world.configYaml({
      endpoint: ENDPOINT,
      keys: ["unused"],
      schema: "./unused/*.model.graphql",
      tokens: { issue: true, ...tokens },
      limits,
    }),
  );
  const loaded = loadConfig({
    text: stringify({ ...written, profiles }),
    path: "/simulation/gateway.yaml",
    env: {},
    readFile: () => "",
  });
  if (!loaded.ok) {
    throw new Error(`The configuration is refused: ${JSON.stringify(loaded.faults)}`);
  }
  return loaded.config;
}

/** By the item operations of a request: what its replica issues tokens with. */
const issuers = new WeakMap<ItemOperations, IssueTokens>();

/** Notes whose replica a request is at, for the schema that all of them share. */
export function withIssuing({ openItems, issueTokens }: TokenIssuing): OpenItems {
  return (...asked) => {
    const items = openItems(...asked);
    issuers.set(items, issueTokens);
    return items;
  };
}

let schema: GraphQLSchema | undefined;

/** Built once for all seeds: the model is every world's, and a schema keeps nothing of a request. */
export function schemaOf(world: World, config: Config): GraphQLSchema {
  schema ??= buildApiSchema(loadModel([{ path: "world.model.graphql", text: world.modelSdl }]), {
    ...configuredApi(config, async (items) => (await issuers.get(items)?.(items)) ?? []),
    cursorKey: Buffer.alloc(32, 7),
  });
  return schema;
}

/**
 * The profiles after a change: members may write orders, have no documents any more, and the
 * auditor sees one tenant less. The same users, so that their permissions have to follow.
 */
export function changedProfiles(profiles: readonly Profile[]): readonly Profile[] {
  return profiles.map((profile) => ({
    ...profile,
    permissions: profile.permissions.flatMap((permission): readonly Permission[] => {
      if (profile.name === "member" && permission.container === "orders") {
        return [{ ...permission, mode: "All" }];
      }
      if (profile.name === "member" && permission.container === "documents") {
        return [];
      }
      return profile.name === "auditor" && permission.partitionKey?.[0] === "fabrikam"
        ? []
        : [permission];
    }),
  }));
}
