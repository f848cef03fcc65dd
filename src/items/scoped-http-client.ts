import {
  createHttpHeaders,
  type HttpClient,
  type PipelineRequest,
  type PipelineResponse,
} from "@azure/core-rest-pipeline";
import type { MetadataCache } from "../cosmos/metadata-cache.ts";
import { createMetadataHttpClient } from "../cosmos/metadata-http-client.ts";
import { createPatientHttpClient } from "../cosmos/patient-http-client.ts";
import { promoteThrottling } from "../cosmos/promote-throttling.ts";
import { describeCosmosFailure, readCosmosFailure } from "../cosmos/read-cosmos-failure.ts";
import { unmergedQueryPlan } from "../cosmos/unmerged-query-plan.ts";
import { GatewayError } from "../gateway-error.ts";
import type { RequestAdmission } from "./admission.ts";
import { PARTITION_KEY_HEADER, PARTITION_KEY_RANGE_HEADER } from "./scoped-client.ts";
import type { Session } from "./session.ts";
import { unavailable } from "./translate-cosmos-error.ts";

export interface ScopedHttpClientOptions {
  /** What carries the requests. */
  readonly httpClient: HttpClient;
  readonly metadata: MetadataCache;
  /** Throws if the caller may send no more. */
  readonly beforeRequest?: () => void;
  /** Decides when a request for items may be sent. Default: at once. */
  readonly admission?: RequestAdmission | undefined;
  /** Told of every answer that came over the wire, and how long it is. */
  readonly onAnswer: (requestCharge: number, characters: number) => void;
  /** The caller's session, and the container of the operation. */
  readonly session: Session;
  readonly container: string;
  /** Whether the rows of each physical partition are wanted as they come. Default no. */
  readonly isUnmerged?: boolean | undefined;
  /** Aborted when the caller's deadline passes, or the caller leaves: nothing is sent any more. */
  readonly signal: AbortSignal;
}

/**
 * The HTTP client of one item operation. Between the SDK and the wire it
 *
 * - answers account and container metadata from memory, and refuses the query plan that the SDK
 *   asks for along with a query in one partition: an operation of a warm process is one request;
 * - waits out throttling, and repeats what only reads once if a connection broke;
 * - lets nothing pass that carries no resource token, and no URL that means something else than it
 *   says;
 * - has each request for items wait for its turn, and sends none whose caller waits no longer;
 * - sends the caller's session token with requests for items, and takes in those of the answers;
 * - counts what really goes over the wire.
 */
export function createScopedHttpClient(options: ScopedHttpClientOptions): HttpClient {
  const { metadata, signal, isUnmerged = false } = options;
  const wire = createPatientHttpClient(createWireClient(options));
  const answering = createMetadataHttpClient(wire, metadata, signal);

  return {
    sendRequest: async (request) => {
      // First of all, because everything after it goes by what the URL says.
      request.url = escapeQuestionMarks(request.url);
      requireResourceToken(request);
      const wantsPlan = request.headers.has(QUERY_PLAN_HEADER);
      if (wantsPlan && ONE_PARTITION_HEADERS.some((name) => request.headers.has(name))) {
        return noQueryPlan(request);
      }
      if (wantsPlan && isUnmerged) {
        return unmergedQueryPlan(request);
      }
      return answering.sendRequest(request);
    },
  };
}

/** Either says that a query is for one partition, be it a logical or a physical one. */
const ONE_PARTITION_HEADERS = [PARTITION_KEY_HEADER, PARTITION_KEY_RANGE_HEADER];

const QUERY_HEADER = "x-ms-documentdb-isquery";
const QUERY_PLAN_HEADER = "x-ms-cosmos-is-query-plan-request";

/**
 * The SDK asks for a plan along with each query, and looks at it only if the query was answered
 * with a 400 that wants one. In one partition there is nothing to plan; and with a plan the SDK
 * would send the query to ranges of partitions, where the partition key it named counts for nothing.
 */
function noQueryPlan(request: PipelineRequest): PipelineResponse {
  const message = "A query in one partition has no plan.";
  return {
    request,
    status: 400,
    headers: createHttpHeaders({ "content-type": "application/json" }),
    bodyAsText: JSON.stringify({ code: "BadRequest", message }),
  };
}

