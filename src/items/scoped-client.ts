import type { HttpClient } from "@azure/core-rest-pipeline";
import { type Container, CosmosClient } from "@azure/cosmos";
import { PARTITION_KEY_HEADER } from "../cosmos/header-names.ts";
import { unicodeEscape } from "../cosmos/unicode-escape.ts";
import { GatewayError } from "../gateway-error.ts";
import type { Grant } from "../tokens/grant.ts";
import type { ItemRequest } from "./item-request.ts";

export interface ScopedClientOptions {
  readonly endpoint: string;
  readonly database: string;
  readonly httpClient: HttpClient;
  /** The one grant whose token the client can send. */
  readonly grant: Grant;
  readonly request: ItemRequest;
}

/** How long one request may take, in milliseconds, where the caller's deadline is later. */
const REQUEST_TIMEOUT_MS = 30_000;

/**
 * A container as one operation of one Cosmos user may see it: through a client that holds a single
 * grant, chosen for that operation, and throws rather than send its token anywhere else.
 *
 * A client an operation, because it costs next to nothing (about 3 microseconds and 2 kB) and then
 * holds nothing that two callers or two operations could mix up. What is worth keeping, connections
 * and metadata, is in the HTTP client.
 */
export function openScopedContainer(options: ScopedClientOptions): Container {
  const { endpoint, database, httpClient, grant, request } = options;
  const client = new CosmosClient({
    endpoint,
    httpClient,
    userAgentSuffix: "cosmos-graphql-gateway",
    connectionPolicy: {
      // The account document is shared; a timer a client that reads it again would be a leak.
      enableBackgroundEndpointRefreshing: false,
      enablePartitionLevelFailover: false,
      // Off, or else a write that one region failed to answer is sent to the next.
      useMultipleWriteLocations: false,
      requestTimeout: REQUEST_TIMEOUT_MS,
      // Throttling is waited out by the HTTP client.
      retryOptions: { maxRetryAttemptCount: 0 },
    },
    tokenProvider: async ({ resourceId, resourceType, headers }) => {
      const partitionKey = headers[PARTITION_KEY_HEADER];
      // The account and the container may be read with any token of that container.
      const isMetadata = resourceType !== "docs";
      if (
        !isWithin(resourceId, database, request) ||
        (!isMetadata && partitionKey !== partitionKeyHeaderOf(request))
      ) {
        throw new GatewayError("FORBIDDEN", "This request can't be sent.", {
          logReason: `the token for ${request.kind} in container ${request.container} was asked for another request`,
        });
      }
      return grant.resourceToken.reveal();
    },
  });
  return client.database(database).container(request.container);
}

/** The header as the SDK writes it: JSON in ASCII, which is all a header can hold. */
export function partitionKeyHeaderOf({ partitionKey }: ItemRequest): string | undefined {
  return partitionKey === undefined
    ? undefined
    : JSON.stringify(partitionKey).replace(/[\u007f-\uffff]/g, unicodeEscape);
}

/** True for the account, the request's container, and the request's item in it. */
function isWithin(
  resourceId: string | undefined,
  database: string,
  { container, item }: ItemRequest,
): boolean {
  if (!resourceId) {
    return true;
  }
  const link = `dbs/${database}/colls/${container}`;
  return resourceId === link || (item !== undefined && resourceId === `${link}/docs/${item}`);
}
