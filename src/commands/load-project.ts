import { globSync, readFileSync } from "node:fs";
import { relative, resolve } from "node:path";
import type { Config } from "../config/config.ts";
import { formatConfigFault } from "../config/config-fault.ts";
import type { ConfigOverrides } from "../config/config-overrides.ts";
import { type LoadedConfig, loadConfig } from "../config/load-config.ts";
import { readSmallFile } from "../config/read-small-file.ts";
import { createSecretReader, type SecretsRead } from "../config/secret-reader.ts";
import { loadModel } from "../model/load-model.ts";
import type { Model } from "../model/model.ts";
import { formatFault, ModelError } from "../model/model-error.ts";
import { CommandFault, type CommandIo, type CommandOption } from "./command.ts";

/** `--config FILE`, of the commands that read a project. */
export const CONFIG_OPTION: CommandOption = {
  type: "string",
  value: "FILE",
  summary: "the configuration",
  default: "gateway.yaml",
};

/** A configuration and the models it names, both without a fault. */
export interface Project {
  readonly config: Config;
  readonly model: Model;
  /** Reads again the files that keys and secrets come from. Never throws. */
  readonly readSecretsAgain: () => SecretsRead;
}

/** What the files say, faulty or not. */
export interface ReadProject {
  readonly loaded: LoadedConfig;
  /** Undefined where the configuration does not tell where the models are. */
  readonly model: Model | ModelReadingFault | undefined;
  /** Makes what reads the files again that the keys and secrets of a configuration come from. */
  readonly createReader: (config: Config) => () => SecretsRead;
}

/** Why there are no models: a line a fault. */
export interface ModelReadingFault {
  readonly faults: readonly string[];
}

/**
 * Reads `gateway.yaml` and the model files. Connects to nothing.
 *
 * @throws CommandFault that lists every fault of the configuration and of the models, a line each.
 */
export function loadProject(
  configFile: string,
  io: Pick<CommandIo, "env" | "workingFolder">,
  overrides: ConfigOverrides = {},
): Project {
  const { loaded, model, createReader } = readProject(configFile, io, overrides);
  const configFaults = loaded.ok
    ? []
    : loaded.faults.map((fault) => formatConfigFault(fault, configFile));
  const modelFaults = model !== undefined && "faults" in model ? model.faults : [];
  if (!loaded.ok || model === undefined || "faults" in model) {
    throw new CommandFault([...configFaults, ...modelFaults].join("\n"));
  }
  return { config: loaded.config, model, readSecretsAgain: createReader(loaded.config) };
}

/**
 * Reads both files as far as they can be read. Connects to nothing.
 *
 * @throws CommandFault if there is no such configuration.
 */
export function readProject(
  configFile: string,
  io: Pick<CommandIo, "env" | "workingFolder">,
  overrides: ConfigOverrides = {},
): ReadProject {
  const path = resolve(io.workingFolder, configFile);
  const options = {
    text: readText(path, `The configuration ${configFile} can't be read.`),
    path,
    env: io.env,
    readFile: readSmallFile,
    overrides,
  };
  const loaded = loadConfig(options);
  const { schema } = loaded.parts;
  return {
    loaded,
    model: schema === undefined ? undefined : readModel(schema, io.workingFolder),
    createReader: (config) => createSecretReader(options, config),
  };
}

function readModel(pattern: string, workingFolder: string): Model | ModelReadingFault {
  try {
    const files = globSync(pattern)
      .sort()
      .map((file) => ({
        path: relative(workingFolder, file),
        text: readText(file, `The model file ${file} can't be read.`),
      }));
    return files.length === 0
      ? { faults: [`schema: no model file matches ${pattern}.`] }
      : loadModel(files);
  } catch (error) {
    if (error instanceof ModelError) {
      return { faults: error.faults.map(formatFault) };
    }
    if (error instanceof CommandFault) {
      return { faults: [error.message] };
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
