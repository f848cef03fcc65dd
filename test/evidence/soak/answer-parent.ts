/** What a process of the soak can be asked, by name. */
export type Answers = Readonly<Record<string, (value: unknown) => unknown>>;

/** Answers the questions of the parent process, `memory` among them, and ends when it is gone. */
export function answerParent(answers: Answers): void {
  const all: Answers = { memory: measureMemory, ...answers };
  process.on("message", (message) => {
    // Written by `child-process.ts`
    const { number, question, value } = message as {
      readonly number: number;
      readonly question: string;
      readonly value: unknown;
    };
    Promise.resolve(all[question]?.(value)).then(
      (answer) => process.send?.({ number, answer }),
      (error: unknown) => {
        process.stderr.write(`${question}: ${String(error)}\n`);
        process.exit(1);
      },
    );
  });
  process.on("disconnect", () => process.exit(0));
}

export interface MemorySample {
  /** What is reachable, after a forced garbage collection. */
  readonly heapUsedBytes: number;
  readonly residentBytes: number;
}

function measureMemory(): MemorySample {
  const { rss: residentBytes } = process.memoryUsage();
  globalThis.gc?.();
  return { heapUsedBytes: process.memoryUsage().heapUsed, residentBytes };
}
