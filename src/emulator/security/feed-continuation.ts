import type { CosmosRequest } from "../http/cosmos-request.ts";
import { decodeResourceId } from "../resources/resource-id.ts";
import { badRequest } from "../service-errors.ts";

const CONTINUATION = /^-RID:~([^#]+)#RT:1$/;

/**
 * The token that continues a list after the resource of this rid, whether it still exists or not.
 */
export function continuationAfter(rid: string): string {
  return `-RID:~${rid}#RT:1`;
}

/**
 * The rid that a list continues after; undefined starts it.
 *
 * @throws CosmosError 400 for a text that `continuationAfter` did not make.
 */
export function continuedAfter(request: CosmosRequest): string | undefined {
  const header = request.headers["x-ms-continuation"];
  if (header === undefined || header === "") {
    return undefined;
  }
  const [, rid] = CONTINUATION.exec(header) ?? [];
  if (rid === undefined || decodeResourceId(rid) === undefined) {
    throw badRequest("Invalid Continuation Token");
  }
  return rid;
}
