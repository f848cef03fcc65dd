import { globSync, readFileSync } from "node:fs";
import { relative, resolve } from "node:path";
import type { Config } from "../config/config.ts";
import { formatConfigFault } from "../config/config-fault.ts";
import type { ConfigOverrides } from "../config/config-overrides.ts";
import { loadConfig } from "../config/load-config.ts";
import { loadModel } from "../model/load-model.ts";
import type { Model } from "../model/model.ts";
import { formatFault, ModelError } from "../model/model-error.ts";
import { CommandFault, type CommandIo } from "./command.ts";

/** A configuration and the models it names, both without a fault. */
export interface Project {
  readonly config: Config;
  readonly model: Model;
}

/**
 * Reads `gateway.yaml` and the model files. Connects to nothing.
 *
 * @throws CommandFault that lists every fault of the configuration, or else of the models, a line each.
 */
export function loadProject(
  configFile: string,
  io: Pick<CommandIo, "env" | "workingFolder">,
  overrides: ConfigOverrides = {},
): Project {
  const path = resolve(io.workingFolder, configFile);
  const loaded = loadConfig({
    text: readText(path, `The configuration ${configFile} can't be read.`),
    path,
    env: io.env,
    readFile: (file) => readFileSync(file, "utf8"),
    overrides,
  });
  if (!loaded.ok) {
    throw new CommandFault(
      loaded.faults.map((fault) => formatConfigFault(fault, configFile)).join("\n"),
    );
  }
  return { config: loaded.config, model: readModel(loaded.config.schema, io.workingFolder) };
}

function readModel(pattern: string, workingFolder: string): Model {
  const files = globSync(pattern)
    .sort()
    .map((file) => ({
      path: relative(workingFolder, file),
      text: readText(file, `The model file ${file} can't be read.`),
    }));
  if (files.length === 0) {
    throw new CommandFault(`schema: no model file matches ${pattern}.`);
  }
  try {
    return loadModel(files);
  } catch (error) {
    if (error instanceof ModelError) {
      throw new CommandFault(error.faults.map(formatFault).join("\n"), { cause: error });
    }
    throw error;
  }
}

function readText(path: string, fault: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CommandFault(`${fault} ${reason}`, { cause: error });
  }
}
