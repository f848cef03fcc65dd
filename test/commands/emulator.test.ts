import { expect, test } from "vitest";
import { runCli } from "../../src/cli.ts";
import { sign } from "../emulator/test-account.ts";
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

test("emulator --throughput and --metadata-throughput throttle, and leave the other alone", async () => {
  const keyIn = (out: string) => /^Account key: (\S+)$/m.exec(out)?.[1] ?? "";
  /** How a hundred quick requests are answered. */
  const statuses = async (out: string, path: string) => {
    const date = new Date().toUTCString();
    const authorization = sign(keyIn(out), "GET", path, date);
    const headers = { authorization, "x-ms-date": date, "x-ms-version": "2020-07-15" };
    const answers = Array.from({ length: 100 }, async () => {
      const { status } = await fetch(new URL(path, endpointIn(out)), { headers });
      return status;
    });
    return new Set(await Promise.all(answers));
  };
  await runEmulator(["--metadata-throughput", "1"], async (out) => {
    expect(await statuses(out, "/dbs")).toContain(429);
  });
  await runEmulator(["--throughput", "1"], async (out) => {
    expect(await statuses(out, "/dbs")).toEqual(new Set([200]));
  });
});

test.each(["--throughput=-1", "--throughput=1.5", "--metadata-throughput=many"])(
  "emulator %s is refused",
  async (option) => {
    const outcome = await runCommand(["emulator", "--port", "0", option]);
    expect(outcome).toMatchObject({ exitCode: 1 });
    expect(outcome.error).toContain(`${option.split("=")[0]} takes a whole number from 0`);
  },
);

test.each(["0", "-1", "many", "1000"])(
  "emulator --partitions=%s is refused",
  async (partitions) => {
    const outcome = await runCommand(["emulator", "--port", "0", `--partitions=${partitions}`]);
    expect(outcome).toMatchObject({ exitCode: 1 });
    expect(outcome.error).toContain("--partitions");
  },
);
