#!/usr/bin/env node
import { relative } from "node:path";
import { findBundledNode, isOldNode, oldNodeMessage, runWithNode } from "./bundled-node.ts";

const bundledNode = isOldNode(process.versions.node) ? findBundledNode() : undefined;
const exitCode =
  bundledNode === undefined
    ? await run()
    : await runWithNode(bundledNode, process.argv.slice(1), forwardSignals);

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
    writeOut: (text) => process.stdout.write(text),
    writeError: (text) => process.stderr.write(text),
    onStopSignal: (stop) => forwardSignals(stop),
  });
}

function forwardSignals(onSignal: (signal: NodeJS.Signals) => void): void {
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.once(signal, onSignal);
  }
}

/** How whoever started this program can type it again: from a checkout, or as an installed package. */
function commandLine(): string {
  const script = relative(process.cwd(), process.argv[1] ?? "");
  return /^(dist|src)\/main\.[jt]s$/.test(script) ? `node ${script}` : "npx cosmos-gateway";
}
