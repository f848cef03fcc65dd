import { type ExecutionResult, execute, parse, validate } from "graphql";
import type { Access, WantedPermission } from "../../src/access/access.ts";
import { systemClock } from "../../src/clock.ts";
import type { PermissionMode } from "../../src/config/config.ts";
import { createCosmosTransport } from "../../src/cosmos/cosmos-transport.ts";
import { createMetadataCache } from "../../src/cosmos/metadata-cache.ts";
import type { PartitionKey } from "../../src/cosmos/partition-key.ts";
import { type SeedContainer, startEmulator } from "../../src/emulator/start-emulator.ts";
import { type ApiSchemaOptions, buildApiSchema } from "../../src/graphql/build-schema.ts";
import { createErrorFormatter } from "../../src/graphql/plugins/format-error.ts";
import { createScopedItems } from "../../src/items/scoped-items.ts";
import { loadModel } from "../../src/model/load-model.ts";
import type { Observation } from "../../src/observability/observation.ts";
import { Secret } from "../../src/secret.ts";
import { createAccountClient } from "../../src/tokens/account-client.ts";
import { createGrantCache } from "../../src/tokens/grant-cache.ts";
import { emulatorControls } from "../emulator-controls.ts";

/** A permission of a caller, such as `{ container: "orders", partitionKey: ["contoso"] }`. */
export interface Permission {
  readonly container: string;
  readonly partitionKey?: PartitionKey;
  readonly item?: string;
  /** Default All. */
  readonly mode?: PermissionMode;
}

export interface ApiSetUp extends Partial<ApiSchemaOptions> {
  /** SDL of the model. */
  readonly model: string;
  readonly containers: readonly SeedContainer[];
  /** Physical partitions of each container. Default 1. */
  readonly partitions?: number;
}

export interface ApiAnswer {
  // What an operation answers is up to the test that wrote it.
  // biome-ignore lint/suspicious/noExplicitAny: tests read answers of any shape
  readonly data: any;
  readonly errors: readonly { readonly code: unknown; readonly message: string }[];
  /** `errors`, codes alone. */
  readonly codes: readonly unknown[];
}

/** The schema of a model over an emulator, with callers that have exactly the permissions a test gives. */
export async function startApiUnderTest(setUp: ApiSetUp) {
  const emulator = await startEmulator({
    port: 0,
    testControls: true,
    partitions: setUp.partitions ?? 1,
    seed: [{ id: "shop", containers: setUp.containers }],
  });
  const transport = createCosmosTransport();
  const observations: Observation[] = [];
  const observe = (observation: Observation) => {
    observations.push(observation);
  };
  const shared = {
    endpoint: emulator.endpoint,
    database: "shop",
    httpClient: transport.httpClient,
    clock: systemClock,
  };
  const accountClient = createAccountClient({
    ...shared,
    keys: emulator.keys.map((key) => new Secret(key)),
    observe,
  });
  const tokens = {
    lifetimeSeconds: 3600,
    refreshAheadSeconds: 600,
    maxCachedUsers: 1000,
    provision: "auto" as const,
    issue: false,
  };
  const grantCache = createGrantCache({ accountClient, tokens, clock: systemClock, observe });
  const openItems = createScopedItems({
    ...shared,
    metadata: createMetadataCache(systemClock),
    renew: grantCache.renew,
  });
  const model = loadModel([{ path: "test.model.graphql", text: setUp.model }]);
  const schema = buildApiSchema(model, {
    pageSize: setUp.pageSize ?? { default: 50, max: 1000 },
    cursorKey: setUp.cursorKey ?? Buffer.alloc(32, 7),
    ...(setUp.createId === undefined ? {} : { createId: setUp.createId }),
    ...(setUp.genericApi === undefined ? {} : { genericApi: setUp.genericApi }),
    ...(setUp.extend === undefined ? {} : { extend: setUp.extend }),
  });
  const formatError = createErrorFormatter({ observe });

  const run = async (
    access: Access,
    query: string,
    variables: Readonly<Record<string, unknown>> = {},
  ): Promise<ApiAnswer> => {
    const items = openItems(access, await grantCache.grantsFor(access));
    const caller = {
      kind: "authenticated",
      issuer: "https://issuer.test/",
      subject: access.cosmosUserId,
      claims: {},
    } as const;
    const document = parse(query);
    const faults = validate(schema, document);
    if (faults.length > 0) {
      throw new Error(faults.map((fault) => fault.message).join("\n"));
    }
    const result: ExecutionResult = await execute({
      schema,
      document,
      variableValues: variables,
      contextValue: { caller, access, items },
    });
    const errors = (result.errors ?? []).map((error) => {
      const formatted = formatError(error.toJSON(), error);
      return { code: formatted.extensions?.code, message: formatted.message };
    });
    return { data: result.data, errors, codes: errors.map(({ code }) => code) };
  };

  return {
    ...emulatorControls(emulator.endpoint),
    model,
    schema,
    observations,
    /** A caller of that name. One name always with the same permissions. */
    as: (name: string, ...permissions: readonly Permission[]) => {
      const access = accessOf(name, permissions);
      return (query: string, variables?: Readonly<Record<string, unknown>>) =>
        run(access, query, variables);
    },
    stop: async () => {
      transport.close();
      await emulator.stop();
    },
  };
}

export type ApiUnderTest = Awaited<ReturnType<typeof startApiUnderTest>>;

function accessOf(cosmosUserId: string, permissions: readonly Permission[]): Access {
  return {
    profile: "test",
    cosmosUserId,
    wantedPermissions: permissions.map((permission): WantedPermission => {
      const scope = [permission.item, permission.partitionKey].filter((part) => part !== undefined);
      const id = Buffer.from(JSON.stringify(scope)).toString("hex");
      return {
        mode: "All",
        ...permission,
        permissionId: `gateway-${permission.container}-${id}`,
      };
    }),
  };
}
