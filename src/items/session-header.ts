import type { PipelineRequest, PipelineResponse } from "@azure/core-rest-pipeline";
import { SESSION_HEADER } from "../cosmos/header-names.ts";
import type { Session } from "./session.ts";
import { isItemRequest } from "./wire-request.ts";

/** The caller's session, and the container that it is asked about. */
export interface SessionPlace {
  readonly session: Session;
  readonly container: string;
}

/**
 * Sets the header at each sending, so that a repeat has it, too: the SDK takes it off when it
 * repeats a read that no replica could serve yet, and would give the caller an older item.
 *
 * On items only: metadata is read once for all callers.
 */
export function showSession(request: PipelineRequest, { session, container }: SessionPlace): void {
  const token = session.tokenOf(container);
  if (token !== undefined && isItemRequest(request)) {
    request.headers.set(SESSION_HEADER, token);
  }
}

/** Takes in what an answer says of how far its container has come. */
export function advanceSession(
  request: PipelineRequest,
  { headers }: PipelineResponse,
  { session, container }: SessionPlace,
): void {
  const token = headers.get(SESSION_HEADER);
  if (token !== undefined && isItemRequest(request)) {
    session.advance(container, token);
  }
}
