import {
  createHttpHeaders,
  type HttpClient,
  type PipelineRequest,
  type PipelineResponse,
} from "@azure/core-rest-pipeline";
import { CONTINUATION_HEADER, PARTITION_KEY_HEADER, SUBSTATUS_HEADER } from "./header-names.ts";
import type { MetadataCache, MetadataKind } from "./metadata-cache.ts";

/**
 * An HTTP client that answers what it can from `metadata`, keeps there what it reads of the account
 * and its containers, and sends everything else through `httpClient`. A wait for another's read
 * ends when `signal` is aborted.
 */
export function createMetadataHttpClient(
  httpClient: HttpClient,
  metadata: MetadataCache,
  signal: AbortSignal = new AbortController().signal,
): HttpClient {
  return {
    sendRequest: async (request) => {
      const kind = metadataKind(request);
      return kind === undefined
        ? httpClient.sendRequest(request)
        : metadata.read(
            kind,
            request.url,
            async () => asMissingOwner(kind, await httpClient.sendRequest(request)),
            signal,
          );
    },
  };
}

/**
 * A container that is asked for and isn't there is a plain 404, as a missing item is: only below
 * it, the service says that the owner is missing (substatus 1003). The SDK asks for the container
 * in the midst of item operations and hands the answer on, so this says of which kind it is.
 */
function asMissingOwner(kind: MetadataKind, response: PipelineResponse): PipelineResponse {
  if (kind === "account" || response.status !== 404) {
    return response;
  }
  const headers = createHttpHeaders(response.headers.toJSON());
  headers.set(SUBSTATUS_HEADER, "1003");
  return { ...response, headers };
}

function metadataKind({ method, url, headers }: PipelineRequest): MetadataKind | undefined {
  // A conditional or continued read is about more than its URL, and one with a partition key is
  // about an item, whose answer must never be kept.
  const isMore = ["if-none-match", CONTINUATION_HEADER, PARTITION_KEY_HEADER].some((name) =>
    headers.has(name),
  );
  if (method !== "GET" || isMore) {
    return undefined;
  }
  const path = new URL(url).pathname;
  if (path === "/") {
    return "account";
  }
  const [, last] = /^\/dbs\/[^/]+\/colls\/[^/]+(\/pkranges)?\/?$/.exec(path) ?? [undefined, null];
  return last === null ? undefined : last === undefined ? "container" : "ranges";
}
