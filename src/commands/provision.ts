import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { provisionCaller } from "../app.ts";
import type { AuthenticatedCaller } from "../auth/caller.ts";
import { systemClock } from "../clock.ts";
import { isJsonObject } from "../cosmos/json-object.ts";
import { GatewayError } from "../gateway-error.ts";
import { createLogger, createLogObserver } from "../observability/log.ts";
import { type Command, CommandFault, requiredText } from "./command.ts";
import { CONFIG_OPTION, loadProject } from "./load-project.ts";

export const provisionCommand: Command = {
  name: "provision",
  summary: "create or reconcile the Cosmos DB user and permissions of one caller",
  options: {
    config: CONFIG_OPTION,
    claims: {
      type: "string",
      value: "FILE",
      summary: "JSON with the claims of the caller's token",
    },
  },
  run: async (values, io) => {
    const caller = readCaller(resolve(io.workingFolder, requiredText(values, "claims")));
    const { config } = loadProject(requiredText(values, "config"), io);
    const logger = createLogger(io.writeError);
    // What was done, the output says.
    logger.level = "warn";
    const options = { config, clock: systemClock, observe: createLogObserver(logger) };
    const { access, permissions } = await provisionCaller(caller, options).catch(explainFailure);
    const lines = permissions.map(
      ({ permissionId, mode }) => `  ${mode.padEnd(4)} ${permissionId}`,
    );
    io.writeOut(
      `Access profile ${access.profile}, Cosmos DB user ${access.cosmosUserId}\n${lines.join("\n")}\n`,
    );
    return 0;
  },
};

function readCaller(file: string): AuthenticatedCaller {
  let claims: unknown;
  try {
    claims = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CommandFault(`The claims can't be read as JSON: ${reason}`, { cause: error });
  }
  if (!isJsonObject(claims)) {
    throw new CommandFault('The claims must be a JSON object, such as { "sub": "…", "tid": "…" }.');
  }
  const { iss = "", sub = "" } = claims;
  if (typeof iss !== "string" || typeof sub !== "string" || sub === "") {
    throw new CommandFault('The claims must hold "sub", as text, and "iss", if there, as text.');
  }
  return { kind: "authenticated", issuer: iss, subject: sub, claims: { ...claims } };
}

function explainFailure(error: unknown): never {
  if (error instanceof GatewayError) {
    throw new CommandFault(error.logReason ?? error.message, { cause: error });
  }
  throw error;
}
