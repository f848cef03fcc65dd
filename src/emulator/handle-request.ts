import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Fault } from "./controls/faults.ts";
import type { TestControls } from "./controls/test-controls.ts";
import { cosmosErrorResponse } from "./http/cosmos-error-response.ts";
import type { CosmosRequest, CosmosResponse } from "./http/cosmos-request.ts";
import { parseRequest } from "./http/parse-request.ts";
import type { RequestHandler } from "./http/server.ts";
import { writeResponse } from "./http/write-response.ts";
import { fromHeaderKey } from "./partition-keys/stored-partition-key.ts";
import { routeRequest } from "./routes/route-request.ts";
import type { AccountKeys } from "./security/account-keys.ts";
import { type Authorization, authenticate } from "./security/authentication.ts";
import { authorize, type LinkResolver } from "./security/authorization.ts";
import { requestKind } from "./security/request-kind.ts";
import type { ResourceTokenSealer } from "./security/resource-token.ts";
import type { AccountStore } from "./store/account-store.ts";
import type { Throttle } from "./throttling/throttle.ts";

export interface RequestHandlerOptions {
  readonly accountKeys: AccountKeys;
  readonly store: AccountStore;
  readonly sealer: ResourceTokenSealer;
  readonly links: LinkResolver;
  readonly partitionsPerContainer: number;
  readonly throttle: Throttle;
  /** Only where a test asked for it. */
  readonly testing?: TestControls;
}

/** The way of one request: parse, authenticate, authorize, throttle, route, respond, log. */
export function createRequestHandler(options: RequestHandlerOptions): RequestHandler {
  return async (message, response) => {
    const activityId = randomUUID();
    try {
      const request = await parseRequest(message);
      const control = options.testing?.handle(request);
      if (control !== undefined) {
        await writeResponse(response, control, activityId);
        return;
      }
      const fault = options.testing?.faults.take(request);
      const authentication = tryAuthenticate(options, request);
      const answer = await faultOr(fault, () =>
        answerRequest(options, request, authentication, clientEndpointOf(message)),
      );
      const result = answer instanceof Error ? cosmosErrorResponse(answer, activityId) : answer;
      options.testing?.log.add(request, authentication, result.status, result.headers);
      await deliver(response, result, fault, activityId);
    } catch (error) {
      await giveUp(message, response, error, activityId);
    }
  };
}

/**
 * For a request that could not be read, or an answer that could not be written: says so if that is
 * still possible.
 */
async function giveUp(
  message: IncomingMessage,
  response: ServerResponse,
  error: unknown,
  activityId: string,
): Promise<void> {
  const isGone = message.destroyed && !message.complete;
  if (isGone || response.headersSent) {
    message.destroy();
    return;
  }
  // The rest of the request may still be on its way, and must not be taken for the next one
  response.setHeader("connection", "close");
  await writeResponse(response, cosmosErrorResponse(error, activityId), activityId);
}

/**
 * Who sends the request, or why that isn't known. Kept apart from the answer, since
 * the log shows it for refused requests too.
 */
function tryAuthenticate(
  options: RequestHandlerOptions,
  request: CosmosRequest,
): Authorization | Error {
  try {
    return authenticate(request, {
      keys: options.accountKeys.present(),
      sealer: options.sealer,
      nowMs: options.store.clock.nowMs(),
      machineNowMs: Date.now(),
    });
  } catch (error) {
    return toError(error);
  }
}

function answerRequest(
  options: RequestHandlerOptions,
  request: CosmosRequest,
  authentication: Authorization | Error,
  clientEndpoint: string,
): CosmosResponse {
  if (authentication instanceof Error) {
    throw authentication;
  }
  authorize(authentication, request, options.links);
  const { segments, itemPartitionKey } = options.links.toNames(request.segments);
  const kind = requestKind(request);
  const [, databaseId = "", , containerId = ""] = segments;
  const container = options.store.databases.get(databaseId)?.containers.get(containerId);
  return options.throttle.answer(kind, container, () =>
    routeRequest({
      request,
      segments,
      kind,
      itemPartitionKey:
        itemPartitionKey === undefined ? undefined : fromHeaderKey(itemPartitionKey),
      store: options.store,
      sealer: options.sealer,
      clientEndpoint,
      partitionsPerContainer: options.partitionsPerContainer,
    }),
  );
}

/** The request's own answer, or what a fault puts in its place. */
async function faultOr(
  fault: Fault | undefined,
  answer: () => CosmosResponse,
): Promise<CosmosResponse | Error> {
  await delay(fault?.delayMs);
  if (fault?.error !== undefined) {
    return fault.error;
  }
  if (fault?.drop === "request") {
    return DROPPED;
  }
  try {
    return answer();
  } catch (error) {
    return toError(error);
  }
}

/** What was thrown, as an error: anything can be thrown. */
function toError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error("Something was thrown.", { cause: thrown });
}

/** What the log says of a request that never was served: no status. */
const DROPPED: CosmosResponse = { status: 0 };

async function deliver(
  response: ServerResponse,
  result: CosmosResponse,
  fault: Fault | undefined,
  activityId: string,
): Promise<void> {
  if (fault?.drop !== undefined) {
    response.socket?.destroy();
    return;
  }
  const { slowBodyMs } = fault ?? {};
  await writeResponse(
    response,
    result,
    activityId,
    slowBodyMs === undefined ? undefined : () => delay(slowBodyMs),
  );
}

async function delay(durationMs: number | undefined): Promise<void> {
  if (durationMs !== undefined) {
    await new Promise((resolve) => setTimeout(resolve, durationMs));
  }
}

/**
 * Scheme, host and port as the client wrote them: an account document must advertise what the
 * client can reach.
 */
function clientEndpointOf(message: IncomingMessage): string {
  const { host } = message.headers;
  const { localAddress, localPort } = message.socket;
  const isEncrypted = "encrypted" in message.socket;
  const authority =
    host !== undefined && /^[\w.:[\]-]+$/.test(host) ? host : `${localAddress}:${localPort}`;
  return `${isEncrypted ? "https" : "http"}://${authority}/`;
}
