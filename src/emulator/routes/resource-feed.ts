import { CosmosError } from "../cosmos-error.ts";
import type { CosmosResponse } from "../http/cosmos-request.ts";
import { pageSizeOf } from "../http/page-size.ts";
import { jsonResponse } from "../http/response.ts";
import type { JsonObject } from "../json.ts";
import { METADATA_READ_CHARGE } from "../request-charge.ts";
import { compileQuery } from "../sql/compile-query.ts";
import { readQuery } from "../sql/query-request.ts";
import type { RouteContext } from "./route-context.ts";

/** A feed of databases, containers, scripts or offers: `{ "_rid", [listName]: […], "_count" }`. */
export interface ResourceFeed {
  /** The `_rid` of what holds the resources, "" for the account. */
  readonly ownerRid: string;
  readonly listName: string;
  /** In the order of their creation. */
  readonly resources: readonly JsonObject[];
}

/** Answers a GET on a feed, a page at a time. */
export function listResources(context: RouteContext, feed: ResourceFeed): CosmosResponse {
  const { headers } = context.request;
  const start = readContinuation(headers["x-ms-continuation"]);
  const end = start + pageSizeOf(context.request);
  return feedResponse(
    feed,
    feed.resources.slice(start, end),
    end < feed.resources.length ? String(end) : undefined,
    METADATA_READ_CHARGE,
  );
}

/** Answers a query over a feed, which may select from the resources as from items. */
export function queryResources(context: RouteContext, feed: ResourceFeed): CosmosResponse {
  const { query, parameters } = readQuery(context.request);
  const page = compileQuery(query, parameters).execute(
    { scan: (afterRid) => after(feed.resources, afterRid) },
    {
      maxItemCount: pageSizeOf(context.request),
      ...continuationOption(context.request.headers["x-ms-continuation"]),
    },
  );
  return feedResponse(
    feed,
    page.rows,
    page.continuation,
    METADATA_READ_CHARGE + page.itemsRead * 0.1,
  );
}

function after(resources: readonly JsonObject[], rid: string | undefined): readonly JsonObject[] {
  const index = rid === undefined ? -1 : resources.findIndex((resource) => resource._rid === rid);
  return resources.slice(index + 1);
}

function continuationOption(continuation: string | undefined): { readonly continuation?: string } {
  return continuation === undefined || continuation === "" ? {} : { continuation };
}

function feedResponse(
  feed: ResourceFeed,
  rows: readonly unknown[],
  continuation: string | undefined,
  requestUnits: number,
): CosmosResponse {
  return jsonResponse(
    200,
    requestUnits,
    { _rid: feed.ownerRid, [feed.listName]: rows, _count: rows.length },
    {
      "x-ms-item-count": String(rows.length),
      ...(continuation === undefined ? {} : { "x-ms-continuation": continuation }),
    },
  );
}

function readContinuation(text: string | undefined): number {
  if (text === undefined || text === "") {
    return 0;
  }
  if (!/^\d{1,9}$/.test(text)) {
    throw new CosmosError(400, "BadRequest", "Invalid Continuation Token");
  }
  return Number(text);
}
