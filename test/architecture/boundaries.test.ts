import { readdirSync, readFileSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import { expect, test } from "vitest";

const SRC = resolve(import.meta.dirname, "../../src");

/** Every relative import of a file, those of types alone included, as paths under `src`. */
function importsOf(file: string): string[] {
  const text = readFileSync(file, "utf8");
  return [...text.matchAll(/\b(?:from|import)\s*\(?\s*"(\.[^"]+)"/g)].map(([, specifier]) =>
    relative(SRC, resolve(dirname(file), String(specifier))),
  );
}

function sourceFiles(folder: string): string[] {
  return readdirSync(resolve(SRC, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => resolve(SRC, folder, name));
}

// dependency-cruiser reads the build, where imports of types are gone; this reads the source.
test("the emulator imports nothing of the gateway, not even a type", () => {
  const files = sourceFiles("emulator");
  expect(files.length).toBeGreaterThan(10);
  const outside = files.flatMap((file) =>
    importsOf(file)
      .filter((path) => !path.startsWith("emulator/"))
      .map((path) => `${relative(SRC, file)} -> ${path}`),
  );
  expect(outside).toEqual([]);
});

test("what resolvers are made of knows the scope of a grant, and nothing else of tokens", () => {
  const files = [...sourceFiles("graphql"), resolve(SRC, "gateway.ts")];
  const imported = files.flatMap(importsOf);
  expect(imported).toContain("tokens/grant-scope.ts");
  expect(
    imported.filter((path) => path.startsWith("tokens/") && path !== "tokens/grant-scope.ts"),
  ).toEqual([]);
  expect(imported).not.toContain("secret.ts");
});

test("a secret is revealed only where it is verified, sent or signed with", () => {
  const revealing = sourceFiles(".")
    .filter((file) => readFileSync(file, "utf8").includes(".reveal("))
    .map((file) => relative(SRC, file))
    .filter((path) => !/^(tokens|items)\//.test(path));
  expect(revealing.sort()).toEqual([
    // Overrides are how `cosmos-gateway dev` hands the emulator's keys over.
    "config/config-overrides.ts",
    // Seals cursors.
    "reloadable-secrets.ts",
  ]);
});
