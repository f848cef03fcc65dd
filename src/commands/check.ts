import { type Command, requiredText } from "./command.ts";
import { loadProject } from "./load-project.ts";

export const checkCommand: Command = {
  name: "check",
  summary: "validate a configuration and its models, without connecting to anything",
  options: {
    config: {
      type: "string",
      value: "FILE",
      summary: "the configuration",
      default: "gateway.yaml",
    },
  },
  run: async (values, io) => {
    const file = requiredText(values, "config");
    const { config, model } = loadProject(file, io);
    const models = [...model.types.keys()].join(", ");
    const profiles = config.profiles.map(({ name }) => name).join(", ");
    io.writeOut(`${file} is valid.\nModels: ${models}\nAccess profiles: ${profiles}\n`);
    return 0;
  },
};
