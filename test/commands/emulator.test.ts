import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { runCli } from "../../src/cli.ts";
import { sign } from "../emulator/test-account.ts";
import { type CommandOutcome, ROOT, runCommand } from "./run-command.ts";

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
    hasTerminal: false,
    onReloadSignal: () => {},
    onUnhandled: () => {},
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
    expect(outcome).toMatchObject({ exitCode: 2 });
    expect(outcome.error).toContain(`${option.split("=")[0]} takes a whole number from 0`);
  },
);

test.each(["0", "-1", "many", "1000"])(
  "emulator --partitions=%s is refused",
  async (partitions) => {
    const outcome = await runCommand(["emulator", "--port", "0", `--partitions=${partitions}`]);
    expect(outcome).toMatchObject({ exitCode: 2 });
    expect(outcome.error).toContain("--partitions");
  },
);

describe("emulator --data-dir", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "emulator-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const run = (path: string) => runCommand(["emulator", "--port", "0", "--data-dir", path]);

  /** One sentence or two on one line, and nothing of a stack. */
  const expectSentence = ({ exitCode, error }: CommandOutcome, text: string) => {
    expect(exitCode).toBe(1);
    expect(error).toContain(text);
    expect(error).toMatch(/^[A-Z][^\n]+\.\n$/);
    expect(error).not.toContain(" at ");
  };

  test("in use is said in a sentence, by dev as well", async () => {
    await runEmulator(["--data-dir", folder], async () => {
      expectSentence(await run(folder), `The data folder ${folder} is in use by process`);
      const port = ["--port", "0", "--emulator-port", "0"];
      expectSentence(
        await runCommand(["dev", ...port, "--data-dir", folder]),
        "is in use by process",
      );
    });
  });

  test("that is a file, or lies below one, is said in a sentence", async () => {
    const file = join(folder, "file");
    writeFileSync(file, "");
    expectSentence(await run(file), `The data folder ${file} can't be used: it is a file.`);
    expectSentence(
      await run(join(file, "below")),
      "can't be used: it is a file, or lies below one.",
    );
  });

  test.skipIf(!existsSync("/proc/self"))(
    "where no folder can be made is said in a sentence",
    async () => {
      expectSentence(
        await run("/proc/data/emulator"),
        "The data folder /proc/data/emulator can't be used: no folder can be made there.",
      );
    },
  );

  test("with a damaged log is said in a sentence", async () => {
    const log = join(folder, "log-0.jsonl");
    writeFileSync(log, "damaged\n");
    expectSentence(await run(folder), `The emulator's data is damaged: ${log}, line 1.`);
  });

  test("without the right to write there is said in a sentence", async () => {
    const closed = join(folder, "closed");
    mkdirSync(closed, { mode: 0o500 });
    chmodSync(folder, 0o755);
    // root may write anywhere
    const isRoot = process.getuid?.() === 0;
    if (isRoot) {
      process.seteuid?.(65_534);
    }
    try {
      expectSentence(
        await run(closed),
        "can't be used: this process may not read and write there.",
      );
    } finally {
      if (isRoot) {
        process.seteuid?.(0);
      }
    }
  });
});
