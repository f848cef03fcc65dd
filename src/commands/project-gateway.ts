import { createApp } from "../app.ts";
import { systemClock } from "../clock.ts";
import type { ApiExtension } from "../graphql/api-extension.ts";
import { createLogger, createLogObserver } from "../observability/log.ts";
import type { Observe } from "../observability/observation.ts";
import type { Project } from "./load-project.ts";
import { explainStartError, type Running } from "./run-until-stopped.ts";

/** A gateway that logs, put together and not started. */
export interface ProjectGateway {
  readonly observe: Observe;
  /** @throws Error that says why it can't start; everything that it had opened is closed then. */
  start(): Promise<Running & { readonly address: string }>;
}

/**
 * The gateway of a configuration and its models.
 *
 * @param log takes the log, a JSON line at a time.
 * @param extend own resolvers, if there are any.
 */
export async function createProjectGateway(
  { config, model, readSecretsAgain }: Project,
  log: (line: string) => void,
  extend: ApiExtension | undefined,
): Promise<ProjectGateway> {
  const logger = createLogger(log);
  const observe = createLogObserver(logger);
  const app = await createApp({
    config,
    model,
    clock: systemClock,
    observe,
    readSecretsAgain,
    ...(extend === undefined ? {} : { extend }),
  });
  return {
    observe,
    start: async () => {
      try {
        const address = await app.start();
        logger.info({ event: "listening", address }, `GraphQL at ${address}/graphql`);
        return { address, readSecretsAgain: app.readSecretsAgain, stop: app.stop };
      } catch (error) {
        await app.stop();
        throw explainStartError(error);
      }
    },
  };
}
