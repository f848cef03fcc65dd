import type { ASTNode } from "graphql";
import type { ModelDefinitions } from "./collect-definitions.ts";
import type { FaultCollector } from "./fault-collector.ts";
import { generatedTypeNames } from "./generated-names.ts";
import { MODEL_SCALARS, type ModelType } from "./model.ts";
import { operationNames } from "./operation-names.ts";

/** Types that the API has with every model. */
const API_TYPES: readonly string[] = [
  "Query",
  "Mutation",
  "Subscription",
  "PageInfo",
  "Viewer",
  "ViewerPermission",
  "PermissionMode",
  "SortDirection",
  "ResourceToken",
  "ItemPage",
  "SqlParameter",
  "ItemPatchOperation",
  "ItemPatchOperationType",
  ...MODEL_SCALARS,
];

const API_QUERIES: readonly string[] = ["viewer", "item", "items"];
const API_MUTATIONS: readonly string[] = [
  "issueResourceTokens",
  "createItem",
  "upsertItem",
  "replaceItem",
  "patchItem",
  "deleteItem",
];

/** Generated names must not meet each other, the model's own, or the API's. */
export function checkNames(
  types: readonly ModelType[],
  definitions: ModelDefinitions,
  faults: FaultCollector,
): void {
  const claimType = createClaims(faults, "type");
  for (const name of [
    ...API_TYPES,
    ...MODEL_SCALARS.flatMap((scalar) => [`${scalar}Filter`, `${scalar}ListFilter`]),
  ]) {
    claimType(name, "the API itself", undefined);
  }
  const stored = new Set(types.map((type) => type.name));
  const abstract = [...definitions.interfaces, ...definitions.unions];
  for (const [name, node] of [...definitions.objects, ...definitions.enums, ...abstract]) {
    claimType(name, `the type "${name}"`, node.name);
  }
  for (const [name, node] of definitions.objects) {
    for (const generated of generatedTypeNames(name, stored.has(name) ? "stored" : "embedded")) {
      claimType(generated, `the type "${name}"`, node.name);
    }
  }
  for (const [name, node] of definitions.enums) {
    for (const generated of generatedTypeNames(name, "enum")) {
      claimType(generated, `the enum "${name}"`, node.name);
    }
  }
  for (const [name, node] of abstract) {
    for (const generated of generatedTypeNames(name, "abstract")) {
      claimType(generated, `the type "${name}"`, node.name);
    }
  }
  checkOperationNames(types, definitions, faults);
}

function checkOperationNames(
  types: readonly ModelType[],
  definitions: ModelDefinitions,
  faults: FaultCollector,
): void {
  const claimQuery = createClaims(faults, "query");
  const claimMutation = createClaims(faults, "mutation");
  for (const name of API_QUERIES) {
    claimQuery(name, "the API itself", undefined);
  }
  for (const name of API_MUTATIONS) {
    claimMutation(name, "the API itself", undefined);
  }
  for (const { name } of types) {
    const node = definitions.objects.get(name)?.name;
    const { pointRead, list, aggregate, ...mutations } = operationNames(name);
    for (const query of [pointRead, list, aggregate]) {
      claimQuery(query, `the type "${name}"`, node);
    }
    for (const mutation of Object.values(mutations)) {
      claimMutation(mutation, `the type "${name}"`, node);
    }
  }
  for (const [name, node] of [...definitions.interfaces, ...definitions.unions]) {
    const { pointRead, list } = operationNames(name);
    claimQuery(pointRead, `the type "${name}"`, node.name);
    claimQuery(list, `the type "${name}"`, node.name);
  }
}

function createClaims(faults: FaultCollector, what: string) {
  const claimed = new Map<string, string>();
  return (name: string, by: string, node: ASTNode | undefined) => {
    const earlier = claimed.get(name);
    if (earlier === undefined) {
      claimed.set(name, by);
    } else if (node !== undefined) {
      const subject = earlier === by ? `${by} makes it twice` : `${earlier} and ${by} both make it`;
      faults.at(node, `The ${what} "${name}" would not be unique: ${subject}. Rename the type.`);
    }
  };
}
