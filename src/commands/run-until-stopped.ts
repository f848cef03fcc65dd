import { ModelMismatchError } from "../model/check-containers-fit.ts";
import type { Observe } from "../observability/observation.ts";
import { currentRequestId } from "../observability/request-id.ts";
import { CommandFault, type CommandIo, stopSignal } from "./command.ts";

/** What a command runs until it is asked to end. */
export interface Running {
  /** Takes no more requests, and resolves when those under way are finished. */
  stop(): Promise<void>;
  /** Takes the keys and secrets that stand in the configuration's files now. */
  readSecretsAgain(): void;
}

/** How long requests under way may take after the signal to stop, in milliseconds. */
export const DRAIN_TIMEOUT_MS = 15_000;

/**
 * Starts, and stops on the signal: no more requests are taken, and those under way are finished,
 * for 15 seconds at most. Returns exit code 0.
 *
 * An exception that nothing caught stops it in the same way, with exit code 1: what it left undone
 * can't be known, but other requests have no part in it. A rejection that nothing caught is
 * observed and changes nothing.
 */
export async function runUntilStopped(
  io: CommandIo,
  {
    start,
    observe,
    drainDelayMs = 0,
  }: {
    readonly start: () => Promise<Running>;
    readonly observe: Observe;
    /** How much longer stopping may take, in milliseconds. Default 0. */
    readonly drainDelayMs?: number;
  },
): Promise<number> {
  const stopped = stopSignal(io);
  const failed = uncaughtException(io, observe);
  let running: Running | undefined;
  // From the start on, as the signal ends a process that doesn't listen to it.
  io.onReloadSignal(() => running?.readSecretsAgain());
  let exitCode = 0;
  running = await start();
  await Promise.race([
    stopped,
    failed.then(() => {
      exitCode = 1;
    }),
  ]);
  await stopInTime(running.stop(), io, drainDelayMs + DRAIN_TIMEOUT_MS);
  return exitCode;
}

/** Waits until all is stopped, and says so when it takes too long. */
async function stopInTime(stopping: Promise<void>, io: CommandIo, limitMs: number): Promise<void> {
  const isDrained = await Promise.race([
    stopping.then(() => true),
    new Promise<false>((resolve) => {
      setTimeout(resolve, limitMs, false).unref();
    }),
  ]);
  if (!isDrained) {
    io.writeError(`Requests were still under way after ${limitMs / 1000} seconds.\n`);
  }
}

/** Observes whatever nobody caught, from now on. Resolves with the first exception. */
function uncaughtException(io: CommandIo, observe: Observe): Promise<void> {
  return new Promise((resolve) => {
    io.onUnhandled(({ kind, error }) => {
      const requestId = currentRequestId();
      if (kind === "rejection") {
        observe({ kind: "unhandled-rejection", requestId, error });
      } else {
        observe({ kind: "uncaught-exception", requestId, error });
        resolve();
      }
    });
  });
}

/**
 * A model that does not fit, a data folder or a port that can't be had, said in words; any other
 * error as it is.
 */
export function explainStartError(error: unknown, option = "server.port"): unknown {
  if (error instanceof ModelMismatchError) {
    return new CommandFault(error.message);
  }
  if (!(error instanceof Error && "code" in error)) {
    return error;
  }
  const port = "port" in error ? error.port : "";
  switch (error.code) {
    // The emulator's, which commands don't import. Its message is a sentence.
    case "DATA_FOLDER":
      return new CommandFault(error.message);
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
