import { type ChildProcess, spawn } from "node:child_process";

/** How a program ended that was run in a copy of the project. */
export interface RunEnd {
  /** Undefined: it was ended because its time was over. */
  readonly exitCode: number | undefined;
  /** Everything that it printed, the last part of it where that is long. */
  readonly output: string;
  readonly seconds: number;
}

const MAX_OUTPUT_CHARACTERS = 200_000;

const running = new Set<ChildProcess>();

/** Runs a program with the Node.js that runs this one; after `limitSeconds` it is ended. */
export async function runInCopy(
  folder: string,
  args: readonly string[],
  limitSeconds: number,
): Promise<RunEnd> {
  const startedMs = performance.now();
  // A group of its own, so that what it starts ends with it.
  const child = spawn(process.execPath, [...args], {
    cwd: folder,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, NO_COLOR: "1" },
  });
  running.add(child);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output = (output + text).slice(-MAX_OUTPUT_CHARACTERS);
    });
  }
  let isOver = false;
  const timer = setTimeout(() => {
    isOver = true;
    endGroup(child);
  }, limitSeconds * 1000);
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject).once("close", resolve);
  });
  clearTimeout(timer);
  // What it left behind.
  endGroup(child);
  running.delete(child);
  return {
    exitCode: isOver ? undefined : (exitCode ?? -1),
    output,
    seconds: (performance.now() - startedMs) / 1000,
  };
}

/** Ends what runs at the moment. */
export function endAllRuns(): void {
  for (const child of running) {
    endGroup(child);
  }
}

function endGroup({ pid }: ChildProcess): void {
  if (pid === undefined) {
    return;
  }
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended already.
  }
}
