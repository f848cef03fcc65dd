import type { CosmosResponse } from "../http/cosmos-request.ts";
import { unknownRequest } from "../http/refuse-unsupported.ts";
import { isQuery } from "../security/request-kind.ts";
import { requireContainer } from "./request-target.ts";
import { listResources } from "./resource-feed.ts";
import type { RouteContext } from "./route-context.ts";

/**
 * Answers what `requestKind` does not know. The feed of conflicts is one of these, and with a
 * single write region it is empty; anything else is refused.
 */
export function handleOtherRequest(context: RouteContext): CosmosResponse {
  const { request, segments } = context;
  const isConflictFeed =
    segments.length === 5 && segments[2] === "colls" && segments[4] === "conflicts";
  if (
    isConflictFeed &&
    (request.method === "GET" || (request.method === "POST" && isQuery(request)))
  ) {
    const { rid } = requireContainer(context);
    return listResources(context, { ownerRid: rid, listName: "Conflicts", resources: [] });
  }
  throw unknownRequest(request);
}
