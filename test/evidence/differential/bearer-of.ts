import { post } from "../workload/ask.ts";
import type { Caller } from "../world/callers.ts";
import type { StartedWorld } from "../world/start-world.ts";
import type { BearerKind } from "./hostile-step.ts";

const LIFETIME_SECONDS = 60;

/** A minute that the gateway's clock may be late (`src/auth/`), and a little more. */
const TOLERANCE_SECONDS = 65;

/**
 * The bearer token of a step. An expired one is used while it is good, and then time goes by until
 * it is good no more, but not so much that whoever remembered it has forgotten it.
 *
 * @param url of the gateway that will be shown it.
 */
export async function bearerOf(
  started: StartedWorld,
  kind: BearerKind,
  caller: Caller,
  url: string,
): Promise<string | undefined> {
  const { claims } = caller;
  if (kind === "good" || claims === undefined) {
    return started.bearerFor(caller);
  }
  switch (kind) {
    case "spoiled":
      return spoiled(started, await started.issueBearer(claims, {}), url);
    case "other audience":
      return started.issueBearer(claims, { audience: "https://another-service.example" });
    case "expired": {
      const bearer = await started.issueBearer(claims, { lifetimeSeconds: LIFETIME_SECONDS });
      await useOnce(bearer, url);
      await started.advanceSeconds(LIFETIME_SECONDS + TOLERANCE_SECONDS);
      return bearer;
    }
  }
}

/** With another signature than one that was good, and that the gateway has seen. */
async function spoiled({ secrets }: StartedWorld, bearer: string, url: string): Promise<string> {
  await useOnce(bearer, url);
  // The last characters of a signature may be padding, so another one is changed.
  const at = bearer.length - 10;
  const changed = `${bearer.slice(0, at)}${bearer[at] === "A" ? "B" : "A"}${bearer.slice(at + 1)}`;
  secrets.bearerTokens.add(changed);
  return changed;
}

/** @throws Error if a good bearer token is refused: what comes after it would prove nothing. */
async function useOnce(bearer: string, url: string): Promise<void> {
  const reply = await post({ url, bearer }, { query: "{ __typename }" });
  // Who has no access is known all the same.
  if (typeof reply === "string" || reply.text.includes("UNAUTHENTICATED")) {
    throw new Error(`A good bearer token: ${typeof reply === "string" ? reply : reply.text}`);
  }
}
