import { formatConfigFault, formatConfigPlace } from "../config/config-fault.ts";
import type { LoadedConfig } from "../config/load-config.ts";
import { type ApiExtension, ApiExtensionError } from "../graphql/api-extension.ts";
import { configuredApi } from "../graphql/configured-api.ts";
import { printApiSchema } from "../graphql/print-api-schema.ts";
import type { Model } from "../model/model.ts";
import { formatFault, ModelError } from "../model/model-error.ts";
import { checkPermissionContainers } from "./check-permission-containers.ts";
import { type Command, requiredText } from "./command.ts";
import { EXTEND_OPTION, loadExtension } from "./load-extension.ts";
import { CONFIG_OPTION, readProject } from "./load-project.ts";

export const checkCommand: Command = {
  name: "check",
  summary: "validate a configuration and its models, without connecting to anything",
  options: {
    config: CONFIG_OPTION,
    extend: EXTEND_OPTION,
  },
  run: async (values, io) => {
    const file = requiredText(values, "config");
    const extend = await loadExtension(values, io);
    const { loaded, model } = readProject(file, io);
    const config = configNotes(loaded, file);
    const models = modelNotes(model);
    const usable = models.model;
    const containers =
      usable === undefined
        ? NO_NOTES
        : checkPermissionContainers(loaded.parts, usable, file, extend !== undefined);
    const faults = [
      ...config.faults,
      ...containers.faults,
      ...models.faults,
      ...(usable === undefined ? [] : schemaFaults(usable, loaded, extend)),
    ];
    for (const line of [...config.warnings, ...containers.warnings, ...faults]) {
      io.writeError(`${line}\n`);
    }
    if (faults.length > 0) {
      return 1;
    }
    const but = loaded.ok ? "" : ", as far as it can be checked without the missing values";
    const names = [...(usable?.types.keys() ?? [])].join(", ");
    io.writeOut(
      `${file} is valid${but}.\nModels: ${names}\nAccess profiles: ${loaded.parts.profiles.join(", ")}\n`,
    );
    return 0;
  },
};

interface Notes {
  readonly faults: readonly string[];
  readonly warnings: readonly string[];
}

const NO_NOTES: Notes = { faults: [], warnings: [] };

/**
 * Where a configuration is checked, such as in CI, the secrets that it names are often not there.
 */
function configNotes(loaded: LoadedConfig, file: string): Notes {
  const all = loaded.ok ? [] : loaded.faults;
  return {
    faults: all.filter(({ isAbsent }) => !isAbsent).map((fault) => formatConfigFault(fault, file)),
    warnings: all
      .filter(({ isAbsent }) => isAbsent)
      .map(
        (fault) =>
          `${formatConfigPlace(fault, file)}: warning: ${fault.path}: unchecked without ${fault.expected}`,
      ),
  };
}

function modelNotes(model: ReturnType<typeof readProject>["model"]): {
  readonly model?: Model;
  readonly faults: readonly string[];
} {
  if (model === undefined) {
    return { faults: [] };
  }
  return "faults" in model ? { faults: model.faults } : { model, faults: [] };
}

/** Makes the very schema that `serve` and `schema` make, for what only that shows. */
function schemaFaults(
  model: Model,
  loaded: LoadedConfig,
  extend: ApiExtension | undefined,
): readonly string[] {
  try {
    printApiSchema(model, {
      ...(loaded.ok ? configuredApi(loaded.config) : { genericApi: loaded.parts.generic }),
      ...(extend === undefined ? {} : { extend }),
    });
    return [];
  } catch (error) {
    if (error instanceof ModelError) {
      return error.faults.map(formatFault);
    }
    if (error instanceof ApiExtensionError) {
      return [error.message];
    }
    throw error;
  }
}
