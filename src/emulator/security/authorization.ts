import type { CosmosRequest } from "../http/cosmos-request.ts";
import {
  type HeaderKeyValue,
  isKeyPrefix,
  PARTITION_KEY_HEADER,
  parsePartitionKey,
} from "../http/partition-key-header.ts";
import { linkSegments } from "../resources/resource-link.ts";
import { insufficientPermissions } from "../service-errors.ts";
import type { PermissionMode } from "../users/permission-mode.ts";
import type { Authorization } from "./authentication.ts";
import { type RequestKind, requestKind } from "./request-kind.ts";
import type { ResourceTokenClaims } from "./resource-token.ts";

/** A link with names in place of rids. */
export interface ResolvedLink {
  /** `["dbs", "shop", "colls", "orders", "docs", "1"]` */
  readonly segments: readonly string[];
  /** Set if the link names an existing item by rid: ids repeat across partitions, rids do not. */
  readonly itemPartitionKey?: readonly HeaderKeyValue[];
}

/** What authorization must know of the store. It never tells whether an item exists. */
export interface LinkResolver {
  /**
   * The link in names. A link is in rids as a whole or in names as a whole, never mixed; one that
   * resolves to nothing comes back unchanged. Routing must use this same resolution: an item whose
   * id looks like a rid must mean the same to both.
   */
  toNames(segments: readonly string[]): ResolvedLink;
  /** How many levels the container's partition key has; undefined if there is no such container. */
  partitionKeyLevels(databaseId: string, containerId: string): number | undefined;
}

/** What a kind of request asks of a resource token. */
type Rule =
  /** A permission, of either mode, on the request's container or on anything in it. */
  | { readonly link: "around" }
  | {
      readonly needs: PermissionMode;
      /**
       * Which link the permission's must be a prefix of: the container's, so that a permission on
       * an item is not enough, or the resource's own.
       */
      readonly link: "container" | "resource";
      /**
       * What a permission with a partition key needs besides: `own`, the header names a key under
       * the permission's; `whole`, the permission also names every level; `none`, it is not enough.
       */
      readonly partition: "own" | "whole" | "none";
    };

const READ_DEFINITION: Rule = { link: "around" };
const WRITE_DEFINITION: Rule = { needs: "All", link: "container", partition: "none" };
const READ_ITEMS: Rule = { needs: "Read", link: "container", partition: "whole" };
const ADD_ITEMS: Rule = { needs: "All", link: "container", partition: "own" };
const READ_ITEM: Rule = { needs: "Read", link: "resource", partition: "own" };
const WRITE_ITEM: Rule = { needs: "All", link: "resource", partition: "own" };

/**
 * The rules. A kind of request that is not here is for account keys alone: databases, container
 * feeds, users, permissions, offers. Sources: the SDKs' own permission tests
 * (`authorization.spec.ts`, `ResourceTokenTest.java`, `CosmosPermissionTests.cs`), and by row
 * - bulk: https://github.com/Azure/azure-cosmos-dotnet-v3/issues/1783
 * - upsert of an item permission: https://github.com/Azure/azure-cosmos-dotnet-v3/issues/4116
 * - queries of a hierarchical prefix: https://github.com/Azure/azure-cosmos-dotnet-v3/issues/4099
 * - stored procedures: https://learn.microsoft.com/azure/cosmos-db/secure-access-to-data
 */
