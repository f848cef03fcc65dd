import type { Model } from "./model.ts";

/** What is known of a container: its partition key paths, such as `["/tenantId"]`. */
export interface RealContainer {
  readonly id: string;
  readonly partitionKeyPaths: readonly string[];
}

/**
 * Where the models contradict the containers that are there: each fault with what the model says
 * and what the container says. A missing container is no contradiction: it may still be made.
 */
export function containerFaults(model: Model, containers: readonly RealContainer[]): string[] {
  const byId = new Map(containers.map((container) => [container.id, container]));
  return [...model.types.values()].flatMap((type) => {
    const real = byId.get(type.container);
    const modelPaths = type.partitionKey.map(({ path }) => pathOf(path));
    return real === undefined || isSame(modelPaths, real.partitionKeyPaths)
      ? []
      : [
          `Type ${type.name} has the partition key ${modelPaths.join(", ")}, but its container "${real.id}" has ${real.partitionKeyPaths.join(", ")}. Mark the fields of the container's paths with @partitionKey(level:, field:).`,
        ];
  });
}

/**
 * `/tenantId`, `/address/country`; a name that is no identifier is quoted, as Cosmos DB writes it.
 */
function pathOf(path: readonly string[]): string {
  return path
    .map((name) => (/^\w+$/.test(name) ? `/${name}` : `/${JSON.stringify(name)}`))
    .join("");
}

/** `/"address"/country` and `/address/country` are one path. */
function isSame(left: readonly string[], right: readonly string[]): boolean {
  const plain = (path: string) => path.replace(/\/"(\w+)"(?=\/|$)/g, "/$1");
  return (
    left.length === right.length &&
    left.every((path, level) => plain(path) === plain(right[level] ?? ""))
  );
}
