/** What a definition of the model is to the API. */
export type DefinitionKind = "stored" | "embedded" | "abstract" | "enum";

const SUFFIXES: Readonly<Record<DefinitionKind, readonly string[]>> = {
  stored: [
    "Input",
    "Filter",
    "ListFilter",
    "Patch",
    "PatchSet",
    "PatchIncrement",
    "PatchAppend",
    "PatchUnset",
    "OrderBy",
    "Operation",
    "CreateOperation",
    "UpsertOperation",
    "ReplaceOperation",
    "PatchOperation",
    "DeleteOperation",
    "Connection",
    "Edge",
    "Aggregate",
    "Sum",
    "Average",
    "Min",
    "Max",
    "Group",
    "GroupKey",
    "GroupField",
  ],
  embedded: ["Input", "Filter", "ListFilter", "Patch"],
  abstract: ["Filter", "OrderBy", "Connection", "Edge"],
  enum: ["Filter", "ListFilter"],
};

/** The types that a definition may bring to the API beside itself, such as `OrderFilter`. */
export function generatedTypeNames(name: string, kind: DefinitionKind): readonly string[] {
  return SUFFIXES[kind].map((suffix) => `${name}${suffix}`);
}
