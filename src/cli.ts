import { parseArgs } from "node:util";
import { checkCommand } from "./commands/check.ts";
import { type Command, CommandFault, type CommandIo } from "./commands/command.ts";
import { devCommand } from "./commands/dev.ts";
import { emulatorCommand } from "./commands/emulator.ts";
import { provisionCommand } from "./commands/provision.ts";
import { schemaCommand } from "./commands/schema.ts";
import { serveCommand } from "./commands/serve.ts";
import { tokenCommand } from "./commands/token.ts";

const COMMANDS: readonly Command[] = [
  devCommand,
  serveCommand,
  emulatorCommand,
  tokenCommand,
  checkCommand,
  schemaCommand,
  provisionCommand,
];

/** Runs one command line (without node and script). Answers the exit code; never throws. */
export async function runCli(
  io: CommandIo & { readonly argv: readonly string[] },
): Promise<number> {
  const [name, ...rest] = io.argv;
  if (name === undefined || name === "help" || name === "--help" || name === "-h") {
    io.writeOut(overview());
    return name === undefined ? 1 : 0;
  }
  const command = COMMANDS.find((candidate) => candidate.name === name);
  if (command === undefined) {
    io.writeError(`There is no command "${name}".\n\n${overview()}`);
    return 1;
  }
  try {
    const values = parseOptions(command, rest);
    if (values.help === true) {
      io.writeOut(helpFor(command));
      return 0;
    }
    return await command.run(values, io);
  } catch (error) {
    if (error instanceof CommandFault) {
      io.writeError(`${error.message}\n`);
      return 1;
    }
    throw error;
  }
}

function parseOptions(command: Command, args: readonly string[]) {
  const options = Object.fromEntries(
    Object.entries(command.options).map(([option, { type, default: value }]) => [
      option,
      value === undefined ? { type } : { type, default: value },
    ]),
  );
  try {
    return parseArgs({
      args: [...args],
      options: { ...options, help: { type: "boolean", short: "h" } },
      strict: true,
    }).values;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CommandFault(`${reason}\n\n${helpFor(command)}`);
  }
}

function overview(): string {
  const lines = COMMANDS.map(({ name, summary }) => `  ${name.padEnd(10)} ${summary}`);
  return [
    "Usage: cosmos-gateway <command> [options]",
    "",
    ...lines,
    "",
    "cosmos-gateway <command> --help lists a command's options.",
    "",
  ].join("\n");
}

function helpFor({ name, summary, options }: Command): string {
  const lines = Object.entries(options).map(([option, { value, summary, default: fallback }]) => {
    const flag = value === undefined ? `--${option}` : `--${option} ${value}`;
    return `  ${flag.padEnd(24)} ${summary}${fallback === undefined ? "" : ` (default: ${fallback})`}`;
  });
  return [`cosmos-gateway ${name}: ${summary}`, "", ...lines, ""].join("\n");
}
