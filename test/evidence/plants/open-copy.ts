import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A copy of the project in a temporary folder, in which holes are planted: never the checkout. */
export interface ProjectCopy {
  readonly folder: string;
  /** @throws Error if the patch does not apply to the source as it is. */
  plant(patchFile: string): void;
  /** Puts the source back as it was. */
  restore(): void;
  remove(): void;
}

/** What the suites and the tests of the project read. */
const COPIED = [
  "src",
  "test",
  "schema",
  "docs",
  "examples",
  "gateway.yaml",
  "package.json",
  "tsconfig.json",
  "tsconfig.build.json",
  "vitest.config.ts",
  "README.md",
  "SECURITY.md",
];

/** @param project the checkout's folder, whose `node_modules` the copy shares. */
export function openCopy(project: string): ProjectCopy {
  const folder = mkdtempSync(join(tmpdir(), "planted-holes-"));
  for (const each of COPIED) {
    cpSync(join(project, each), join(folder, each), { recursive: true });
  }
  symlinkSync(join(project, "node_modules"), join(folder, "node_modules"), "dir");
  return {
    folder,
    plant: (patchFile) => {
      // Without a repository around it, `git apply` works on the folder, and on nothing above it.
      execFileSync("git", ["apply", "--whitespace=nowarn", patchFile], {
        cwd: folder,
        env: { ...process.env, GIT_CEILING_DIRECTORIES: tmpdir() },
        stdio: ["ignore", "ignore", "pipe"],
      });
    },
    restore: () => {
      rmSync(join(folder, "src"), { recursive: true });
      cpSync(join(project, "src"), join(folder, "src"), { recursive: true });
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
