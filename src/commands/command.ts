/** What a command may touch of the process it runs in. */
export interface CommandIo {
  /** How the program was called, such as `npx cosmos-gateway`, for texts that show a command. */
  readonly commandLine: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly workingFolder: string;
  readonly writeOut: (text: string) => void;
  readonly writeError: (text: string) => void;
  /** Calls `stop` once, when the process is asked to end. */
  readonly onStopSignal: (stop: () => void) => void;
  /** Whether a person's terminal holds the process: it ends with the terminal then. */
  readonly hasTerminal: boolean;
  /** Calls `reload` each time the process is told to read its keys again. */
  readonly onReloadSignal: (reload: () => void) => void;
  /** Calls `handle` with what nobody caught, from here on, in place of ending the process. */
  readonly onUnhandled: (handle: (fault: UnhandledFault) => void) => void;
}

/**
 * A promise that was rejected with nobody waiting for it, or an exception that left the event loop.
 */
export interface UnhandledFault {
  readonly kind: "rejection" | "exception";
  readonly error: unknown;
}

export interface Command {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  readonly options: Readonly<Record<string, CommandOption>>;
  /** Returns the exit code: 0 if it is done, 1 if the answer is no, or a fault was printed. */
  readonly run: (values: CommandValues, io: CommandIo) => Promise<number>;
}

export interface CommandOption {
  readonly type: "string" | "boolean";
  /** Placeholder of the value in the help text. */
  readonly value?: string;
  readonly summary: string;
  readonly default?: string;
}

export type CommandValues = Readonly<Record<string, string | boolean | undefined>>;

/** A command that can't do its work, with a message for the user. */
export class CommandFault extends Error {}

/** A command line that makes no sense, such as one without an option, or without its value. */
export class MisuseFault extends CommandFault {}

/**
 * A text option's value.
 *
 * @throws MisuseFault if it is missing.
 */
export function requiredText(values: CommandValues, option: string): string {
  const value = values[option];
  if (typeof value !== "string" || value === "") {
    throw new MisuseFault(`Give --${option}.`);
  }
  return value;
}

/** A text option's value, or undefined. */
export function optionalText(values: CommandValues, option: string): string | undefined {
  const value = values[option];
  return typeof value === "string" ? value : undefined;
}

/** A port from 0 to 65535; 0 takes any free one. */
export function portOption(values: CommandValues, option: string): number | undefined {
  const text = optionalText(values, option);
  if (text === undefined) {
    return undefined;
  }
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) {
    throw new MisuseFault(`--${option} takes a port from 0 to 65535, not "${text}".`);
  }
  return port;
}

/** Waits until the process is asked to end. */
export function stopSignal(io: CommandIo): Promise<void> {
  return new Promise((resolve) => io.onStopSignal(resolve));
}
