import { configuredApi } from "../graphql/configured-api.ts";
import { printApiSchema } from "../graphql/print-api-schema.ts";
import { type Command, requiredText } from "./command.ts";
import { EXTEND_OPTION, loadExtension } from "./load-extension.ts";
import { CONFIG_OPTION, loadProject } from "./load-project.ts";

export const schemaCommand: Command = {
  name: "schema",
  summary: "print the GraphQL schema of the API",
  options: {
    config: CONFIG_OPTION,
    extend: EXTEND_OPTION,
  },
  run: async (values, io) => {
    const { config, model } = loadProject(requiredText(values, "config"), io);
    const extend = await loadExtension(values, io);
    io.writeOut(
      printApiSchema(model, {
        ...configuredApi(config),
        ...(extend === undefined ? {} : { extend }),
      }),
    );
    return 0;
  },
};
