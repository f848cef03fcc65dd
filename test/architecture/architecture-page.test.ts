import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { roomOf } from "./rooms.ts";
import { sourceFiles } from "./source-imports.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const page = readFileSync(resolve(ROOT, "docs/architecture.md"), "utf8");

test("docs/architecture.md names files and folders that are there", () => {
  const paths = pathsIn(page);
  expect(paths.length).toBeGreaterThan(50);
  // Rooms of graphql/ stand in its own line, without its name.
  const places = ["src", "src/graphql", "."].map((folder) => resolve(ROOT, folder));
  expect(paths.filter((path) => !places.some((place) => existsSync(resolve(place, path))))).toEqual(
    [],
  );
});

test("docs/architecture.md has every room, in the order in which they may import", () => {
  const rows = page.split("\n").filter((line) => line.startsWith("| `") && !line.includes(".md`"));
  const rooms = rows.flatMap((row) => pathsIn(String(row.split("|")[1])));
  const inGraphql = rows
    .filter((row) => row.startsWith("| `graphql/`"))
    .flatMap(pathsIn)
    .slice(1);
  const ordered = [rooms, inGraphql.map((room) => `graphql/${room}`)];
  for (const places of ordered) {
    const orders = places.map((place) => roomOf(place.endsWith("/") ? `${place}any.ts` : place));
    expect(orders).toEqual(orders.toSorted((left, right) => Number(left) - Number(right)));
  }
  const folders = new Set(sourceFiles().map((file) => /^(graphql\/)?[^/]+\//.exec(file)?.[0]));
  folders.delete(undefined);
  expect([...folders].filter((folder) => !ordered.flat().includes(String(folder)))).toEqual([]);
});

/** The paths of files and folders that stand in code quotes. */
function pathsIn(text: string): readonly string[] {
  return [...text.matchAll(/`([\w.-]+(?:\/[\w.-]*)*(?:\/|\.ts|\.md))`/g)].map(([, path]) =>
    String(path),
  );
}
