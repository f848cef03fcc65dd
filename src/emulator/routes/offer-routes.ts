import { CosmosError } from "../cosmos-error.ts";
import type { CosmosResponse } from "../http/cosmos-request.ts";
import { notImplemented } from "../http/refuse-unsupported.ts";
import { jsonResponse } from "../http/response.ts";
import type { JsonObject } from "../json.ts";
import { METADATA_READ_CHARGE } from "../request-charge.ts";
import { encodeResourceId, requireBytes } from "../resources/resource-id.ts";
import { isQuery } from "../security/request-kind.ts";
import type { AccountStore } from "../store/account-store.ts";
import type { ProvisionedThroughput } from "../store/store-change.ts";
import { notFound } from "./request-target.ts";
import { listResources, queryResources, type ResourceFeed } from "./resource-feed.ts";
import type { RouteContext } from "./route-context.ts";

/** What a container without throughput of its own, in a database without any, is shown with. */
const DEFAULT_THROUGHPUT: ProvisionedThroughput = { throughput: 400 };

/**
 * Autoscale without load provides this share of its maximum. Source: "Autoscale throughput", how it
 * works.
 */
const RESTING_SHARE = 0.1;

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
  // Clients also write an offer's id in lower case, when they sign with it
  const offer = feed.resources.find(
    ({ id: own }) => own === id || String(own).toLowerCase() === id.toLowerCase(),
  );
  if (offer === undefined) {
    throw notFound();
  }
  if (request.method !== "GET") {
    throw notImplemented("Changing throughput");
  }
  return jsonResponse(200, METADATA_READ_CHARGE, offer, { etag: String(offer._etag) });
}

/** One offer for each database and container that has throughput of its own. */
function offerFeed(store: AccountStore): ResourceFeed {
  const resources: JsonObject[] = [];
  for (const database of store.databases.values()) {
    const isShared = hasThroughput(database.record);
    if (isShared) {
      const link = `dbs/${database.rid}/`;
      resources.push(offerOf(database.rid, link, database.record, database.record));
    }
    for (const { rid, record } of database.containers.values()) {
      const isOwn = hasThroughput(record);
      if (isOwn || !isShared) {
        const link = `dbs/${database.rid}/colls/${rid}/`;
        resources.push(offerOf(rid, link, isOwn ? record : DEFAULT_THROUGHPUT, record));
      }
    }
  }
  return { ownerRid: "", listName: "Offers", resources };
}

function hasThroughput({ throughput, autoscaleSettings }: ProvisionedThroughput): boolean {
  return throughput !== undefined || autoscaleSettings !== undefined;
}

function offerContent({ throughput = 0, autoscaleSettings }: ProvisionedThroughput): JsonObject {
  return autoscaleSettings === undefined
    ? { offerThroughput: throughput, offerIsRUPerMinuteThroughputEnabled: false }
    : {
        offerThroughput: autoscaleSettings.maxThroughput * RESTING_SHARE,
        offerIsRUPerMinuteThroughputEnabled: false,
        offerAutopilotSettings: { ...autoscaleSettings },
      };
}

function offerOf(
  resourceRid: string,
  resource: string,
  provisioned: ProvisionedThroughput,
  { etag, timestampSeconds }: { readonly etag: string; readonly timestampSeconds: number },
): JsonObject {
  // An offer's id is made of its resource's: four bytes that are the same each time
  const id = encodeResourceId(requireBytes(resourceRid).subarray(-4)).replaceAll("=", "");
  return {
    resource,
    offerType: "Invalid",
    offerVersion: "V2",
    offerResourceId: resourceRid,
    content: offerContent(provisioned),
    id,
    _rid: id,
    _self: `offers/${id}/`,
    _etag: etag,
    _ts: timestampSeconds,
  };
}
