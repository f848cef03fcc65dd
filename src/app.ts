import type { FastifyPluginCallback } from "fastify";
import type { Access, WantedPermission } from "./access/access.ts";
import { createAccessResolver } from "./access/resolve-access.ts";
import { createAuthenticator } from "./auth/authenticate.ts";
import type { Caller } from "./auth/caller.ts";
import { wwwAuthenticate } from "./auth/unauthenticated-error.ts";
import type { Clock } from "./clock.ts";
import type { Config } from "./config/config.ts";
import type { SecretsRead } from "./config/secret-reader.ts";
import { createCosmosTransport } from "./cosmos/cosmos-transport.ts";
import { createMetadataCache } from "./cosmos/metadata-cache.ts";
import { createMetadataHttpClient } from "./cosmos/metadata-http-client.ts";
import type { ApiExtension } from "./graphql/api-extension.ts";
import { buildApiSchema } from "./graphql/build-schema.ts";
import { configuredApi } from "./graphql/configured-api.ts";
import { cosmosCostPlugin } from "./graphql/plugins/cosmos-cost-plugin.ts";
import { createErrorFormatter } from "./graphql/plugins/format-error.ts";
import { hiddenSchemaPlugin } from "./graphql/plugins/hidden-schema-plugin.ts";
import { operationLimitsPlugin } from "./graphql/plugins/operation-limits-plugin.ts";
import { writtenPlugin } from "./graphql/plugins/written-plugin.ts";
import { createApollo } from "./http/apollo.ts";
import { createDrain } from "./http/drain.ts";
import { graphqlRoute } from "./http/graphql-route.ts";
import { healthRoutes } from "./http/health-routes.ts";
import { createHttpServer } from "./http/http-server.ts";
import { createRequestOpener } from "./http/open-request.ts";
import { createReadinessCheck } from "./http/readiness.ts";
import { createAdmission } from "./items/admission.ts";
import { createTokenIssuing } from "./items/issue-tokens.ts";
import { createScopedItems } from "./items/scoped-items.ts";
import { checkContainersFit, ModelMismatchError } from "./model/check-containers-fit.ts";
import type { Model } from "./model/model.ts";
import type { Observe } from "./observability/observation.ts";
import { createReloadableSecrets } from "./reloadable-secrets.ts";
import { createAccountClient } from "./tokens/account-client.ts";
import { createGrantCache } from "./tokens/grant-cache.ts";
import { provisionPermissions } from "./tokens/provision-permissions.ts";

export interface AppOptions {
  readonly config: Config;
  readonly model: Model;
  readonly clock: Clock;
  readonly observe: Observe;
  /** Reads the files again that keys and secrets come from. Default: they stay as they are. */
  readonly readSecretsAgain?: () => SecretsRead;
  /** A team's own part of the API. Default: none. */
  readonly extend?: ApiExtension;
  /** Routes beside the gateway's own, such as the development issuer's. */
  readonly routes?: readonly FastifyPluginCallback[];
}

export interface App {
  /**
   * Listens, and returns the address, such as `http://127.0.0.1:4000`.
   *
   * @throws ModelMismatchError before listening, if a model contradicts its container.
   */
  start(): Promise<string>;
  /** Takes the keys and secrets that stand in the configuration's files now. */
  readSecretsAgain(): void;
  /**
   * Isn't ready from now on, takes requests for `server.drainDelayMs` more, finishes those under
   * way, and closes every connection.
   */
  stop(): Promise<void>;
}

/**
 * Creates or reconciles the Cosmos DB user and the permissions of one caller, as a request of that
 * caller would with `tokens.provision: auto`. Returns what there is then, without tokens.
 */
export async function provisionCaller(
  caller: Caller,
  { config, clock, observe }: Pick<AppOptions, "config" | "clock" | "observe">,
): Promise<{ readonly access: Access; readonly permissions: readonly ProvisionedPermission[] }> {
  const { endpoint, keys, database } = config.cosmos;
  const transport = createCosmosTransport();
  try {
    const { httpClient } = transport;
    const accountClient = createAccountClient({ endpoint, keys, database, httpClient, observe });
    const { lifetimeSeconds } = config.tokens;
    const access = createAccessResolver(config.profiles, { database })(caller);
    const { permissions } = await provisionPermissions(access, {
      accountClient,
      tokens: { lifetimeSeconds },
      clock,
      observe,
    });
    return {
      access,
      permissions: permissions.map(({ permission: { permissionId, mode } }) => ({
        permissionId,
        mode,
      })),
    };
  } finally {
    transport.close();
  }
}

