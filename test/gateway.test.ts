import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { SAMPLE_DATABASE } from "../src/dev/sample-data.ts";
import { type Emulator, startEmulator } from "../src/emulator/start-emulator.ts";
import { type GatewayOptions, startGateway } from "../src/gateway.ts";
import { ROOT } from "./commands/run-command.ts";

let emulator: Emulator;
let folder: string;
let options: GatewayOptions;
const lines: string[] = [];

beforeAll(async () => {
  emulator = await startEmulator({ port: 0, seed: [SAMPLE_DATABASE] });
  folder = mkdtempSync(join(tmpdir(), "gateway-"));
  const yaml = readFileSync(`${ROOT}/gateway.yaml`, "utf8")
    .replace("port: 4000", "port: 0")
    .replace("./schema/", `${ROOT}/schema/`);
  writeFileSync(join(folder, "gateway.yaml"), yaml);
  options = {
    workingFolder: folder,
    env: {
      COSMOS_ENDPOINT: emulator.endpoint,
      COSMOS_KEY: emulator.keys[0],
      COSMOS_SECONDARY_KEY: emulator.keys[1],
    },
    log: (line) => lines.push(line),
  };
});
afterAll(async () => {
  await emulator.stop();
  rmSync(folder, { recursive: true });
});

test("serves the configuration until it is stopped, and logs where", async () => {
  const gateway = await startGateway(options);
  expect(gateway.address).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  const answer = await fetch(`${gateway.address}/graphql?query={viewer{subject}}`);
  expect(answer.status).toBe(401);
  expect(lines.map((line) => JSON.parse(line))).toContainEqual(
    expect.objectContaining({ event: "listening", address: gateway.address }),
  );
  await gateway.stop();
  await expect(fetch(`${gateway.address}/healthz`)).rejects.toThrow();
});

describe("rejects", () => {
  test("with every fault of the configuration", async () => {
    const env = { ...options.env, COSMOS_ENDPOINT: "not a URL", COSMOS_KEY: undefined };
    const message = await startGateway({ ...options, env }).catch(String);
    expect(message).toContain("cosmos.endpoint");
    expect(message).toContain("COSMOS_KEY");
  });

  test("where there is no configuration", async () => {
    const started = startGateway({ ...options, config: "none.yaml" });
    await expect(started).rejects.toThrow("The configuration none.yaml can't be read.");
  });

  test("where its port is taken", async () => {
    const first = await startGateway(options);
    const { port } = new URL(first.address);
    const yaml = readFileSync(join(folder, "gateway.yaml"), "utf8");
    writeFileSync(join(folder, "taken.yaml"), yaml.replace("port: 0", `port: ${port}`));
    const second = startGateway({ ...options, config: "taken.yaml" });
    await expect(second).rejects.toThrow(`Port ${port} is in use`);
    await first.stop();
  });

  test.each(["given", "real"])(
    "where the SDK would print resource tokens, by the %s environment",
    async (which) => {
      const unsafe = { AZURE_COSMOSDB_DIAGNOSTICS_LEVEL: "debug-unsafe" };
      const env = which === "given" ? { ...options.env, ...unsafe } : options.env;
      Object.assign(process.env, which === "real" ? unsafe : {});
      try {
        await expect(startGateway({ ...options, env })).rejects.toThrow("debug-unsafe");
      } finally {
        delete process.env.AZURE_COSMOSDB_DIAGNOSTICS_LEVEL;
      }
    },
  );
});
