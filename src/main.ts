#!/usr/bin/env node
import { runCli } from "./cli.ts";

const exitCode = await runCli({
  argv: process.argv.slice(2),
  env: process.env,
  workingFolder: process.cwd(),
  writeOut: (text) => process.stdout.write(text),
  writeError: (text) => process.stderr.write(text),
  onStopSignal: (stop) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) {
      process.once(signal, stop);
    }
  },
});

// What was not finished in time must not keep the process.
process.exit(exitCode);
