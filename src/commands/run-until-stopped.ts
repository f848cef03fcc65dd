import { ModelMismatchError } from "../model/check-containers-fit.ts";
import { CommandFault, type CommandIo, stopSignal } from "./command.ts";

interface Runnable {
  start(): Promise<string>;
  stop(): Promise<void>;
}

/** How long requests under way may take after the signal to stop, in milliseconds. */
const DRAIN_TIMEOUT_MS = 15_000;

/**
 * Starts, calls `onStarted` with the address, and stops on the signal: no more requests are taken,
 * and those under way are finished, for 15 seconds at most. Answers exit code 0.
 */
export async function runUntilStopped(
  runnable: Runnable,
  io: CommandIo,
  onStarted: (address: string) => void,
): Promise<number> {
  const stopped = stopSignal(io);
  onStarted(await startOrExplain(runnable));
  await stopped;
  const isDrained = await Promise.race([
    runnable.stop().then(() => true),
    new Promise<false>((resolve) => {
      setTimeout(resolve, DRAIN_TIMEOUT_MS, false).unref();
    }),
  ]);
  if (!isDrained) {
    io.writeError(`Requests were still under way after ${DRAIN_TIMEOUT_MS / 1000} seconds.\n`);
  }
  return 0;
}

async function startOrExplain(runnable: Runnable): Promise<string> {
  try {
    return await runnable.start();
  } catch (error) {
    await runnable.stop();
    throw explainStartError(error);
  }
}

/** A model that does not fit, a data folder or a port that can't be had, said in words; any other error as it is. */
export function explainStartError(error: unknown, option = "server.port"): unknown {
  if (error instanceof ModelMismatchError) {
    return new CommandFault(error.message);
  }
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  const port = error instanceof Error && "port" in error ? error.port : "";
  switch (code) {
    // the emulator's, which commands don't import; its message is a sentence
    case "DATA_FOLDER":
      return new CommandFault((error as Error).message);
    case "EADDRINUSE":
      return new CommandFault(`Port ${port} is in use: choose another with ${option}.`);
    case "EACCES":
      return new CommandFault(`Port ${port} is not allowed: choose one over 1023 with ${option}.`);
    case "EADDRNOTAVAIL":
      return new CommandFault("server.host is not an address of this machine.");
    default:
      return error;
  }
}
