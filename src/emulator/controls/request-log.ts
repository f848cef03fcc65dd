import type { CosmosRequest } from "../http/cosmos-request.ts";
import { PARTITION_KEY_HEADER } from "../http/partition-key-header.ts";
import type { Json } from "../json.ts";
import type { Authorization } from "../security/authentication.ts";
import { type RequestKind, requestKind } from "../security/request-kind.ts";

/** One request as tests see it. No token or key is in it. */
export interface RequestLogEntry {
  readonly method: string;
  /** As sent, still encoded. */
  readonly path: string;
  /** The partition-key header as JSON; null without one. */
  readonly partitionKey: Json;
  readonly kind: string;
  readonly authorization: "master" | "resource" | "none";
  /** The Cosmos DB user whose permission the resource token is of. */
  readonly cosmosUser: string | null;
  readonly permissionId: string | null;
  /** The text of a query or query plan request. */
  readonly query: string | null;
  readonly status: number;
  readonly requestCharge: number;
}

/** Every request since the start or the last `clear`, oldest first. */
export interface RequestLog {
  add(
    request: CosmosRequest,
    authentication: Authorization | Error,
    status: number,
    headers: Readonly<Record<string, string>> | undefined,
  ): void;
  entries(): readonly RequestLogEntry[];
  clear(): void;
}

export function createRequestLog(): RequestLog {
  let entries: RequestLogEntry[] = [];
  return {
    add: (request, authentication, status, headers) => {
      const kind = requestKind(request);
      entries.push({
        method: request.method,
        path: request.rawPath,
        partitionKey: parseOrText(request.headers[PARTITION_KEY_HEADER]),
        kind: kindName(kind, request),
        ...describe(authentication),
        query: kind.startsWith("query") || kind === "planQuery" ? queryText(request) : null,
        status,
        requestCharge: Number(headers?.["x-ms-request-charge"] ?? 0),
      });
    },
    entries: () => entries,
    clear: () => {
      entries = [];
    },
  };
}

function describe(
  authentication: Authorization | Error,
): Pick<RequestLogEntry, "authorization" | "cosmosUser" | "permissionId"> {
  if (authentication instanceof Error) {
    return { authorization: "none", cosmosUser: null, permissionId: null };
  }
  return authentication.kind === "master"
    ? { authorization: "master", cosmosUser: null, permissionId: null }
    : {
        authorization: "resource",
        cosmosUser: authentication.claims.userId,
        permissionId: authentication.claims.permissionId,
      };
}

const KIND_NAMES: Readonly<Partial<Record<RequestKind, string>>> = {
  readAccount: "account",
  planQuery: "query-plan",
  readChangeFeed: "change-feed",
  listPartitionKeyRanges: "partition-key-ranges",
  deletePartition: "partition-key-delete",
  executeScript: "execute",
};

/** `read`, `create`, `query`, … without the resource: the path tells that. */
function kindName(kind: RequestKind, request: CosmosRequest): string {
  if (kind === "users") {
    return userRequestKind(request);
  }
  const operation = /^(read|create|upsert|replace|patch|delete|list|query)[A-Z]/.exec(kind)?.[1];
  return KIND_NAMES[kind] ?? operation ?? kind;
}

function userRequestKind({ method, segments, headers }: CosmosRequest): string {
  const isFeed = segments.length % 2 === 1;
  if (method === "GET" && isFeed) {
    return segments.length === 5 ? "permission-feed" : "list";
  }
  if (method === "POST") {
    if (headers["x-ms-documentdb-isquery"]?.toLowerCase() === "true") {
      return "query";
    }
    return headers["x-ms-documentdb-is-upsert"]?.toLowerCase() === "true" ? "upsert" : "create";
  }
  const byMethod: Readonly<Record<string, string>> = {
    GET: "read",
    PUT: "replace",
    DELETE: "delete",
  };
  return byMethod[method] ?? "unknown";
}

function parseOrText(header: string | undefined): Json {
  if (header === undefined) {
    return null;
  }
  try {
    return JSON.parse(header) as Json;
  } catch {
    return header;
  }
}

function queryText(request: CosmosRequest): string | null {
  try {
    const body = JSON.parse(request.body.toString("utf8")) as { readonly query?: unknown } | null;
    return typeof body?.query === "string" ? body.query : null;
  } catch {
    return null;
  }
}
