import type { PermissionDefinition } from "@azure/cosmos";
import type { WantedPermission } from "../access/access.ts";
import type { PermissionMode } from "../config/config.ts";
import {
  isSamePartitionKey,
  type PartitionKey,
  type PartitionKeyValue,
} from "../cosmos/partition-key.ts";
import type { ResourceScope } from "../cosmos/resource-scope.ts";
import { GatewayError } from "../gateway-error.ts";
import { Secret } from "../secret.ts";

/** A permission as Cosmos DB returned it, with the resource token that the answer minted. */
export interface MintedPermission {
  readonly permissionId: string;
  readonly mode: PermissionMode;
  /** What it covers, or undefined if that is nothing the gateway can use. */
  readonly scope: ResourceScope | undefined;
  readonly resourceToken: Secret;
}

/** The body of a permission that gives what a profile asks for. */
export function toPermissionBody(database: string, wanted: WantedPermission): PermissionDefinition {
  const container = `dbs/${database}/colls/${wanted.container}`;
  return {
    id: wanted.permissionId,
    // The SDK's enum has these two values; its type can't take them as plain strings.
    permissionMode: wanted.mode as PermissionDefinition["permissionMode"],
    resource: wanted.item === undefined ? container : `${container}/docs/${wanted.item}`,
    // An array always: the service refuses a plain value, though the SDK's type allows it.
    ...(wanted.partitionKey && { resourcePartitionKey: [...wanted.partitionKey] }),
  };
}

/** Undefined if the answer is no permission with a token, which no Cosmos DB gives. */
export function readPermission(database: string, resource: unknown): MintedPermission | undefined {
  if (typeof resource !== "object" || resource === null) {
    return undefined;
  }
  const {
    id,
    permissionMode,
    resource: link,
    resourcePartitionKey,
    _token,
  } = resource as Record<string, unknown>; // Any object can be looked into.
  if (typeof id !== "string" || typeof link !== "string" || typeof _token !== "string") {
    return undefined;
  }
  return {
    permissionId: id,
    // The service takes the mode in any case.
    mode: String(permissionMode).toLowerCase() === "all" ? "All" : "Read",
    scope: readScope(database, link, resourcePartitionKey),
    resourceToken: new Secret(_token),
  };
}

/** True if a permission gives what is asked for, no less and no more. */
export function isAsWanted(permission: MintedPermission, wanted: WantedPermission): boolean {
  return permission.mode === wanted.mode && coversSameResource(permission, wanted);
}

/** True if both name one container or item and one partition: Cosmos DB allows a user one such. */
export function coversSameResource(permission: MintedPermission, wanted: ResourceScope): boolean {
  const { scope } = permission;
  if (scope === undefined || scope.container !== wanted.container || scope.item !== wanted.item) {
    return false;
  }
  return scope.partitionKey === undefined || wanted.partitionKey === undefined
    ? scope.partitionKey === wanted.partitionKey
    : isSamePartitionKey(scope.partitionKey, wanted.partitionKey);
}

/**
 * Reads a link of the form `dbs/{database}/colls/{container}` or `…/docs/{item}`.
 *
 * Everything else gives no scope, and so no grant: another database, a script, and links made of
 * `_rid`s (`dbs/YV1WAA==/colls/YV1WAP7RkxI=/`), which can't be told from names without reading
 * the database. A partition key that is not made of plain values must not be dropped on the way:
 * without it, the grant would look like one on the whole container.
 */
function readScope(
  database: string,
  link: string,
  resourcePartitionKey: unknown,
): ResourceScope | undefined {
  const [dbs, databaseId, colls, container, docs, item, ...rest] = link
    .replace(/^\/|\/$/g, "")
    .split("/");
  if (dbs !== "dbs" || databaseId !== database || colls !== "colls" || !container) {
    return undefined;
  }
  const namesItem = docs === "docs" && Boolean(item) && rest.length === 0;
  if (docs !== undefined && !namesItem) {
    return undefined;
  }
  const partitionKey = readPartitionKey(resourcePartitionKey);
  if (partitionKey === "unreadable") {
    return undefined;
  }
  return {
    container,
    ...(item !== undefined && { item }),
    ...(partitionKey !== undefined && { partitionKey }),
  };
}

function readPartitionKey(value: unknown): PartitionKey | undefined | "unreadable" {
  if (value === undefined || value === null) {
    return undefined;
  }
  return Array.isArray(value) && value.length > 0 && value.every(isPartitionKeyValue)
    ? value
    : "unreadable";
}

function isPartitionKeyValue(value: unknown): value is PartitionKeyValue {
  return value === null || ["string", "number", "boolean"].includes(typeof value);
}

/**
 * As `readPermission`, for an answer that must be a permission.
 *
 * @throws GatewayError UPSTREAM_UNAVAILABLE if it is not.
 */
export function requirePermission(database: string, resource: unknown): MintedPermission {
  const permission = readPermission(database, resource);
  if (permission === undefined) {
    throw new GatewayError("UPSTREAM_UNAVAILABLE", "The data store can't be used at the moment.", {
      logReason: "Cosmos DB answered a permission without a token",
    });
  }
  return permission;
}