function createWireClient(options: ScopedHttpClientOptions): HttpClient {
  const { metadata, beforeRequest, onAnswer } = options;

  const sendOnce = async (request: PipelineRequest): Promise<PipelineResponse> => {
    showSession(request, options);
    const response = await sendInTurn(request, options);
    const requestCharge = Number(response.headers.get("x-ms-request-charge")) || 0;
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
        if (!isReadOnly(request) || isFinal(error)) {
          throw explainFailure(error, request, options);
        }
      }
      try {
        return await sendOnce(request);
      } catch (error) {
        throw explainFailure(error, request, options);
      }
    },
  };
}

function explainFailure(
  error: unknown,
  request: PipelineRequest,
  { metadata, signal }: ScopedHttpClientOptions,
): unknown {
  if (isAbort(error)) {
    return signal.aborted ? error : timedOut();
  }
  return connectionFailed(error, metadata, !isReadOnly(request));
}

function isFinal(error: unknown): boolean {
  return error instanceof GatewayError || isAbort(error);
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === "AbortError";
}

/**
 * Sends a request for items when it is its turn. Metadata has no turns: it is read once for all
 * callers, who must not wait for the turn of the one who happens to read it.
 */
async function sendInTurn(
  request: PipelineRequest,
  { httpClient, admission, signal }: ScopedHttpClientOptions,
): Promise<PipelineResponse> {
  const kind = request.headers.has(QUERY_HEADER) ? "page" : "item";
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

/**
 * The SDK percent-encodes ids but leaves `?` alone. Its URLs have no query, so a `?` is part of an
 * item id: unescaped, it would cut the id short and address another item.
 */
function escapeQuestionMarks(url: string): string {
  return url.replaceAll("?", "%3F");
}

/** The last guard. What it refuses, chooseGrant and the SDK should never send. */
function requireResourceToken(request: PipelineRequest): void {
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

function isReadOnly({ method, headers }: PipelineRequest): boolean {
  return method === "GET" || headers.has(QUERY_HEADER) || headers.has(QUERY_PLAN_HEADER);
}

const SESSION_HEADER = "x-ms-session-token";

/**
 * Sets the header at each sending, so that a repeat has it, too: the SDK takes it off when it
 * repeats a read that no replica could serve yet, and would give the caller an older item.
 *
 * On items only: metadata is read once for all callers.
 */
function showSession(request: PipelineRequest, { session, container }: ScopedHttpClientOptions) {
  const token = session.tokenOf(container);
  if (token !== undefined && isItemRequest(request)) {
    request.headers.set(SESSION_HEADER, token);
  }
}

function advanceSession(
  request: PipelineRequest,
  { headers }: PipelineResponse,
  { session, container }: ScopedHttpClientOptions,
): void {
  const token = headers.get(SESSION_HEADER);
  if (token !== undefined && isItemRequest(request)) {
    session.advance(container, token);
  }
}

function isItemRequest({ url }: PipelineRequest): boolean {
  return /^\/dbs\/[^/]+\/colls\/[^/]+\/docs(\/|$)/.test(new URL(url).pathname);
}

/** Answers that say that the account or the container is no longer what it was when it was read. */
function forgetWhatChanged(
  metadata: MetadataCache,
  request: PipelineRequest,
  { status, headers }: PipelineResponse,
): void {
  const substatus = Number(headers.get("x-ms-substatus")) || 0;
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
  if (response.status < 400 || isJsonObject(response.bodyAsText ?? "")) {
    return response;
  }
  const message = "The answer has no readable error text.";
  return { ...response, bodyAsText: JSON.stringify({ code: String(response.status), message }) };
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null;
  } catch {
    return false;
  }
}

function timedOut(): GatewayError {
  return new GatewayError("TIMEOUT", "The data store did not answer in time.");
}

/** Thrown in place of the SDK's own kind, which it would repeat 120 times, writes included. */
function connectionFailed(error: unknown, metadata: MetadataCache, isWrite: boolean): GatewayError {
  if (error instanceof GatewayError) {
    return error;
  }
  // The account may have moved to another region.
  metadata.forgetAccount();
  return unavailable(
    `cosmos.endpoint: ${describeCosmosFailure(readCosmosFailure(error))}`,
    isWrite && !neverArrived(error),
  );
}

/** True if no connection came about, so that nothing can have been done. */
function neverArrived(error: unknown): boolean {
  const failure = readCosmosFailure(error);
  return (
    failure.kind === "connection" &&
    ["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH"].includes(failure.code)
  );
}
