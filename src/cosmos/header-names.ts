// The headers of Cosmos DB's REST API that the gateway reads or sets, each name once.

/** The continuation token of a page. */
export const CONTINUATION_HEADER = "x-ms-continuation";

/** Holds the partition key as JSON in ASCII, a list with one value a level. */
export const PARTITION_KEY_HEADER = "x-ms-documentdb-partitionkey";

/** Names a physical partition, by its id. */
export const PARTITION_KEY_RANGE_HEADER = "x-ms-documentdb-partitionkeyrangeid";

/** Marks a request as a query. */
export const QUERY_HEADER = "x-ms-documentdb-isquery";

/** Marks a request that asks how to run a query, and runs nothing. */
export const QUERY_PLAN_HEADER = "x-ms-cosmos-is-query-plan-request";

/** What a request has cost, in request units. */
export const REQUEST_CHARGE_HEADER = "x-ms-request-charge";

/** How long to wait before the next attempt, in milliseconds. */
export const RETRY_AFTER_HEADER = "x-ms-retry-after-ms";

/** The session token. The gateway's own API has a header of this name for its sessions. */
export const SESSION_HEADER = "x-ms-session-token";

/** Says more than the status does, as a number. */
export const SUBSTATUS_HEADER = "x-ms-substatus";
