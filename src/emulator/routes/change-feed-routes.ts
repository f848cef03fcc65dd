import { CosmosError } from "../cosmos-error.ts";
import type { CosmosRequest, CosmosResponse } from "../http/cosmos-request.ts";
import { pageSizeOf } from "../http/page-size.ts";
import { notImplemented } from "../http/refuse-unsupported.ts";
import { emptyResponse, jsonResponse } from "../http/response.ts";
import { itemHeaders } from "../items/item-response.ts";
import { type ItemScope, isInScope } from "../items/item-scan.ts";
import { MAX_PAGE_BYTES } from "../items/page-limit.ts";
import type { JsonObject } from "../json.ts";
import { feedCharge } from "../request-charge.ts";
import type { ContainerStore } from "../store/container-store.ts";
import type { PhysicalPartition } from "../store/physical-partition.ts";
import { requireContainer } from "./request-target.ts";
import { partitionsOf, requestedScopes } from "./requested-scopes.ts";
import type { RouteContext } from "./route-context.ts";

/**
 * Answers one page of the change feed: each item once, in the order of its last write, with the
 * `_lsn` of that write. The etag of an answer, also of a 304, is where the next page starts.
 */
export function readChangeFeed(context: RouteContext): CosmosResponse {
  const { request } = context;
  requireLatestVersionMode(request);
  const container = requireContainer(context);
  const { scope, physical } = requireOneRange(request, container);
  const start = startOf(request, physical);
  const pageSize = pageSizeOf(request);
  const items: JsonObject[] = [];
  let bytes = 0;
  let etagLsn = physical.lsn;
  for (const item of physical.changes.values()) {
    const isNew = item.lsn > start.afterLsn && item.timestampSeconds >= start.fromSeconds;
    if (!isNew || !isInScope(container, scope, item) || !container.isAlive(item)) {
      continue;
    }
    bytes += item.sizeBytes;
    if (items.length === pageSize || (items.length > 0 && bytes > MAX_PAGE_BYTES)) {
      etagLsn = Number(items.at(-1)?._lsn);
      break;
    }
    items.push({ ...item.body, _lsn: item.lsn });
  }
  const headers = { ...itemHeaders(container, [physical]), etag: `"${etagLsn}"` };
  return items.length === 0
    ? emptyResponse(304, feedCharge(0), headers)
    : jsonResponse(
        200,
        feedCharge(items.length),
        { _rid: container.rid, Documents: items, _count: items.length },
        { ...headers, "x-ms-item-count": String(items.length) },
      );
}

function requireLatestVersionMode(request: CosmosRequest): void {
  const mode = (request.headers["a-im"] ?? "").trim().toLowerCase();
  if (mode === "incremental feed") {
    return;
  }
  if (mode === "full-fidelity feed") {
    throw notImplemented("Change feed in all versions and deletes mode");
  }
  throw new CosmosError(
    400,
    "BadRequest",
    `Value '${mode.slice(0, 100)}' specified for the header 'A-IM' is invalid.`,
  );
}

/** Log sequence numbers count by range, so one answer can only tell of one. */
function requireOneRange(
  request: CosmosRequest,
  container: ContainerStore,
): { readonly scope: ItemScope; readonly physical: PhysicalPartition } {
  const scopes = requestedScopes(request, container);
  const partitions = scopes.flatMap((scope) => partitionsOf(container, scope));
  const [scope] = scopes;
  const [physical] = partitions;
  if (scope === undefined || physical === undefined || partitions.length > 1) {
    throw new CosmosError(
      400,
      "BadRequest",
      "A change feed request needs a partition key or a partition key range id.",
    );
  }
  return { scope, physical };
}

/**
 * `If-None-Match` holds an earlier answer's etag, or `*` for changes from now on;
 * `If-Modified-Since` a time. The SDKs go on sending the time beside an etag, which then wins.
 */
function startOf(
  request: CosmosRequest,
  physical: PhysicalPartition,
): { readonly afterLsn: number; readonly fromSeconds: number } {
  const etag = request.headers["if-none-match"]?.replaceAll('"', "").trim() ?? "";
  if (etag === "*") {
    return { afterLsn: physical.lsn, fromSeconds: 0 };
  }
  if (etag !== "") {
    if (!/^\d{1,15}$/.test(etag)) {
      throw new CosmosError(400, "BadRequest", "The etag of the change feed is invalid.");
    }
    return { afterLsn: Number(etag), fromSeconds: 0 };
  }
  const since = request.headers["if-modified-since"];
  if (since === undefined || since === "") {
    return { afterLsn: 0, fromSeconds: 0 };
  }
  const sinceMs = Date.parse(since);
  if (Number.isNaN(sinceMs)) {
    throw new CosmosError(400, "BadRequest", "The time in If-Modified-Since is invalid.");
  }
  return { afterLsn: 0, fromSeconds: Math.floor(sinceMs / 1000) };
}
