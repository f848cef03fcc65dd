import type { PipelineRequest } from "@azure/core-rest-pipeline";
import { GatewayError } from "../gateway-error.ts";

/**
 * The last guard before the wire: mends what the SDK leaves open in a request's URL, and lets
 * nothing pass that carries no resource token, and no URL that means something else than it says.
 * What it refuses, chooseGrant and the SDK should never send.
 *
 * @throws GatewayError FORBIDDEN
 */
export function guardRequest(request: PipelineRequest): void {
  // First of all, because everything after it goes by what the URL says.
  request.url = escapeQuestionMarks(request.url);
  const { pathname } = new URL(request.url);
  const writtenPath = request.url.replace(/^[a-z]+:\/\/[^/]*/i, "") || "/";
  const authorization = decodeURIComponent(request.headers.get("authorization") ?? "");
  // An id of `..` would make the parser drop path segments, so that the URL means a container.
  const fault =
    writtenPath !== pathname
      ? `a URL that is read as ${pathname}`
      : !authorization.startsWith("type=resource&")
        ? "a request without a resource token"
        : undefined;
  if (fault !== undefined) {
    throw new GatewayError("FORBIDDEN", "This request can't be sent.", { logReason: fault });
  }
}

/**
 * The SDK percent-encodes ids but leaves `?` alone. Its URLs have no query, so a `?` is part of an
 * item id: unescaped, it would cut the id short and address another item.
 */
function escapeQuestionMarks(url: string): string {
  return url.replaceAll("?", "%3F");
}
