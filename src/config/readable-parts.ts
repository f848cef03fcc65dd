import { resolve } from "node:path";
import { formatConfigPath } from "./config-fault.ts";
import { configSchema } from "./config-schema.ts";
import { valueAt } from "./describe-found.ts";
import type { Place } from "./parse-yaml.ts";

/** What can be told of a configuration that has faults elsewhere. */
export interface ReadableParts {
  /** Glob of the model files, absolute. */
  readonly schema?: string;
  /** `api.generic`. */
  readonly generic: boolean;
  /** Names of the access profiles. */
  readonly profiles: readonly string[];
  /** The containers that permissions name, in the order of the file. */
  readonly permissionContainers: readonly PermissionContainer[];
}

export interface PermissionContainer extends Partial<Place> {
  readonly container: string;
  /** Such as `profiles[0].permissions[1].container`. */
  readonly path: string;
}

/** `unresolved` are the paths of values whose variables are missing: nothing is known of them. */
export function readableParts(
  tree: unknown,
  unresolved: ReadonlySet<string>,
  { folder, placeOf }: ReadableSource,
): ReadableParts {
  const schema = configSchema.shape.schema.safeParse(valueAt(tree, ["schema"]));
  return {
    ...(schema.success && !unresolved.has("schema")
      ? { schema: resolve(folder, schema.data) }
      : {}),
    generic: valueAt(tree, ["api", "generic"]) === true,
    profiles: entriesAt(tree, ["profiles"]).flatMap((_profile, index) => {
      const name = valueAt(tree, ["profiles", index, "name"]);
      return typeof name === "string" ? [name] : [];
    }),
    permissionContainers: entriesAt(tree, ["profiles"]).flatMap((_profile, index) =>
      entriesAt(tree, ["profiles", index, "permissions"]).flatMap((_permission, place) => {
        const path = ["profiles", index, "permissions", place, "container"];
        const container = valueAt(tree, path);
        const written = formatConfigPath(path);
        return typeof container === "string" && !unresolved.has(written)
          ? [{ container, path: written, ...placeOf(path) }]
          : [];
      }),
    ),
  };
}

interface ReadableSource {
  /** Folder of the configuration file. */
  readonly folder: string;
  readonly placeOf: (path: readonly PropertyKey[]) => Place | undefined;
}

function entriesAt(tree: unknown, path: readonly PropertyKey[]): readonly unknown[] {
  const list = valueAt(tree, path);
  return Array.isArray(list) ? list : [];
}
