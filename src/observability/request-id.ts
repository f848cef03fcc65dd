import { AsyncLocalStorage } from "node:async_hooks";
import { randomUUID } from "node:crypto";

const requestIds = new AsyncLocalStorage<string>();

/** The id of the request that the running code belongs to; undefined outside of one. */
export function currentRequestId(): string | undefined {
  return requestIds.getStore();
}

/** Runs something, and all that it starts, as part of a request. */
export function runWithRequestId<Result>(requestId: string, run: () => Result): Result {
  return requestIds.run(requestId, run);
}

/** The id that a client gave its request, if it can stand in a log as it is; else a new one. */
export function requestIdOf(header: string | readonly string[] | undefined): string {
  return typeof header === "string" && /^[A-Za-z0-9._-]{1,128}$/.test(header)
    ? header
    : randomUUID();
}
