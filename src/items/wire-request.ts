import type { PipelineRequest } from "@azure/core-rest-pipeline";

import { QUERY_HEADER, QUERY_PLAN_HEADER } from "../cosmos/header-names.ts";

/** True for a request for items, be it one, several or a query; false for metadata. */
export function isItemRequest({ url }: PipelineRequest): boolean {
  return /^\/dbs\/[^/]+\/colls\/[^/]+\/docs(\/|$)/.test(new URL(url).pathname);
}

/** True for a query, whose answer is a page of rows. */
export function isQuery({ headers }: PipelineRequest): boolean {
  return headers.has(QUERY_HEADER);
}

/** True for a question after a query's plan. */
export function isQueryPlanRequest({ headers }: PipelineRequest): boolean {
  return headers.has(QUERY_PLAN_HEADER);
}

/** True for what changes nothing, so that it may be sent twice. */
export function isReadOnly(request: PipelineRequest): boolean {
  return request.method === "GET" || isQuery(request) || isQueryPlanRequest(request);
}
