import type { FastifyPluginCallback } from "fastify";
import { GatewayError } from "../gateway-error.ts";
import type { DevelopmentIssuer } from "./development-issuer.ts";
import { SAMPLE_CALLERS } from "./sample-callers.ts";

/** Names under which only this machine reaches itself. */
const LOOPBACK_NAMES = new Set(["localhost", "127.0.0.1", "[::1]"]);

/**
 * `POST /dev-issuer/token` with `{ "as": "contoso-member" }` answers a bearer token.
 *
 * A page from elsewhere that a developer's browser has open must not get one: the JSON body makes
 * the browser ask first (and nothing here answers a preflight), and a name that was rebound to
 * this machine's address shows in the header Host.
 */
export function developmentIssuerRoutes(issuer: DevelopmentIssuer): FastifyPluginCallback {
  return (server, _options, done) => {
    server.post("/dev-issuer/token", async (request) => {
      if (!LOOPBACK_NAMES.has(request.hostname)) {
        throw new GatewayError("BAD_USER_INPUT", "Ask the development issuer at localhost.");
      }
      const name = callerName(request.body);
      const claims = Object.hasOwn(SAMPLE_CALLERS, name) ? SAMPLE_CALLERS[name] : undefined;
      if (claims === undefined) {
        const known = Object.keys(SAMPLE_CALLERS).join(", ");
        throw new GatewayError("BAD_USER_INPUT", `Sample callers are: ${known}.`);
      }
      return { bearerToken: await issuer.issue({ sub: name, ...claims }) };
    });
    done();
  };
}

function callerName(body: unknown): string {
  if (typeof body === "object" && body !== null && "as" in body && typeof body.as === "string") {
    return body.as;
  }
  throw new GatewayError("BAD_USER_INPUT", 'Send { "as": "NAME" } with a sample caller\'s name.');
}
