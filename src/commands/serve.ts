import { createApp } from "../app.ts";
import { systemClock } from "../clock.ts";
import { createLogger, createLogObserver } from "../observability/log.ts";
import { type Command, requiredText } from "./command.ts";
import { EXTEND_OPTION, loadExtension } from "./load-extension.ts";
import { loadProject } from "./load-project.ts";
import { explainStartError, runUntilStopped } from "./run-until-stopped.ts";

export const serveCommand: Command = {
  name: "serve",
  summary: "serve a real account to callers of real issuers",
  options: {
    config: {
      type: "string",
      value: "FILE",
      summary: "the configuration",
      default: "gateway.yaml",
    },
    extend: EXTEND_OPTION,
  },
  run: async (values, io) => {
    const { config, model, readSecretsAgain } = loadProject(requiredText(values, "config"), io);
    const extend = await loadExtension(values, io);
    const logger = createLogger(io.writeOut);
    const observe = createLogObserver(logger);
    const app = await createApp({
      config,
      model,
      clock: systemClock,
      observe,
      readSecretsAgain,
      ...(extend === undefined ? {} : { extend }),
    });
    return runUntilStopped(io, {
      observe,
      drainDelayMs: config.server.drainDelayMs,
      start: async () => {
        try {
          const address = await app.start();
          logger.info({ event: "listening", address }, `GraphQL at ${address}/graphql`);
          return app;
        } catch (error) {
          await app.stop();
          throw explainStartError(error);
        }
      },
    });
  },
};
