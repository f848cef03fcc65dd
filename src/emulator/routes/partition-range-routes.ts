import type { CosmosResponse } from "../http/cosmos-request.ts";
import { emptyResponse, jsonResponse } from "../http/response.ts";
import { METADATA_READ_CHARGE } from "../request-charge.ts";
import { encodeResourceId } from "../resources/resource-id.ts";
import { requireContainer } from "./request-target.ts";
import type { RouteContext } from "./route-context.ts";

/**
 * The container's partition-key ranges. With the etag of the last answer in `If-None-Match` it is
 * 304: ranges never change.
 */
export function listPartitionKeyRanges(context: RouteContext): CosmosResponse {
  const container = requireContainer(context);
  const etag = `"${container.partitions.length}"`;
  if (context.request.headers["if-none-match"] === etag) {
    return emptyResponse(304, METADATA_READ_CHARGE, { etag });
  }
  const ranges = container.partitions.map(({ id, minInclusive, maxExclusive, lsn }, index) => {
    // A range's own number lies in the last 8 bytes, its type in the highest half byte
    const bytes = Buffer.alloc(16);
    bytes.set(container.ridBytes);
    bytes.writeUInt32LE(index + 2, 8);
    bytes.writeUInt8(0x50, 15);
    const rid = encodeResourceId(bytes);
    return {
      _rid: rid,
      id,
      _etag: '"00000000-0000-0000-0000-000000000000"',
      minInclusive,
      maxExclusive,
      ridPrefix: index,
      _self: `dbs/${container.databaseRid}/colls/${container.rid}/pkranges/${rid}/`,
      throughputFraction: 1 / container.partitions.length,
      status: "online",
      parents: [],
      _ts: container.record.timestampSeconds,
      _lsn: lsn,
      lsn,
    };
  });
  return jsonResponse(
    200,
    METADATA_READ_CHARGE,
    { _rid: container.rid, PartitionKeyRanges: ranges, _count: ranges.length },
    { etag, "x-ms-item-count": String(ranges.length) },
  );
}
