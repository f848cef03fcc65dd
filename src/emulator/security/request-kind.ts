import type { CosmosRequest } from "../http/cosmos-request.ts";

/** What a request asks for, told from its method, path and headers alone. */
export type RequestKind =
  | "readAccount"
  | "createDatabase"
  | "listDatabases"
  | "queryDatabases"
  | "readDatabase"
  | "deleteDatabase"
  | "createContainer"
  | "listContainers"
  | "queryContainers"
  | "readContainer"
  | "replaceContainer"
  | "deleteContainer"
  | "listPartitionKeyRanges"
  | "users"
  | "offers"
  | "createItem"
  | "upsertItem"
  | "listItems"
  | "queryItems"
  | "planQuery"
  | "readChangeFeed"
  | "batch"
  | "bulk"
  | "deletePartition"
  | "readItem"
  | "replaceItem"
  | "patchItem"
  | "deleteItem"
  | "readScript"
  | "listScripts"
  | "queryScripts"
  | "createScript"
  | "upsertScript"
  | "replaceScript"
  | "deleteScript"
  | "executeScript"
  | "unknown";

const SCRIPT_TYPES: ReadonlySet<string> = new Set(["sprocs", "triggers", "udfs"]);

/**
 * The kind of a request. Authorization and routing must both take it from here: a request that one
 * of them took for a query and the other for an upsert would be a way around permissionMode Read.
 * Paths are matched exactly, in lower case. A path that is not listed is `unknown`.
 */
export function requestKind(request: CosmosRequest): RequestKind {
  const [root, database, feed, owner, subFeed, id, rest] = request.segments;
  if (rest !== undefined) {
    return feed === "users" && root === "dbs" ? "users" : "unknown";
  }
  if (root === undefined) {
    return request.method === "GET" ? "readAccount" : "unknown";
  }
  if (root === "offers") {
    return "offers";
  }
  if (root !== "dbs") {
    return "unknown";
  }
  if (database === undefined) {
    return feedKind(request, "createDatabase", "listDatabases", "queryDatabases");
  }
  if (feed === undefined) {
    return pick(request, { GET: "readDatabase", DELETE: "deleteDatabase" });
  }
  if (feed === "users") {
    return "users";
  }
  if (feed !== "colls") {
    return "unknown";
  }
  if (owner === undefined) {
    return feedKind(request, "createContainer", "listContainers", "queryContainers");
  }
  if (subFeed === undefined) {
    return pick(request, {
      GET: "readContainer",
      PUT: "replaceContainer",
      DELETE: "deleteContainer",
    });
  }
  return inContainer(request, subFeed, id);
}

function inContainer(request: CosmosRequest, subFeed: string, id: string | undefined): RequestKind {
  if (subFeed === "docs") {
    if (id === undefined) {
      return itemFeedKind(request);
    }
    return pick(request, {
      GET: "readItem",
      PUT: "replaceItem",
      PATCH: "patchItem",
      DELETE: "deleteItem",
    });
  }
  if (subFeed === "pkranges" && id === undefined) {
    return pick(request, { GET: "listPartitionKeyRanges" });
  }
  if (subFeed === "operations" && id === "partitionkeydelete") {
    return pick(request, { POST: "deletePartition" });
  }
  if (!SCRIPT_TYPES.has(subFeed)) {
    return "unknown";
  }
  if (id === undefined) {
    const kind = feedKind(request, "createScript", "listScripts", "queryScripts");
    return kind === "createScript" && isOn(request, "x-ms-documentdb-is-upsert")
      ? "upsertScript"
      : kind;
  }
  return pick(request, {
    GET: "readScript",
    PUT: "replaceScript",
    DELETE: "deleteScript",
    ...(subFeed === "sprocs" ? { POST: "executeScript" as const } : {}),
  });
}

function itemFeedKind(request: CosmosRequest): RequestKind {
  if (request.method === "GET") {
    return request.headers["a-im"] === undefined ? "listItems" : "readChangeFeed";
  }
  if (request.method !== "POST") {
    return "unknown";
  }
  if (isOn(request, "x-ms-cosmos-is-batch-request")) {
    return isOn(request, "x-ms-cosmos-batch-atomic") ? "batch" : "bulk";
  }
  if (isOn(request, "x-ms-cosmos-is-query-plan-request")) {
    return "planQuery";
  }
  if (isQuery(request)) {
    return "queryItems";
  }
  return isOn(request, "x-ms-documentdb-is-upsert") ? "upsertItem" : "createItem";
}

function feedKind(
  request: CosmosRequest,
  create: RequestKind,
  list: RequestKind,
  query: RequestKind,
): RequestKind {
  if (request.method === "POST" && isQuery(request)) {
    return query;
  }
  return pick(request, { GET: list, POST: create });
}

function pick(
  request: CosmosRequest,
  kinds: Readonly<Partial<Record<string, RequestKind>>>,
): RequestKind {
  const kind = Object.hasOwn(kinds, request.method) ? kinds[request.method] : undefined;
  return kind ?? "unknown";
}

/** True if a POST on a feed is a query: the header says so, or the content type does. */
export function isQuery(request: CosmosRequest): boolean {
  const contentType = request.headers["content-type"]?.trim().toLowerCase();
  return (
    isOn(request, "x-ms-documentdb-isquery") ||
    contentType?.startsWith("application/query+json") === true
  );
}

/** True if a header that is a switch says `true`, in any case. */
export function isOn(request: CosmosRequest, header: string): boolean {
  return request.headers[header]?.trim().toLowerCase() === "true";
}
