import { printApiSchema } from "../graphql/print-api-schema.ts";
import { type Command, requiredText } from "./command.ts";
import { loadProject } from "./load-project.ts";

export const schemaCommand: Command = {
  name: "schema",
  summary: "print the GraphQL schema of the API",
  options: {
    config: {
      type: "string",
      value: "FILE",
      summary: "the configuration",
      default: "gateway.yaml",
    },
  },
  run: async (values, io) => {
    const { config, model } = loadProject(requiredText(values, "config"), io);
    io.writeOut(printApiSchema(model, config.limits.pageSize));
    return 0;
  },
};
