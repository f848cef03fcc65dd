import { basename, dirname } from "node:path";
import { describe, expect, test } from "vitest";
import { cycles, importsUpwards, ROOMS, roomCycles, roomOf } from "./rooms.ts";
import { sourceFiles, sourceImports } from "./source-imports.ts";

const files = sourceFiles();
const imports = sourceImports();

test("every file has a room, and every room has a file", () => {
  expect(imports.length).toBeGreaterThan(1000);
  expect(files.filter((file) => roomOf(file) === undefined)).toEqual([]);
  const used = new Set(files.map(roomOf));
  expect(ROOMS.filter((_, order) => !used.has(order))).toEqual([]);
});

test("no file imports from a room above its own, not even a type", () => {
  expect(importsUpwards(imports)).toEqual([]);
});

test("no files and no rooms import each other in a circle, not even for a type", () => {
  expect(cycles(imports)).toEqual([]);
  expect(roomCycles(imports)).toEqual([]);
});

describe("a planted import is found", () => {
  test("where it goes to a room above", () => {
    const planted = { from: "items/session.ts", to: "graphql/model-api.ts" };
    expect(importsUpwards([...imports, planted])).toEqual([
      "items/session.ts -> graphql/model-api.ts",
    ]);
  });

  test("where two files of one room import each other then", () => {
    const planted = { from: "items/sql/condition.ts", to: "items/sql/select-query.ts" };
    expect(cycles([...imports, planted]).flat()).toEqual(
      expect.arrayContaining(["items/sql/condition.ts", "items/sql/select-query.ts"]),
    );
  });

  test("where two rooms import each other then, though no files do", () => {
    const there = { from: "emulator/routes/one.ts", to: "emulator/store/two.ts" };
    const back = { from: "emulator/store/three.ts", to: "emulator/routes/four.ts" };
    expect(cycles([there, back])).toEqual([]);
    expect(roomCycles([there, back])).toEqual([["emulator/routes/", "emulator/store/"]]);
  });
});

test.each([
  ["graphql", 14],
  ["emulator", 12],
])("at the top of %s/ lie %d files at most: the rest has rooms", (folder, most) => {
  expect(files.filter((file) => dirname(file) === folder).length).toBeLessThanOrEqual(most);
});

test("a file name stands once in the tree", () => {
  const names = files.map((file) => basename(file));
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});
