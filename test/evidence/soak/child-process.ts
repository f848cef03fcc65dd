import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";

/** A process of the soak, asked by messages: each question has a number, and so has its answer. */
export interface SoakProcess {
  readonly child: ChildProcess;
  /** @throws Error when the process ends before it answers. */
  ask(question: string, value?: unknown): Promise<unknown>;
  /** Resolves when the process is gone, with its exit code; null after a signal. */
  readonly ended: Promise<number | null>;
}

export interface ProcessHandlers {
  readonly onOutput: (text: string) => void;
  /** A message that answers nothing, such as a token that was used. */
  readonly onNotice: (notice: unknown) => void;
}

/** @param entry file of this folder; `arguments_` are passed to it. */
export function startProcess(
  entry: string,
  arguments_: readonly string[],
  { onOutput, onNotice }: ProcessHandlers,
): SoakProcess {
  const child = fork(join(import.meta.dirname, entry), arguments_, {
    execArgv: ["--expose-gc"],
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  let nextNumber = 1;
  child.stdout?.setEncoding("utf8").on("data", onOutput);
  child.stderr?.setEncoding("utf8").on("data", onOutput);
  child.on("message", (message: { readonly number?: number; readonly answer?: unknown }) => {
    if (message.number === undefined) {
      onNotice(message);
    } else {
      waiting.get(message.number)?.resolve(message.answer);
      waiting.delete(message.number);
    }
  });
  const ended = new Promise<number | null>((resolve) => {
    child.once("exit", (code) => {
      for (const { reject } of waiting.values()) {
        reject(new Error(`${entry} has ended.`));
      }
      waiting.clear();
      resolve(code);
    });
  });
  return {
    child,
    ended,
    ask: (question, value) => {
      const number = nextNumber++;
      const asked = Promise.withResolvers<unknown>();
      // Who asked may have given up when the process ends
      asked.promise.catch(() => {});
      waiting.set(number, asked);
      child.send({ number, question, value }, (error) => {
        if (error !== null) {
          waiting.delete(number);
          asked.reject(error);
        }
      });
      return asked.promise;
    },
  };
}
