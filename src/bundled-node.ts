import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The first Node.js that has all that the program and its packages use. `@azure/cosmos` asks for it. */
const OLDEST_MAJOR = 22;

export function isOldNode(version: string): boolean {
  return Number.parseInt(version, 10) < OLDEST_MAJOR;
}

/** The Node.js that a checkout brings as a development dependency, or undefined where there is none. */
export function findBundledNode(): string | undefined {
  const path = fileURLToPath(new URL("../node_modules/node/bin/node", import.meta.url));
  return existsSync(path) ? path : undefined;
}

/** Runs the same command line with another Node.js. Answers its exit code. */
export function runWithNode(
  node: string,
  args: readonly string[],
  forwardSignals: (forward: (signal: NodeJS.Signals) => void) => void,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(node, [...args], { stdio: "inherit" });
    forwardSignals((signal) => child.kill(signal));
    child.on("error", reject);
    child.on("close", (code) => resolve(code ?? 1));
  });
}
