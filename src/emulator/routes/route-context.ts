import type { CosmosRequest } from "../http/cosmos-request.ts";
import type { PartitionKey } from "../partition-keys/stored-partition-key.ts";
import type { RequestKind } from "../security/request-kind.ts";
import type { ResourceTokenSealer } from "../security/resource-token.ts";
import type { AccountStore } from "../store/account-store.ts";

/** What a route may use to answer one request. */
export interface RouteContext {
  readonly request: CosmosRequest;
  readonly kind: RequestKind;
  /** The request's link in names, whichever form it came in. */
  readonly segments: readonly string[];
  /** Set if the link named an item by rid: the partition that the item lies in. */
  readonly itemPartitionKey: PartitionKey | undefined;
  readonly store: AccountStore;
  readonly sealer: ResourceTokenSealer;
  /** Scheme, host and port as this client wrote them, such as `http://localhost:8081/`. */
  readonly clientEndpoint: string;
  /** Physical partitions of containers that are created from now on. */
  readonly partitionsPerContainer: number;
}
