import { CosmosError } from "../cosmos-error.ts";
import type { CosmosResponse } from "../http/cosmos-request.ts";
import { pageSizeOf } from "../http/page-size.ts";
import { jsonResponse } from "../http/response.ts";
import { itemHeaders } from "../items/item-response.ts";
import { itemSourceOf } from "../items/item-scan.ts";
import { MAX_PAGE_BYTES } from "../items/page-limit.ts";
import { readPosition, writePosition } from "../items/range-continuation.ts";
import { requireSession } from "../items/session-token.ts";
import type { JsonObject } from "../json.ts";
import { feedCharge } from "../request-charge.ts";
import { itemNumber } from "../resources/resource-id.ts";
import { requireContainer } from "./request-target.ts";
import { partitionsOf, requestedScopes } from "./requested-scopes.ts";
import type { RouteContext } from "./route-context.ts";

/**
 * Answers a read of the item feed: all items of a partition key, a range or the container, a page
 * at a time.
 */
export function listItems(context: RouteContext): CosmosResponse {
  const { request } = context;
  const container = requireContainer(context);
  const scopes = requestedScopes(request, container);
  const partitions = scopes.flatMap((scope) => partitionsOf(container, scope));
  requireSession(request, partitions);
  const pageSize = pageSizeOf(request);
  const start = readPosition(request.headers["x-ms-continuation"], scopes.length);
  if (start.inner !== undefined && itemNumber(start.inner) === undefined) {
    throw new CosmosError(400, "BadRequest", "Invalid Continuation Token");
  }
  const items: JsonObject[] = [];
  let bytes = 0;
  let continuation: string | undefined;
  for (let part = start.part; part < scopes.length && continuation === undefined; part++) {
    const scope = scopes[part];
    if (scope === undefined) {
      break;
    }
    let lastRid = part === start.part ? start.inner : undefined;
    for (const item of itemSourceOf(container, scope).scan(lastRid)) {
      bytes += Buffer.byteLength(JSON.stringify(item));
      if (items.length === pageSize || (items.length > 0 && bytes > MAX_PAGE_BYTES)) {
        continuation = writePosition(
          { part, ...(lastRid === undefined ? {} : { inner: lastRid }) },
          scopes.length,
        );
        break;
      }
      items.push(item);
      lastRid = String(item._rid);
    }
  }
  return jsonResponse(
    200,
    feedCharge(items.length),
    { _rid: container.rid, Documents: items, _count: items.length },
    {
      ...itemHeaders(container, partitions),
      "x-ms-item-count": String(items.length),
      ...(continuation === undefined ? {} : { "x-ms-continuation": continuation }),
    },
  );
}
