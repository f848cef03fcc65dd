import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

// Every Node.js, however old, reads this file and main.ts, and is told that it is too old. So they
// import only Node.js's own modules and hold no syntax that is younger than Node.js 14.

/**
 * The first Node.js that has all that the program and its packages use, as `engines` in
 * package.json has it.
 */
const OLDEST = { major: 22, minor: 19 };

/** True for a version such as `20.11.1` that the program can't run on. */
export function isOldNode(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major < OLDEST.major || (major === OLDEST.major && minor < OLDEST.minor);
}

/** What to tell a user who runs the program on such a version. */
export function oldNodeMessage(version: string): string {
  return `cosmos-gateway needs Node.js ${OLDEST.major}.${OLDEST.minor} or newer, and this is Node.js ${version}.`;
}

/**
 * The Node.js that a checkout brings as a development dependency, or undefined where there is none.
 */
export function findBundledNode(): string | undefined {
  const path = fileURLToPath(new URL("../node_modules/node/bin/node", import.meta.url));
  return existsSync(path) ? path : undefined;
}

/** Runs the same command line with another Node.js. Returns its exit code. */
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
