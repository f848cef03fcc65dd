import { createApp } from "../../../src/app.ts";
import type { Clock } from "../../../src/clock.ts";
import { loadProject } from "../../../src/commands/load-project.ts";
import type { IssuerConfig } from "../../../src/config/config.ts";
import { createLogger, createLogObserver } from "../../../src/observability/log.ts";
import type { Observation } from "../../../src/observability/observation.ts";

/** One gateway process, as good as: it shares nothing with the other replicas but the database. */
export interface Replica {
  /** Of `/graphql`; another one after a restart. */
  readonly url: string;
  /** What it observed, oldest first, over all its starts. Take them out as you read them. */
  readonly observations: Observation[];
  /** The lines that it would have logged, likewise. */
  readonly logLines: string[];
  /** Reads the account keys again, as SIGHUP does. */
  readSecretsAgain(): void;
  /** Stops it and starts it anew, without the grants that it had. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export interface ReplicaOptions {
  /** With `gateway.yaml` and the files that it names. */
  readonly folder: string;
  readonly clock: Clock;
  readonly issuer: IssuerConfig;
}

export async function startReplica(options: ReplicaOptions): Promise<Replica> {
  const observations: Observation[] = [];
  const logLines: string[] = [];
  const log = createLogObserver(createLogger((line) => logLines.push(line)));
  const observe = (observation: Observation) => {
    observations.push(observation);
    log(observation);
  };
  let running = await startOnce(options, observe);
  return {
    get url() {
      return running.url;
    },
    observations,
    logLines,
    readSecretsAgain: () => running.readSecretsAgain(),
    restart: async () => {
      await running.stop();
      running = await startOnce(options, observe);
    },
    stop: () => running.stop(),
  };
}

async function startOnce(
  { folder, clock, issuer }: ReplicaOptions,
  observe: (observation: Observation) => void,
) {
  const { config, model, readSecretsAgain } = loadProject(
    "gateway.yaml",
    { env: {}, workingFolder: folder },
    { auth: { issuers: [issuer] } },
  );
  const app = await createApp({ config, model, clock, observe, readSecretsAgain });
  const address = await app.start();
  return {
    url: `${address}/graphql`,
    stop: () => app.stop(),
    readSecretsAgain: () => app.readSecretsAgain(),
  };
}
