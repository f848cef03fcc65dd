import { type FieldNode, type GraphQLResolveInfo, isObjectType } from "graphql";
import type { ModelType, QueriedType } from "../../model/model.ts";
import { selectionOf } from "./selection.ts";

/** What no property of the model stands for. */
const NOT_STORED: readonly string[] = ["_etag", "_ts", "__typename"];

/**
 * The stored names of the properties that `nodes` select of items, and of those that it takes to
 * read what they refer to. Of an interface or union: of all its types, and what tells them apart.
 *
 * Undefined, for whole items, where a field is selected that the model doesn't know: what a team's
 * own field is made from, only it knows.
 */
export function selectedProperties(
  type: QueriedType,
  nodes: readonly FieldNode[],
  info: GraphQLResolveInfo,
): readonly string[] | undefined {
  if (!("members" in type)) {
    return propertiesOf(type, nodes, info);
  }
  const all = new Set([type.discriminatorProperty]);
  for (const member of type.members) {
    const properties = propertiesOf(member, nodes, info);
    if (properties === undefined) {
      return undefined;
    }
    for (const property of properties) {
      all.add(property);
    }
  }
  return [...all];
}

function propertiesOf(
  type: ModelType,
  nodes: readonly FieldNode[],
  info: GraphQLResolveInfo,
): readonly string[] | undefined {
  const objectType = info.schema.getType(type.name);
  if (!isObjectType(objectType)) {
    throw new Error(`The schema has no type "${type.name}".`);
  }
  const selected = selectionOf(nodes, objectType, info);
  const references = [...type.references, ...type.reverseReferences];
  const known = [...type.fields, ...references].map((field) => field.name);
  if ([...selected.keys()].some((name) => !known.includes(name) && !NOT_STORED.includes(name))) {
    return undefined;
  }
  const referring = references
    .filter((reference) => selected.has(reference.name))
    // An item's own id, which reverse references go by, is read in any case.
    .flatMap((reference) => [
      ...("idField" in reference ? [reference.idField] : []),
      ...reference.partitionKeyFields,
    ]);
  return [
    ...type.fields
      .filter((field) => selected.has(field.name) || referring.includes(field))
      .map((field) => field.storedName),
    ...["_etag", "_ts"].filter((name) => selected.has(name)),
  ];
}
