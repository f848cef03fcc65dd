import type { CosmosResponse } from "../http/cosmos-request.ts";
import { chargeHeader } from "../http/response.ts";
import type { ContainerStore } from "../store/container-store.ts";
import type { PhysicalPartition } from "../store/physical-partition.ts";
import type { ItemOutcome } from "./item-operation.ts";
import { sessionTokenOf } from "./session-token.ts";

/**
 * Headers of every answer that concerns a container's items: whose they are, and how far their
 * ranges have come.
 */
export function itemHeaders(
  container: ContainerStore,
  partitions: readonly PhysicalPartition[],
): Readonly<Record<string, string>> {
  return {
    "x-ms-alt-content-path": encodeURI(
      `dbs/${container.databaseId}/colls/${container.definition.id}`,
    ),
    "x-ms-content-path": container.rid,
    "x-ms-session-token": sessionTokenOf(partitions),
    lsn: String(Math.max(...partitions.map(({ lsn }) => lsn))),
  };
}

/**
 * The answer to one operation. `minimal` leaves the body of a write out, as `Prefer:
 * return=minimal` asks.
 */
export function itemResponse(
  container: ContainerStore,
  physical: PhysicalPartition,
  outcome: ItemOutcome,
  minimal: boolean,
): CosmosResponse {
  const { status, item, requestUnits } = outcome;
  const headers = {
    ...chargeHeader(requestUnits),
    ...itemHeaders(container, [physical]),
    ...(item === undefined ? {} : { etag: item.etag }),
  };
  return item === undefined || status === 304 || minimal
    ? { status, headers }
    : { status, headers, body: item.body };
}
