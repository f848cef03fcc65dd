import { registerEnumType } from "type-graphql";

export function createPermissionMode(): object {
  const mode = { Read: "Read", All: "All" };
  registerEnumType(mode, {
    name: "PermissionMode",
    description: "What a Cosmos DB permission allows.",
    valuesConfig: {
      Read: { description: "Reading." },
      All: { description: "Reading and writing." },
    },
  });
  return mode;
}
