import type { PermissionConfig } from "../config/config.ts";
import { linkFault } from "../cosmos/id-rules.ts";
import type { PartitionKey } from "../cosmos/partition-key.ts";
import type { ResourceScope } from "../cosmos/resource-scope.ts";
import { parseClaimTemplate } from "../templates/claim-template.ts";
import { expandId, expandPartitionKeyValue } from "../templates/expand-template.ts";
import { allExpanded, type Expanded } from "../templates/expanded.ts";
import type { WantedPermission } from "./access.ts";
import { permissionIdOf } from "./permission-id.ts";

const ABSENT = { ok: true, value: undefined } as const;

/** A profile's permission with a caller's claims filled in. */
export function expandPermission(
  { container, partitionKey: levels, item: itemTemplate, mode }: PermissionConfig,
  claims: Readonly<Record<string, unknown>>,
  database: string | undefined,
): Expanded<WantedPermission> {
  const partitionKey: Expanded<PartitionKey | undefined> =
    levels === undefined
      ? ABSENT
      : allExpanded(levels.map((level) => expandPartitionKeyValue(level, claims)));
  const item: Expanded<string | undefined> =
    itemTemplate === undefined
      ? ABSENT
      : expandId(parseClaimTemplate(itemTemplate), claims, "item id");
  if (!partitionKey.ok || !item.ok) {
    return {
      ok: false,
      reasons: [partitionKey, item].flatMap((part) => (part.ok ? [] : part.reasons)),
    };
  }
  const fault = database === undefined ? undefined : linkFault(database, container, item.value);
  if (fault !== undefined) {
    return { ok: false, reasons: [`a permission on ${container} can't be had: ${fault}`] };
  }
  const resource: ResourceScope = {
    container,
    ...(partitionKey.value === undefined ? {} : { partitionKey: partitionKey.value }),
    ...(item.value === undefined ? {} : { item: item.value }),
  };
  return { ok: true, value: { permissionId: permissionIdOf(resource), ...resource, mode } };
}