/** A permission that a Cosmos DB user has. */
export type ProvisionedPermission = Pick<WantedPermission, "permissionId" | "mode">;

/** The gateway, put together: each part is built once, here, and knows only what it is handed. */
export async function createApp(options: AppOptions): Promise<App> {
  const { config, model, clock, observe, extend, routes = [] } = options;
  const { endpoint, database } = config.cosmos;

  const authenticate = createAuthenticator({ ...config.auth, clock, observe });
  const secrets = createReloadableSecrets({
    config,
    readSecretsAgain: options.readSecretsAgain,
    onKeySets: authenticate.replaceKeySets,
    clock,
    observe,
  });

  const transport = createCosmosTransport(config.limits.inFlight);
  const { httpClient } = transport;
  const admission = createAdmission(config.limits);
  const metadata = createMetadataCache(clock);
  const accountClient = createAccountClient({
    endpoint,
    keys: secrets.accountKeys,
    onEveryKeyRefused: secrets.readAgainIfDue,
    database,
    // What the check of the models reads at start, no caller reads again.
    httpClient: createMetadataHttpClient(httpClient, metadata),
    observe,
  });
  const grantCache = createGrantCache({ accountClient, tokens: config.tokens, clock, observe });
  const { renew, grantsFor } = grantCache;

  const openItems = createScopedItems({
    endpoint,
    database,
    httpClient,
    metadata,
    clock,
    renew,
    admission,
  });
  const issuing = config.tokens.issue
    ? createTokenIssuing({ endpoint, database, openItems, grantsFor, observe })
    : undefined;
  const openRequest = createRequestOpener({
    authenticate,
    resolveAccess: createAccessResolver(config.profiles, { database }),
    grantsFor: (access, { signal, deadlineMs }) => grantsFor(access, signal, deadlineMs),
    openItems: issuing?.openItems ?? openItems,
  });

  const apollo = createApollo({
    observe,
    schema: buildApiSchema(model, {
      ...configuredApi(config, issuing?.issueTokens),
      cursorKey: secrets.cursorKeys,
      ...(extend === undefined ? {} : { extend }),
    }),
    introspection: config.introspection,
    formatError: createErrorFormatter({ observe }),
    plugins: [
      cosmosCostPlugin(),
      operationLimitsPlugin(config.limits),
      writtenPlugin(),
      ...(config.introspection ? [] : [hiddenSchemaPlugin()]),
    ],
  });
  await apollo.start();

  const checkContainers = () => checkContainersFit(model, accountClient.readContainer);
  const drain = createDrain();
  const checkReadiness = createReadinessCheck({
    probes: [
      { name: "cosmos", probe: accountClient.checkDatabase },
      { name: "containers", probe: checkContainers, needs: "cosmos" },
      { name: "issuerKeys", probe: authenticate.probeIssuerKeys },
    ],
    isDraining: drain.isDraining,
    clock,
    observe,
  });
  const { requestBytes, requestTimeoutMs } = config.limits;
  const server = createHttpServer({
    requestBytes,
    challengeFor: wwwAuthenticate,
    observe,
    drain,
    routes: [
      graphqlRoute({
        apollo,
        openRequest,
        requestTimeoutMs,
        corsOrigins: config.server.corsOrigins,
        anonymous: config.auth.anonymous,
      }),
      healthRoutes(checkReadiness),
      ...routes,
    ],
  });

  return {
    start: async () => {
      await checkContainers().catch((error: unknown) => {
        // Anything else may pass, and is said below.
        if (error instanceof ModelMismatchError) {
          throw error;
        }
      });
      const address = await server.listen({ host: config.server.host, port: config.server.port });
      // A missing container may still be made: the gateway runs, reports it, and `/readyz` keeps
      // traffic off.
      await checkReadiness();
      return address;
    },
    readSecretsAgain: secrets.readAgain,
    stop: async () => {
      await drain.start(config.server.drainDelayMs);
      await server.close();
      await apollo.stop();
      transport.close();
    },
  };
}
