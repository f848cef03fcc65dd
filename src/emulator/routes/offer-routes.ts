import { CosmosError } from "../cosmos-error.ts";
import type { CosmosResponse } from "../cosmos-request.ts";
import type { JsonObject } from "../json.ts";
import { notImplemented } from "../refuse-unsupported.ts";
import { metadataReadCharge } from "../request-charge.ts";
import { notFound } from "../request-target.ts";
import { listResources, queryResources, type ResourceFeed } from "../resource-feed.ts";
import { jsonResponse } from "../response.ts";
import type { RouteContext } from "../route-context.ts";
import { isQuery } from "../security/request-kind.ts";
import type { AccountStore } from "../store/account-store.ts";
import { encodeResourceId, requireBytes } from "../store/resource-id.ts";

/** What a container without throughput of its own, in a database without any, is shown with. */
const defaultThroughput = 400;

/** Answers requests for throughput: `/offers` and `/offers/{rid}`, read-only. */
export function handleOffers(context: RouteContext): CosmosResponse {
  const { request, segments } = context;
  const [, id, rest] = segments;
  const feed = offerFeed(context.store);
  if (id === undefined && request.method === "GET") {
    return listResources(context, feed);
  }
  if (id === undefined && request.method === "POST" && isQuery(request)) {
    return queryResources(context, feed);
  }
  if (id === undefined || rest !== undefined) {
    throw new CosmosError(405, "MethodNotAllowed", "The requested verb is not supported.");
  }
  // clients write an offer's id in lower case too, where they sign with it
  const offer = feed.resources.find(
    ({ id: own }) => own === id || String(own).toLowerCase() === id.toLowerCase(),
  );
  if (offer === undefined) {
    throw notFound();
  }
  if (request.method !== "GET") {
    throw notImplemented("Changing throughput");
  }
  return jsonResponse(200, metadataReadCharge, offer, { etag: String(offer._etag) });
}

/** One offer for each database and container that has throughput of its own. */
function offerFeed(store: AccountStore): ResourceFeed {
  const resources: JsonObject[] = [];
  for (const database of store.databases.values()) {
    const shared = database.record.throughput;
    if (shared !== undefined) {
      resources.push(offerOf(database.rid, `dbs/${database.rid}/`, shared, database.record));
    }
    for (const { rid, record } of database.containers.values()) {
      const own = record.throughput ?? (shared === undefined ? defaultThroughput : undefined);
      if (own !== undefined) {
        resources.push(offerOf(rid, `dbs/${database.rid}/colls/${rid}/`, own, record));
      }
    }
  }
  return { ownerRid: "", listName: "Offers", resources };
}

function offerOf(
  resourceRid: string,
  resource: string,
  offerThroughput: number,
  { etag, timestampSeconds }: { readonly etag: string; readonly timestampSeconds: number },
): JsonObject {
  // an offer's id is made of its resource's: four bytes that are the same each time
  const id = encodeResourceId(requireBytes(resourceRid).subarray(-4)).replaceAll("=", "");
  return {
    resource,
    offerType: "Invalid",
    offerVersion: "V2",
    offerResourceId: resourceRid,
    content: { offerThroughput, offerIsRUPerMinuteThroughputEnabled: false },
    id,
    _rid: id,
    _self: `offers/${id}/`,
    _etag: etag,
    _ts: timestampSeconds,
  };
}
