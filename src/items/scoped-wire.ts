import type { HttpClient, PipelineRequest, PipelineResponse } from "@azure/core-rest-pipeline";
import { REQUEST_CHARGE_HEADER, SUBSTATUS_HEADER } from "../cosmos/header-names.ts";
import { isJsonObject } from "../cosmos/json-object.ts";
import type { MetadataCache } from "../cosmos/metadata-cache.ts";
import { promoteThrottling } from "../cosmos/promote-throttling.ts";
import type { RequestAdmission } from "./admission.ts";
import { explainWireFailure, isFinalFailure } from "./explain-wire-failure.ts";
import { advanceSession, type SessionPlace, showSession } from "./session-header.ts";
import { isItemRequest, isQuery, isReadOnly } from "./wire-request.ts";

export interface ScopedWireOptions extends SessionPlace {
  /** What carries the requests. */
  readonly httpClient: HttpClient;
  readonly metadata: MetadataCache;
  /** @throws GatewayError if the caller may send no more. */
  readonly beforeRequest?: () => void;
  /** Decides when a request for items may be sent. Default: at once. */
  readonly admission?: RequestAdmission | undefined;
  /** Told of every answer that came over the wire, and how long it is. */
  readonly onAnswer: (requestCharge: number, characters: number) => void;
  /** Aborted when the caller's deadline passes, or the caller leaves: nothing is sent any more. */
  readonly signal: AbortSignal;
}

/**
 * What carries the requests of one item operation: each waits for its turn, none is sent whose
 * caller waits no longer, what only reads is repeated once if a connection broke, the caller's
 * session goes along, and what went over the wire is counted.
 *
 * @throws GatewayError UPSTREAM_UNAVAILABLE or TIMEOUT, and an `AbortError` where `signal` is
 * aborted.
 */
export function createScopedWire(options: ScopedWireOptions): HttpClient {
  const { metadata, beforeRequest, onAnswer } = options;

  const sendOnce = async (request: PipelineRequest): Promise<PipelineResponse> => {
    showSession(request, options);
    const response = await sendInTurn(request, options);
    const requestCharge = Number(response.headers.get(REQUEST_CHARGE_HEADER)) || 0;
    onAnswer(requestCharge, response.bodyAsText?.length ?? 0);
    advanceSession(request, response, options);
    forgetWhatChanged(metadata, request, response);
    return readableError(promoteThrottling(response));
  };

  return {
    sendRequest: async (request) => {
      beforeRequest?.();
      try {
        return await sendOnce(request);
      } catch (error) {
        // A kept connection may have been closed by the other side just when it was used again.
        if (!isReadOnly(request) || isFinalFailure(error)) {
          throw explainWireFailure(error, request, options);
        }
      }
      try {
        return await sendOnce(request);
      } catch (error) {
        throw explainWireFailure(error, request, options);
      }
    },
  };
}

/**
 * Sends a request for items when it is its turn. Metadata has no turns: it is read once for all
 * callers, who must not wait for the turn of the one who happens to read it.
 */
async function sendInTurn(
  request: PipelineRequest,
  { httpClient, admission, signal }: ScopedWireOptions,
): Promise<PipelineResponse> {
  const kind = isQuery(request) ? "page" : "item";
  const admitted = isItemRequest(request)
    ? await admission?.admit(kind, signal).catch((error: unknown) => {
        throw signal.aborted ? abandoned() : error;
      })
    : undefined;
  let answerBytes = 0;
  try {
    if (signal.aborted) {
      throw abandoned();
    }
    const response = await httpClient.sendRequest(request);
    answerBytes = Buffer.byteLength(response.bodyAsText ?? "");
    return response;
  } finally {
    admitted?.release(answerBytes);
  }
}

/** What the SDK, and those who wait for the same metadata, know an abort by. */
function abandoned(): Error {
  return new DOMException("The request's caller waits no longer.", "AbortError");
}

/** Answers that say that the account or the container is no longer what it was when it was read. */
function forgetWhatChanged(
  metadata: MetadataCache,
  request: PipelineRequest,
  { status, headers }: PipelineResponse,
): void {
  const substatus = Number(headers.get(SUBSTATUS_HEADER));
  if (status === 403 && (substatus === 3 || substatus === 1008)) {
    // Writes moved to another region, or the account left this one.
    metadata.forgetAccount();
  }
  // Ranges split or moved; the container was deleted, or made again with another partition key.
  if (
    status === 410 ||
    (status === 404 && substatus === 1003) ||
    (status === 400 && substatus === 1001)
  ) {
    metadata.forgetContainer(request.url);
  }
}

/** The SDK fails on an error answer that is not a JSON object, such as a proxy's page. */
function readableError(response: PipelineResponse): PipelineResponse {
  if (response.status < 400 || isReadable(response.bodyAsText ?? "")) {
    return response;
  }
  const message = "The answer has no readable error text.";
  return { ...response, bodyAsText: JSON.stringify({ code: String(response.status), message }) };
}

function isReadable(text: string): boolean {
  try {
    return isJsonObject(JSON.parse(text));
  } catch {
    return false;
  }
}
