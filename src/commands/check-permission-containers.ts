import { closestName } from "../config/closest-name.ts";
import { formatConfigPlace } from "../config/config-fault.ts";
import type { ReadableParts } from "../config/readable-parts.ts";
import type { Model } from "../model/model.ts";

/** What can be said of permissions on containers that no model has: a line each, with its place. */
export interface ContainerNotes {
  readonly faults: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * Looks for permissions on containers that no model has. Only the operations over plain JSON and
 * own resolvers can use such a permission: without them it is dead weight, which is a warning, or a
 * misspelt name, which is a fault.
 *
 * @param hasOwnResolvers whether own resolvers are there: they may read any container.
 */
export function checkPermissionContainers(
  { generic, permissionContainers }: ReadableParts,
  model: Model,
  configFile: string,
  hasOwnResolvers: boolean,
): ContainerNotes {
  const known = [...new Set([...model.types.values()].map(({ container }) => container))];
  const isUsable = generic || hasOwnResolvers;
  const faults: string[] = [];
  const warnings: string[] = [];
  for (const { container, path, ...place } of permissionContainers) {
    const meant = known.includes(container) ? container : closestName(container, known);
    const at = formatConfigPlace(place, configFile);
    if (meant !== container && meant !== undefined) {
      const text = `${path}: no model has the container "${container}". Did you mean "${meant}"?`;
      (isUsable ? warnings : faults).push(`${at}: ${isUsable ? "warning: " : ""}${text}`);
    } else if (meant === undefined && !isUsable) {
      warnings.push(
        `${at}: warning: ${path}: no model has the container "${container}", so no operation uses this permission. Remove it, add a model, or switch api.generic on.`,
      );
    }
  }
  return { faults, warnings };
}
