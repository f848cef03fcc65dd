import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { readPlants } from "./read-plants.ts";
import { EVIDENCE_SUITES } from "./suites.ts";

const PROJECT = resolve(import.meta.dirname, "../../..");
const plants = readPlants();

const git = (...args: string[]) =>
  execFileSync("git", ["apply", ...args], { cwd: PROJECT, encoding: "utf8", stdio: "pipe" });

describe("the planted holes", () => {
  it("are twelve of the gateway and eight of the emulator, at least", () => {
    const ofEmulator = plants.filter(({ files }) =>
      files.some((file) => file.startsWith("src/emulator/")),
    );
    expect(ofEmulator.length).toBeGreaterThanOrEqual(8);
    expect(plants.length - ofEmulator.length).toBeGreaterThanOrEqual(12);
  });

  it.each(plants.map((plant) => [plant.name, plant] as const))("%s applies", (_name, plant) => {
    expect(() => git("--check", plant.patchFile)).not.toThrow();
  });

  it.each(plants.map((plant) => [plant.name, plant] as const))(
    "%s changes a few lines of src/ alone",
    (_name, { patchFile, files }) => {
      const changes = git("--numstat", patchFile)
        .trim()
        .split("\n")
        .map((line) => line.split("\t"));
      expect(changes.map(([, , file]) => file)).toEqual(files);
      expect(files.every((file) => file.startsWith("src/"))).toBe(true);
      const lines = changes.reduce(
        (sum, [added, removed]) => sum + Number(added) + Number(removed),
        0,
      );
      expect(lines).toBeLessThanOrEqual(20);
    },
  );

  it.each(plants.map((plant) => [plant.name, plant] as const))(
    "%s names a suite, and tests that are there",
    async (_name, { expected, tests, breaks, falls }) => {
      expect(EVIDENCE_SUITES.map(({ name }) => name)).toContain(expected);
      expect(tests.filter((file) => !existsSync(resolve(PROJECT, file)))).toEqual([]);
      expect([breaks, falls].every((text) => text.endsWith("."))).toBe(true);
    },
  );
});
