import type { Access } from "../access/access.ts";
import type { Caller } from "../auth/caller.ts";
import type { RequestContext } from "../graphql/request-context.ts";
import type { ItemOperations } from "../items/item-operations.ts";
import type { Session } from "../items/session.ts";

/**
 * The stages of a request, in their order. Each takes what the one before it returned. Grants are
 * handed on unseen, so it says nothing of what they are.
 */
export interface RequestStages<Grants> {
  readonly authenticate: (authorizationHeader: string | undefined) => Promise<Caller>;
  readonly resolveAccess: (caller: Caller) => Access;
  readonly grantsFor: (access: Access, limits: RequestLimits) => Promise<Grants>;
  readonly openItems: (access: Access, grants: Grants, options: RequestLimits) => ItemOperations;
}

export interface RequestLimits {
  /**
   * Aborted when the request's deadline passes, and what still waits then fails with `TIMEOUT`; and
   * when the client leaves, for whom nothing more is sent.
   */
  readonly signal: AbortSignal;
  /** When the deadline passes, by `performance.now()`, in milliseconds. */
  readonly deadlineMs: number;
  /** Calls back when the response is made. */
  readonly onAnswered: (callback: () => void) => void;
  /** Calls back when the response was sent, or given up. */
  readonly onEnd: (callback: () => void) => void;
  /** How far the caller has seen the data store. Goes on with what the request sees. */
  readonly session: Session;
}

export type OpenRequest = (
  authorizationHeader: string | undefined,
  limits: RequestLimits,
) => Promise<RequestContext>;

/**
 * Turns a bearer token into item operations that can send nothing but the resource tokens of the
 * caller's own Cosmos user.
 *
 * @throws GatewayError of the stage that refused.
 */
export function createRequestOpener<Grants>(stages: RequestStages<Grants>): OpenRequest {
  return async (authorizationHeader, limits) => {
    const caller = await stages.authenticate(authorizationHeader);
    const access = stages.resolveAccess(caller);
    const grants = await stages.grantsFor(access, limits);
    const items = stages.openItems(access, grants, limits);
    return { caller, access, items };
  };
}
