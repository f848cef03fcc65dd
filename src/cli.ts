import { parseArgs } from "node:util";
import { checkCommand } from "./commands/check.ts";
import { type Command, CommandFault, type CommandIo, MisuseFault } from "./commands/command.ts";
import { devCommand } from "./commands/dev.ts";
import { emulatorCommand } from "./commands/emulator.ts";
import { provisionCommand } from "./commands/provision.ts";
import { schemaCommand } from "./commands/schema.ts";
import { serveCommand } from "./commands/serve.ts";
import { tokenCommand } from "./commands/token.ts";
import { ApiExtensionError } from "./graphql/api-extension.ts";
import { ModelError } from "./model/model-error.ts";
import { packageVersion } from "./package-version.ts";

const COMMANDS: readonly Command[] = [
  devCommand,
  serveCommand,
  emulatorCommand,
  tokenCommand,
  checkCommand,
  schemaCommand,
  provisionCommand,
];

/** What a command line can come to: it is done, the answer is no or a fault was found, misuse. */
const EXIT_CODES = { done: 0, fault: 1, misuse: 2 } as const;

/**
 * Runs one command line (without node and script). Returns the exit code: 0 if it is done, 1 if the
 * answer is no or a fault was found, 2 if the command line makes no sense.
 *
 * @throws only errors that nobody foresaw.
 */
export async function runCli(
  io: CommandIo & { readonly argv: readonly string[] },
): Promise<number> {
  const [name, ...rest] = io.argv;
  if (name === undefined || name === "help" || name === "--help" || name === "-h") {
    io.writeOut(overview());
    return name === undefined ? EXIT_CODES.misuse : EXIT_CODES.done;
  }
  if (name === "version" || name === "--version" || name === "-v") {
    io.writeOut(`${packageVersion()}\n`);
    return EXIT_CODES.done;
  }
  const command = COMMANDS.find((candidate) => candidate.name === name);
  if (command === undefined) {
    io.writeError(`There is no command "${name}".\n\n${overview()}`);
    return EXIT_CODES.misuse;
  }
  try {
    const values = parseOptions(command, rest);
    if (values.help === true) {
      io.writeOut(helpFor(command));
      return EXIT_CODES.done;
    }
    return await command.run(values, io);
  } catch (error) {
    // What the user wrote is at fault, and the message says how: a stack would only hide it.
    if (
      error instanceof CommandFault ||
      error instanceof ModelError ||
      error instanceof ApiExtensionError
    ) {
      io.writeError(`${error.message}\n`);
      return error instanceof MisuseFault ? EXIT_CODES.misuse : EXIT_CODES.fault;
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
    throw new MisuseFault(`${reason}\n\n${helpFor(command)}`);
  }
}

function overview(): string {
  const lines = COMMANDS.map(({ name, summary }) => `  ${name.padEnd(10)} ${summary}`);
  return [
    "Usage: cosmos-gateway <command> [options]",
    "",
    ...lines,
    "",
    "cosmos-gateway <command> --help lists a command's options; --version prints the version.",
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
