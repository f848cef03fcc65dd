import type { Disturbance } from "../oracle/judge.ts";
import type { DatabaseFault, Throughput } from "../world/start-database.ts";

/** Roles that a person of a tenant may get. */
export type Role = "manager" | "member" | "clerk";

/**
 * What happens beside operations, as plain data: whoever runs a workload carries it out, by
 * `performEvent` or in a way of its own. None of them changes what the reference model answers, but
 * for `other role`; some of them disturb, until the next `calm`: see `disturbanceOf`.
 */
export type Event =
  /**
   * Time goes on, for gateway, database and issuer alike. `a while` is within a resource token's
   * life; `refresh` leads into the time in which it is renewed ahead; `expiry` to after its end,
   * within the service's grace; `grace` beyond that, when the service refuses the old token.
   */
  | {
      readonly event: "advance";
      readonly into: "a while" | "refresh" | "expiry" | "grace";
      readonly seconds: number;
    }
  /** From now on this person's bearer token has one other role: `withRole`. */
  | { readonly event: "other role"; readonly caller: string; readonly role: Role }
  /** The person has the roles of `world.callers` again. */
  | { readonly event: "own role"; readonly caller: string }
  /** An account key is made anew; with `tell`, the gateways are told to read theirs again. */
  | { readonly event: "new key"; readonly key: "primary" | "secondary"; readonly tell: boolean }
  /** The database has no more request units a second than these. */
  | { readonly event: "throttle"; readonly limits: Throughput }
  /** The next requests to the database that match meet this. */
  | { readonly event: "fault"; readonly fault: DatabaseFault }
  /**
   * All these callers ask for something at once, so that a cache of fewer users drops some: their
   * grants, and those of others.
   */
  | { readonly event: "crowd"; readonly callers: readonly string[] }
  /** One gateway ends, as in a deployment, and starts without anything that it knew. */
  | { readonly event: "restart replica"; readonly replica: number }
  /** The database ends and starts again with the data that it had; needs `keepsData`. */
  | { readonly event: "restart database" }
  /** No faults and no throttling from here on. */
  | { readonly event: "calm" };

/** What operations may meet from this event to the next `calm`, besides what the model says. */
export function disturbanceOf(event: Event): Disturbance {
  switch (event.event) {
    case "throttle":
      return passing("THROTTLED", "TIMEOUT", "OVERLOADED");
    case "fault":
      return disturbanceOfFault(event.fault);
    case "new key":
      // Until the gateway has read the new one, no permission can be looked up
      return event.tell ? passing() : passing("UPSTREAM_UNAVAILABLE");
    case "restart replica":
      return { ...passing("UPSTREAM_UNAVAILABLE"), mayBreak: true };
    case "restart database":
      return passing("UPSTREAM_UNAVAILABLE", "TIMEOUT");
    default:
      return passing();
  }
}

function disturbanceOfFault({ status, drop, delayMs, slowBodyMs }: DatabaseFault): Disturbance {
  if (drop !== undefined) {
    return passing("UPSTREAM_UNAVAILABLE", "TIMEOUT");
  }
  switch (status) {
    case undefined:
      return (delayMs ?? 0) + (slowBodyMs ?? 0) > 0 ? passing("TIMEOUT") : passing();
    case 403:
      return passing("FORBIDDEN", "UPSTREAM_UNAVAILABLE");
    case 404:
      return passing("CONTAINER_MISSING", "UPSTREAM_UNAVAILABLE");
    case 429:
      return passing("THROTTLED", "TIMEOUT", "UPSTREAM_UNAVAILABLE");
    default:
      return passing("UPSTREAM_UNAVAILABLE", "TIMEOUT");
  }
}

function passing(...codes: readonly string[]): Disturbance {
  return { codes: new Set(codes) };
}

/** All that several events disturb together. */
export function together(disturbances: readonly Disturbance[]): Disturbance {
  return {
    codes: new Set(disturbances.flatMap(({ codes }) => [...codes])),
    mayBreak: disturbances.some(({ mayBreak }) => mayBreak === true),
  };
}
