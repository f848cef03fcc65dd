import { resolve } from "node:path";
import { runCli } from "../../src/cli.ts";

export const ROOT = resolve(import.meta.dirname, "../..");

export interface CommandOutcome {
  readonly exitCode: number;
  readonly out: string;
  readonly error: string;
}

/** Runs a command line in this process and in a folder, and answers what it printed. */
export async function runCommand(
  argv: readonly string[],
  options: { readonly env?: Record<string, string>; readonly workingFolder?: string } = {},
): Promise<CommandOutcome> {
  let out = "";
  let error = "";
  const exitCode = await runCli({
    argv,
    commandLine: "npx cosmos-gateway",
    env: options.env ?? {},
    workingFolder: options.workingFolder ?? ROOT,
    writeOut: (text) => {
      out += text;
    },
    writeError: (text) => {
      error += text;
    },
    onStopSignal: () => {},
    hasTerminal: false,
    onReloadSignal: () => {},
    onUnhandled: () => {},
  });
  return { exitCode, out, error };
}
