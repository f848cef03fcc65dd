import { type ASTNode, getLocation } from "graphql";
import type { ModelDefinitions } from "./collect-definitions.ts";
import type { ModelPlace } from "./model.ts";

/** Where each type, field and enum value is defined, by schema coordinate. */
export function modelPlaces(definitions: ModelDefinitions): ReadonlyMap<string, ModelPlace> {
  const places = new Map<string, ModelPlace>();
  const add = (coordinate: string, { loc }: ASTNode) => {
    // Every node was parsed with its place.
    if (loc !== undefined && !places.has(coordinate)) {
      const { line, column } = getLocation(loc.source, loc.start);
      places.set(coordinate, { path: loc.source.name, line, column });
    }
  };
  for (const [name, node] of [...definitions.objects, ...definitions.interfaces]) {
    add(name, node.name);
    for (const field of node.fields ?? []) {
      add(`${name}.${field.name.value}`, field.name);
    }
  }
  for (const [name, node] of definitions.enums) {
    add(name, node.name);
    for (const value of node.values ?? []) {
      add(`${name}.${value.name.value}`, value.name);
    }
  }
  for (const [name, node] of definitions.unions) {
    add(name, node.name);
  }
  return places;
}
