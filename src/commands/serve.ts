import { type Command, requiredText } from "./command.ts";
import { EXTEND_OPTION, loadExtension } from "./load-extension.ts";
import { CONFIG_OPTION, loadProject } from "./load-project.ts";
import { createProjectGateway } from "./project-gateway.ts";
import { runUntilStopped } from "./run-until-stopped.ts";

export const serveCommand: Command = {
  name: "serve",
  summary: "serve a real account to callers of real issuers",
  options: {
    config: CONFIG_OPTION,
    extend: EXTEND_OPTION,
  },
  run: async (values, io) => {
    const project = loadProject(requiredText(values, "config"), io);
    const extend = await loadExtension(values, io);
    const { observe, start } = await createProjectGateway(project, io.writeOut, extend);
    const { drainDelayMs } = project.config.server;
    return runUntilStopped(io, { observe, drainDelayMs, start });
  },
};
