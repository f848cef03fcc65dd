import { expect, test } from "vitest";
import { runCli } from "../../src/cli.ts";
import { ROOT, runCommand } from "./run-command.ts";

/** Runs the command until `whileUp` is done, then as if the process had been asked to stop. */
async function runEmulator(
  options: readonly string[],
  whileUp: (out: string) => Promise<void>,
): Promise<number> {
  let out = "";
  let stop = () => {};
  const isUp = Promise.withResolvers<void>();
  const exitCode = runCli({
    argv: ["emulator", "--port", "0", ...options],
    commandLine: "npx cosmos-gateway",
    env: {},
    workingFolder: ROOT,
    writeOut: (text) => {
      out += text;
      isUp.resolve();
    },
    writeError: () => {},
    onStopSignal: (onStop) => {
      stop = onStop;
    },
  });
  await isUp.promise;
  await whileUp(out);
  stop();
  return exitCode;
}

const endpointIn = (out: string) => /emulator at (\S+)/.exec(out)?.[1] ?? "";

test("emulator prints its endpoint and key, and has test controls only when told", async () => {
  const exitCode = await runEmulator([], async (out) => {
    expect(out).toMatch(/^Account key: C2y6yDjf5/m);
    expect((await fetch(endpointIn(out))).status).toBe(401);
    expect((await fetch(new URL("_emulator/requests", endpointIn(out)))).status).not.toBe(200);
  });
  expect(exitCode).toBe(0);
  await runEmulator(["--test-controls"], async (out) => {
    expect((await fetch(new URL("_emulator/requests", endpointIn(out)))).status).toBe(200);
  });
});

test("emulator --tls serves HTTPS and prints the certificate to trust", async () => {
  await runEmulator(["--tls"], async (out) => {
    expect(endpointIn(out)).toMatch(/^https:/);
    expect(out).toContain("-----BEGIN CERTIFICATE-----");
  });
});

test.each(["0", "-1", "many", "1000"])(
  "emulator --partitions=%s is refused",
  async (partitions) => {
    const outcome = await runCommand(["emulator", "--port", "0", `--partitions=${partitions}`]);
    expect(outcome).toMatchObject({ exitCode: 1 });
    expect(outcome.error).toContain("--partitions");
  },
);
