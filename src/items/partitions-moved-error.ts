import { GatewayError } from "../gateway-error.ts";

/**
 * A physical partition that a query was for is no more: it was split, or merged with another. What
 * the container's metadata said of it is forgotten by then.
 */
export class PartitionsMovedError extends GatewayError {
  constructor(logReason: string) {
    super("UPSTREAM_UNAVAILABLE", "The data store is moving data at the moment.", {
      logReason,
      retryAfterMs: 1_000,
    });
    this.name = "PartitionsMovedError";
  }
}
