import type { FastifyPluginCallback } from "fastify";
import { type App, createApp } from "../app.ts";
import type { Clock } from "../clock.ts";
import type { Config } from "../config/config.ts";
import type { ConfigOverrides } from "../config/config-overrides.ts";
import type { SecretsRead } from "../config/secret-reader.ts";
import { type Emulator, type SeedDatabase, startEmulator } from "../emulator/start-emulator.ts";
import type { ApiExtension } from "../graphql/api-extension.ts";
import type { Model } from "../model/model.ts";
import type { Observe } from "../observability/observation.ts";
import { Secret } from "../secret.ts";
import { createDevelopmentIssuer, type DevelopmentIssuer } from "./development-issuer.ts";
import { developmentIssuerRoutes } from "./development-issuer-routes.ts";
import { SAMPLE_DATABASE } from "./sample-data.ts";

export interface DevelopmentGatewayOptions {
  /** Reads the configuration with the emulator's and the issuer's values in place of its own. */
  readonly loadProject: (overrides: ConfigOverrides) => {
    readonly config: Config;
    readonly model: Model;
    readonly readSecretsAgain?: () => SecretsRead;
  };
  readonly clock: Clock;
  readonly observe: Observe;
  /** Port of the gateway; 0 for any free one. Default: the configuration's. */
  readonly port?: number;
  /** Port of the emulator; 0 for any free one. Default 8081. */
  readonly emulatorPort?: number;
  /** Where the emulator keeps its data. Default: in memory only. */
  readonly dataDir?: string;
  /** Whether the emulator has its routes under `/_emulator`. Default no. */
  readonly testControls?: boolean;
  /** What the emulator starts with. Default: the sample shop. */
  readonly database?: SeedDatabase;
  /** Physical partitions of each of the emulator's containers. Default 1. */
  readonly partitions?: number;
  /** A team's own part of the API. Default: none. */
  readonly extend?: ApiExtension;
  /** Routes beside those of the gateway and the issuer. */
  readonly routes?: readonly FastifyPluginCallback[];
}

export interface DevelopmentGateway {
  /** Such as `http://127.0.0.1:4000`. */
  readonly address: string;
  readonly emulator: Emulator;
  readonly issuer: DevelopmentIssuer;
  /** Takes the secrets that stand in the configuration's files now. */
  readSecretsAgain(): void;
  stop(): Promise<void>;
}

/**
 * The gateway as in production, but with the embedded emulator, and with an issuer that signs for
 * sample callers. It always listens on this machine alone, also against the configuration.
 */
export async function startDevelopmentGateway(
  options: DevelopmentGatewayOptions,
): Promise<DevelopmentGateway> {
  const { loadProject, clock, observe, port, emulatorPort, dataDir, routes = [] } = options;
  const issuer = await createDevelopmentIssuer({ clock });
  const { database = SAMPLE_DATABASE, partitions, extend } = options;
  const emulator = await startEmulator({
    seed: [database],
    testControls: options.testControls ?? false,
    ...(emulatorPort === undefined ? {} : { port: emulatorPort }),
    ...(dataDir === undefined ? {} : { dataDir }),
    ...(partitions === undefined ? {} : { partitions }),
  });
  let app: App | undefined;
  try {
    const { config, model, readSecretsAgain } = loadProject({
      server: { host: "127.0.0.1", ...(port === undefined ? {} : { port }) },
      cosmos: {
        endpoint: emulator.endpoint,
        keys: emulator.keys.map((key) => new Secret(key)),
        database: database.id,
      },
      auth: { issuers: [issuer.trust] },
    });
    const created = await createApp({
      config,
      model,
      clock,
      observe,
      ...(readSecretsAgain === undefined ? {} : { readSecretsAgain }),
      ...(extend === undefined ? {} : { extend }),
      routes: [developmentIssuerRoutes(issuer), ...routes],
    });
    app = created;
    const address = await created.start();
    return {
      address,
      emulator,
      issuer,
      readSecretsAgain: created.readSecretsAgain,
      stop: () => stopBoth(created, emulator),
    };
  } catch (error) {
    await stopBoth(app, emulator);
    throw error;
  }
}

async function stopBoth(app: App | undefined, emulator: Emulator): Promise<void> {
  await app?.stop();
  await emulator.stop();
}