const RULES: Readonly<Partial<Record<RequestKind, Rule>>> = {
  readContainer: READ_DEFINITION,
  listPartitionKeyRanges: READ_DEFINITION,
  replaceContainer: WRITE_DEFINITION,
  deleteContainer: WRITE_DEFINITION,

  listItems: READ_ITEMS,
  queryItems: READ_ITEMS,
  planQuery: READ_ITEMS,
  readChangeFeed: READ_ITEMS,

  createItem: ADD_ITEMS,
  upsertItem: ADD_ITEMS,
  batch: ADD_ITEMS,
  bulk: { needs: "All", link: "container", partition: "none" },
  deletePartition: ADD_ITEMS,

  readItem: READ_ITEM,
  replaceItem: WRITE_ITEM,
  patchItem: WRITE_ITEM,
  deleteItem: WRITE_ITEM,

  listScripts: { needs: "Read", link: "container", partition: "none" },
  queryScripts: { needs: "Read", link: "container", partition: "none" },
  createScript: WRITE_DEFINITION,
  upsertScript: WRITE_DEFINITION,
  readScript: { needs: "Read", link: "resource", partition: "none" },
  replaceScript: { needs: "All", link: "resource", partition: "none" },
  deleteScript: { needs: "All", link: "resource", partition: "none" },
  executeScript: { needs: "All", link: "container", partition: "none" },
};

/** Headers that send a request to a range of partitions, in spite of the partition-key header. */
const RANGE_HEADERS = [
  "x-ms-documentdb-partitionkeyrangeid",
  "x-ms-start-epk",
  "x-ms-end-epk",
] as const;

/** Segments of a container's link: `dbs`, the database, `colls`, the container. */
const CONTAINER_SEGMENTS = 4;

/**
 * Lets the request pass or throws. Nothing but the token, the request and the forms of links count:
 * no item is looked up, so that 404 is an answer for those alone who may see the item.
 *
 * @throws CosmosError 403
 */
export function authorize(
  authorization: Authorization,
  request: CosmosRequest,
  links: LinkResolver,
): void {
  if (authorization.kind === "master") {
    return;
  }
  const kind = requestKind(request);
  // Whoever has any token may read the account: clients start with it.
  if (kind === "readAccount") {
    return;
  }
  const rule = RULES[kind];
  if (rule === undefined || !isCovered(authorization.claims, rule, request, links)) {
    throw insufficientPermissions();
  }
}

function isCovered(
  claims: ResourceTokenClaims,
  rule: Rule,
  request: CosmosRequest,
  links: LinkResolver,
): boolean {
  const granted = links.toNames(linkSegments(claims.resource));
  const target = links.toNames(request.segments);
  const container = target.segments.slice(0, CONTAINER_SEGMENTS);
  if (rule.link === "around") {
    return isPrefix(container, granted.segments);
  }
  if (rule.needs === "All" && claims.mode !== "All") {
    return false;
  }
  const needed = rule.link === "container" ? container : target.segments;
  return (
    granted.segments.length >= CONTAINER_SEGMENTS &&
    isPrefix(granted.segments, needed) &&
    coversPartition(granted.itemPartitionKey, "own", request) &&
    coversPartition(claims.partitionKey, rule.partition, request) &&
    (rule.partition !== "whole" || namesAllLevels(claims.partitionKey, container, links))
  );
}

/** The header decides, not the query's text and not where the item lies. */
function coversPartition(
  permitted: readonly HeaderKeyValue[] | undefined,
  partition: "own" | "whole" | "none",
  request: CosmosRequest,
): boolean {
  if (permitted === undefined) {
    return true;
  }
  if (partition === "none") {
    return false;
  }
  if (RANGE_HEADERS.some((header) => request.headers[header] !== undefined)) {
    return false;
  }
  const requested = parsePartitionKey(request.headers[PARTITION_KEY_HEADER] ?? "");
  return requested !== undefined && isKeyPrefix(permitted, requested);
}

function namesAllLevels(
  permitted: readonly HeaderKeyValue[] | undefined,
  container: readonly string[],
  links: LinkResolver,
): boolean {
  const [, databaseId, , containerId] = container;
  if (permitted === undefined || databaseId === undefined || containerId === undefined) {
    return true;
  }
  const levels = links.partitionKeyLevels(databaseId, containerId);
  return levels === undefined || permitted.length >= levels;
}

function isPrefix(prefix: readonly string[], segments: readonly string[]): boolean {
  return prefix.every((segment, position) => segment === segments[position]);
}
