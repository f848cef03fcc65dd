import type { IncomingMessage } from "node:http";
import { CosmosError } from "../cosmos-error.ts";
import type { CosmosRequest } from "./cosmos-request.ts";

/**
 * Most bytes of a body that are read: over the 2 MB of an item, so that the item's own limit
 * answers first.
 */
const MAX_BODY_BYTES = 4 * 1024 * 1024;

/**
 * Takes a request apart.
 *
 * @throws CosmosError 400 for a path with a broken percent escape or an empty segment, 413 for a
 *   body that is too large.
 */
export async function parseRequest(message: IncomingMessage): Promise<CosmosRequest> {
  const rawPath = rawPathOf(message.url ?? "/");
  const segments = decodeSegments(rawPath);
  return {
    method: (message.method ?? "GET").toUpperCase(),
    segments,
    rawPath,
    headers: headersOf(message),
    body: await readBody(message),
  };
}

/**
 * The path as sent. An item's id may hold a `?`, which the SDKs don't escape, so behind `/docs/`
 * everything belongs to the path; elsewhere a query string is cut off.
 */
function rawPathOf(url: string): string {
  const path = url.startsWith("/") ? url : url.replace(/^[a-z]+:\/\/[^/?]*/i, "");
  const queryStart = path.indexOf("?");
  if (queryStart < 0 || /^\/*dbs\/[^/?]+\/colls\/[^/?]+\/docs\/[^/]/.test(path)) {
    return path;
  }
  return path.slice(0, queryStart);
}

function decodeSegments(rawPath: string): readonly string[] {
  const trimmed = rawPath.replace(/^\/+/, "").replace(/\/+$/, "");
  if (trimmed === "") {
    return [];
  }
  return trimmed.split("/").map((segment) => {
    let decoded: string;
    try {
      decoded = decodeURIComponent(segment);
    } catch {
      throw new CosmosError(
        400,
        "BadRequest",
        "The request URL is invalid: broken percent escape.",
      );
    }
    if (decoded === "") {
      throw new CosmosError(400, "BadRequest", "The request URL is invalid: empty path segment.");
    }
    return decoded;
  });
}

function headersOf(message: IncomingMessage): CosmosRequest["headers"] {
  const headers: Record<string, string | undefined> = Object.create(null);
  for (const [name, value] of Object.entries(message.headers)) {
    headers[name] = Array.isArray(value) ? value.join(",") : value;
  }
  return headers;
}

async function readBody(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  // Kept open at a throw: the refusal still has to go out on the same connection
  for await (const chunk of message.iterator({ destroyOnReturn: false })) {
    // A request without an encoding set gives buffers
    const bytes = chunk as Buffer;
    length += bytes.length;
    if (length > MAX_BODY_BYTES) {
      throw new CosmosError(413, "RequestEntityTooLarge", "Request size is too large");
    }
    chunks.push(bytes);
  }
  return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
}
