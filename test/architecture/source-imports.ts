import { readdirSync, readFileSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";

/** One file of `src/` that imports another, for values or for types alone. Paths under `src/`. */
export interface SourceImport {
  readonly from: string;
  readonly to: string;
}

const SRC = resolve(import.meta.dirname, "../../src");

/** The files below a folder of `src/`, as paths under `src/`. */
export function sourceFiles(folder = "."): readonly string[] {
  return readdirSync(resolve(SRC, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => relative(SRC, resolve(SRC, folder, name)))
    .sort();
}

/** The text of a file, given by its path under `src/`. */
export function sourceText(file: string): string {
  return readFileSync(resolve(SRC, file), "utf8");
}

/**
 * Every import between files of `src/`, as it stands in the source: dependency-cruiser reads the
 * build, where imports of types are gone.
 */
export function sourceImports(): readonly SourceImport[] {
  return sourceFiles().flatMap((from) =>
    [...sourceText(from).matchAll(/\b(?:from|import)\s*\(?\s*"(\.[^"]+)"/g)].map(
      ([, specifier]) => ({
        from,
        to: relative(SRC, resolve(SRC, dirname(from), String(specifier))),
      }),
    ),
  );
}
