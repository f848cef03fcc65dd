import type { CosmosRequest, CosmosResponse } from "../http/cosmos-request.ts";
import { pageSizeOf } from "../http/page-size.ts";
import { readJsonObject } from "../http/request-body.ts";
import { emptyResponse, jsonResponse } from "../http/response.ts";
import type { Json, JsonObject } from "../json.ts";
import { conflict, methodNotAllowed, notFound, preconditionFailed } from "../service-errors.ts";
import { compileQuery } from "../sql/compile-query.ts";
import { readQuery } from "../sql/query-request.ts";
import type { NumberedResource, NumberedResources } from "../users/numbered-resources.ts";
import { continuationAfter, continuedAfter } from "./feed-continuation.ts";
import { isOn, isQuery } from "./request-kind.ts";

/**
 * Request units, as recorded from the service (Azure/azure-sdk-for-rust, `permission_operations`).
 */
const CREATE_CHARGE = 4.95;
const READ_CHARGE = 2;
const REPLACE_CHARGE = 9.9;
const DELETE_CHARGE = 4.95;

/** Users, or permissions of one user: what the verbs on them have in common. */
export interface DirectoryFeed<
  Resource extends NumberedResource & { readonly etag: string } = NumberedResource & {
    readonly etag: string;
  },
> {
  /** The name of the list in an answer. */
  readonly name: "Users" | "Permissions";
  /** The resource that the feed belongs to: its link in names, and its rid. */
  readonly owner: { readonly link: string; readonly rid: string };
  readonly resources: Pick<NumberedResources<Resource>, "byId" | "byRid" | "after">;
  /** Creates a resource from a body, or replaces `former`. */
  write(body: JsonObject, former: Resource | undefined): Resource;
  delete(resource: Resource): void;
  /** As an answer shows it. */
  toJson(resource: Resource): JsonObject;
  /** The emulator's clock, for queries that ask for the time. */
  readonly nowMs: number;
  /** How many there are and may be, for the quota headers. */
  usage(): { readonly used: number; readonly quota: number };
}

/** Which resource of a feed a path names. */
export interface ResourceLink {
  readonly text: string;
  /** True: the text is a rid, else an id. */
  readonly isRid: boolean;
}

/**
 * Answers a request on a feed: create, upsert, query, list.
 *
 * @throws CosmosError 400, 405, 409, 412
 */
export function answerFeedRequest<Resource extends NumberedResource & { readonly etag: string }>(
  feed: DirectoryFeed<Resource>,
  request: CosmosRequest,
): CosmosResponse {
  if (request.method === "GET") {
    return list(feed, request);
  }
  if (request.method !== "POST") {
    throw methodNotAllowed();
  }
  if (isQuery(request)) {
    return query(feed, request);
  }
  const body = readJsonObject(request);
  const found = typeof body.id === "string" ? feed.resources.byId(body.id) : undefined;
  if (!isOn(request, "x-ms-documentdb-is-upsert")) {
    if (found !== undefined) {
      throw conflict();
    }
    return single(feed, feed.write(body, undefined), 201, CREATE_CHARGE);
  }
  if (found === undefined) {
    return single(feed, feed.write(body, undefined), 201, CREATE_CHARGE);
  }
  checkIfMatch(request, found);
  return single(feed, feed.write(body, found), 200, REPLACE_CHARGE);
}

/**
 * Answers a request on one resource: read, replace (which may change its id), delete.
 *
 * @throws CosmosError 400, 404, 405, 409, 412
 */
export function answerResourceRequest<
  Resource extends NumberedResource & { readonly etag: string },
>(feed: DirectoryFeed<Resource>, link: ResourceLink, request: CosmosRequest): CosmosResponse {
  const resource = requireResource(feed.resources, link);
  switch (request.method) {
    case "GET":
      return single(feed, resource, 200, READ_CHARGE);
    case "PUT":
      checkIfMatch(request, resource);
      return single(feed, feed.write(readJsonObject(request), resource), 200, REPLACE_CHARGE);
    case "DELETE":
      checkIfMatch(request, resource);
      feed.delete(resource);
      return emptyResponse(204, DELETE_CHARGE, feedHeaders(feed));
    default:
      throw methodNotAllowed();
  }
}

/**
 * The resource that a link names.
 *
 * @throws CosmosError 404
 */
export function requireResource<Resource>(
  resources: {
    byId(id: string): Resource | undefined;
    byRid(rid: string): Resource | undefined;
  },
  link: ResourceLink,
): Resource {
  const found = link.isRid ? resources.byRid(link.text) : resources.byId(link.text);
  if (found === undefined) {
    throw notFound();
  }
  return found;
}

function list<Resource extends NumberedResource & { readonly etag: string }>(
  feed: DirectoryFeed<Resource>,
  request: CosmosRequest,
): CosmosResponse {
  const pageSize = pageSizeOf(request);
  const page: Resource[] = [];
  let hasMore = false;
  for (const resource of feed.resources.after(continuedAfter(request))) {
    hasMore = page.length === pageSize;
    if (hasMore) {
      break;
    }
    page.push(resource);
  }
  const last = page.at(-1);
  const continuation = hasMore && last !== undefined ? continuationAfter(last.rid) : undefined;
  return rows(
    feed,
    page.map((resource) => feed.toJson(resource)),
    continuation,
  );
}

function query<Resource extends NumberedResource & { readonly etag: string }>(
  feed: DirectoryFeed<Resource>,
  request: CosmosRequest,
): CosmosResponse {
  const { query: text, parameters } = readQuery(request);
  const continuation = request.headers["x-ms-continuation"];
  const page = compileQuery(text, parameters, { nowMs: feed.nowMs }).execute(
    {
      *scan(afterRid) {
        for (const resource of feed.resources.after(afterRid)) {
          yield feed.toJson(resource);
        }
      },
    },
    {
      maxItemCount: pageSizeOf(request),
      ...(continuation === undefined ? {} : { continuation }),
    },
  );
  return rows(feed, page.rows, page.continuation);
}

function single<Resource extends NumberedResource & { readonly etag: string }>(
  feed: DirectoryFeed<Resource>,
  resource: Resource,
  status: number,
  charge: number,
): CosmosResponse {
  return jsonResponse(status, charge, feed.toJson(resource), {
    etag: resource.etag,
    ...feedHeaders(feed),
  });
}

function rows(
  feed: Pick<DirectoryFeed, "name" | "owner" | "usage">,
  page: readonly Json[],
  continuation: string | undefined,
): CosmosResponse {
  return jsonResponse(
    200,
    READ_CHARGE,
    { _rid: feed.owner.rid, [feed.name]: page, _count: page.length },
    {
      "x-ms-item-count": String(page.length),
      ...(continuation === undefined ? {} : { "x-ms-continuation": continuation }),
      ...feedHeaders(feed),
    },
  );
}

function feedHeaders(feed: Pick<DirectoryFeed, "name" | "owner" | "usage">) {
  const { used, quota } = feed.usage();
  const name = feed.name.toLowerCase();
  return {
    "x-ms-resource-quota": `${name}=${quota};`,
    "x-ms-resource-usage": `${name}=${used};`,
    "x-ms-alt-content-path": encodeURI(feed.owner.link),
    "x-ms-content-path": feed.owner.rid,
  };
}

function checkIfMatch(request: CosmosRequest, resource: { readonly etag: string }): void {
  const condition = request.headers["if-match"]?.trim();
  if (condition !== undefined && condition !== "*" && condition !== resource.etag) {
    throw preconditionFailed();
  }
}
