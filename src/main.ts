#!/usr/bin/env node
import { relative } from "node:path";
import { findBundledNode, isOldNode, oldNodeMessage, runWithNode } from "./bundled-node.ts";
import { createLogOutput } from "./observability/log-output.ts";

/** How long a reader that stopped reading is waited for at the end, in milliseconds. */
const FLUSH_TIMEOUT_MS = 1_000;

const standardOutput = createLogOutput(process.stdout);
const standardError = createLogOutput(process.stderr);
let isAskedToEnd = false;

const bundledNode = isOldNode(process.versions.node) ? findBundledNode() : undefined;
const exitCode =
  bundledNode === undefined
    ? await run()
    : await runWithNode(bundledNode, process.argv.slice(1), forwardSignals);

await flush();
// What was not finished in time must not keep the process.
process.exit(exitCode);

async function run(): Promise<number> {
  if (isOldNode(process.versions.node)) {
    process.stderr.write(`${oldNodeMessage(process.versions.node)}\n`);
    return 2;
  }
  // With the value `debug-unsafe`, and its logger at `verbose`, the SDK prints resource tokens. It
  // reads both from the environment by itself, and over any option.
  delete process.env.AZURE_COSMOSDB_DIAGNOSTICS_LEVEL;
  // Not imported above: an old Node.js fails on what this imports before it can say why.
  const { runCli } = await import("./cli.ts");
  return runCli({
    argv: process.argv.slice(2),
    commandLine: commandLine(),
    env: process.env,
    workingFolder: process.cwd(),
    writeOut: standardOutput.write,
    writeError: standardError.write,
    onStopSignal,
    hasTerminal: process.stdin.isTTY === true,
    onReloadSignal: (reload) => {
      process.on("SIGHUP", reload);
    },
    onUnhandled: (handle) => {
      process.on("unhandledRejection", (error) => handle({ kind: "rejection", error }));
      process.on("uncaughtException", (error) => handle({ kind: "exception", error }));
    },
  });
}

/** Once: a second signal ends the process at once, as it does without a listener. */
function onStopSignal(stop: () => void): void {
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.once(signal, () => {
      isAskedToEnd = true;
      stop();
    });
  }
}

/**
 * The program under the bundled Node.js decides what a signal means. This process lives as long as
 * that.
 */
function forwardSignals(forward: (signal: NodeJS.Signals) => void): void {
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) {
    process.on(signal, forward);
  }
}

/**
 * An end of the process cuts off what a pipe has not taken yet. A person may read it page by page.
 */
async function flush(): Promise<void> {
  const flushed = Promise.all([standardOutput.flushed(), standardError.flushed()]);
  if (isAskedToEnd) {
    await Promise.race([flushed, new Promise((resolve) => setTimeout(resolve, FLUSH_TIMEOUT_MS))]);
  } else {
    await flushed;
  }
}

/** How a user can type this program's start again: from a checkout, or as an installed package. */
function commandLine(): string {
  const script = relative(process.cwd(), process.argv[1] ?? "");
  return /^(dist|src)\/main\.[jt]s$/.test(script) ? `node ${script}` : "npx cosmos-gateway";
}
