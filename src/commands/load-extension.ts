import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { ApiExtension } from "../graphql/api-extension.ts";
import type { CommandValues } from "./command.ts";
import { CommandFault, type CommandIo, type CommandOption, optionalText } from "./command.ts";

/** `--extend FILE`, of the commands that build the API. */
export const EXTEND_OPTION: CommandOption = {
  type: "string",
  value: "FILE",
  summary: "JavaScript module with own resolvers as its default export",
};

/**
 * The own resolvers that `--extend` names, or undefined without it.
 *
 * @throws CommandFault if the module can't be loaded, or its default export is no function.
 */
export async function loadExtension(
  values: CommandValues,
  { workingFolder }: Pick<CommandIo, "workingFolder">,
): Promise<ApiExtension | undefined> {
  const file = optionalText(values, "extend");
  if (file === undefined) {
    return undefined;
  }
  const module: unknown = await import(pathToFileURL(resolve(workingFolder, file)).href).catch(
    (cause: unknown) => {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new CommandFault(`--extend ${file} can't be loaded. ${reason}`, { cause });
    },
  );
  if (!hasDefaultFunction(module)) {
    throw new CommandFault(`--extend ${file}: its default export must be a function.`);
  }
  return module.default;
}

function hasDefaultFunction(module: unknown): module is { readonly default: ApiExtension } {
  return (
    typeof module === "object" &&
    module !== null &&
    "default" in module &&
    typeof module.default === "function"
  );
}
