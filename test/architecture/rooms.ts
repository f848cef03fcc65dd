import { dirname } from "node:path";
import type { SourceImport } from "./source-imports.ts";

/**
 * The rooms of `src/`, low to high: a file imports from its own room and from lower ones, never up.
 * A room is a folder with all that is in it, but for what has a room of its own, or a few files.
 */
export const ROOMS: readonly (string | readonly string[])[] = [
  [
    "bundled-node.ts",
    "clock.ts",
    "deep-freeze.ts",
    "fair-queue.ts",
    "gateway-error.ts",
    "package-version.ts",
    "secret.ts",
    "until-aborted.ts",
  ],
  "cosmos/",
  "observability/",
  "templates/",
  "config/",
  "auth/",
  "access/",
  "model/",
  "tokens/",
  "items/sql/",
  "items/",
  // They run over the operations of `items/`.
  "items/queries/",
  "graphql/request-context.ts",
  "graphql/item-conversion.ts",
  "graphql/classes/",
  "graphql/selection/",
  "graphql/cursors/",
  "graphql/partitions/",
  "graphql/filters/",
  "graphql/misfits/",
  "graphql/references/",
  ["graphql/model-classes.ts", "graphql/model-api.ts", "graphql/api-extension.ts"],
  "graphql/reads/",
  "graphql/aggregates/",
  "graphql/writes/",
  "graphql/generic/",
  "graphql/viewer/",
  "graphql/plugins/",
  // Puts the rooms of `graphql/` together.
  "graphql/",
  "http/",
  ["reloadable-secrets.ts", "app.ts"],
  // Stands alone; see boundaries.test.ts.
  "emulator/",
  "dev/",
  ["commands/", "cli.ts"],
  // The ways in: the program and the library.
  ["main.ts", "gateway.ts"],
];

/** The room of a file: the most particular one that has it. Undefined: it has none. */
export function roomOf(file: string): number | undefined {
  const places = ROOMS.flatMap((room, order) =>
    [room].flat().map((place) => ({ place, order })),
  ).filter(({ place }) => (place.endsWith("/") ? file.startsWith(place) : file === place));
  return places.toSorted((left, right) => right.place.length - left.place.length)[0]?.order;
}

/** The imports that go up, each as `from -> to`. */
export function importsUpwards(imports: readonly SourceImport[]): readonly string[] {
  return imports
    .filter(({ from, to }) => Number(roomOf(from)) < Number(roomOf(to)))
    .map(({ from, to }) => `${from} -> ${to}`);
}

/**
 * Rooms that import each other in a circle, each circle as a list. A folder is a room here; files
 * that lie beside folders put these together, as a rule, so that each of them is one of its own.
 */
export function roomCycles(imports: readonly SourceImport[]): readonly (readonly string[])[] {
  const folders = new Set(imports.flatMap(({ from, to }) => [dirname(from), dirname(to)]));
  const outer = new Set([...folders].map((folder) => dirname(folder)));
  const room = (file: string) => (outer.has(dirname(file)) ? file : `${dirname(file)}/`);
  return cycles(imports.map(({ from, to }) => ({ from: room(from), to: room(to) })));
}

/** Files that import each other in a circle, each circle as a list. */
export function cycles(imports: readonly SourceImport[]): readonly (readonly string[])[] {
  const targets = new Map<string, Set<string>>();
  for (const { from, to } of imports.filter(({ from, to }) => from !== to)) {
    targets.set(from, (targets.get(from) ?? new Set()).add(to));
  }
  const reached = new Map([...targets.keys()].map((from) => [from, reachedFrom(from, targets)]));
  const circles = [...reached]
    .filter(([from, others]) => others.has(from))
    .map(([from, others]) => [...others].filter((other) => reached.get(other)?.has(from)).sort());
  return [...new Map(circles.map((circle) => [circle.join(), circle])).values()];
}

function reachedFrom(
  start: string,
  targets: ReadonlyMap<string, ReadonlySet<string>>,
): ReadonlySet<string> {
  const reached = new Set<string>();
  const open = [start];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const target of targets.get(next) ?? []) {
      if (!reached.has(target)) {
        reached.add(target);
        open.push(target);
      }
    }
  }
  return reached;
}
