import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Fault, Faults } from "./controls/faults.ts";
import type { RequestLog } from "./controls/request-log.ts";
import type { TestControls } from "./controls/test-controls.ts";
import type { CosmosRequest, CosmosResponse } from "./cosmos-request.ts";
import { errorResponse } from "./error-response.ts";
import { parseRequest } from "./parse-request.ts";
import { routeRequest } from "./route-request.ts";
import { type Authorization, authenticate } from "./security/authentication.ts";
import { authorize, type LinkResolver } from "./security/authorization.ts";
import { requestKind } from "./security/request-kind.ts";
import type { ResourceTokenSealer } from "./security/resource-token.ts";
import type { RequestHandler } from "./server.ts";
import type { AccountStore } from "./store/account-store.ts";
import { fromHeaderKey } from "./store/partition-key.ts";
import { writeResponse } from "./write-response.ts";

export interface RequestHandlerOptions {
  readonly keys: readonly string[];
  readonly store: AccountStore;
  readonly sealer: ResourceTokenSealer;
  readonly links: LinkResolver;
  readonly partitionsPerContainer: number;
  /** Only with test controls. */
  readonly log?: RequestLog;
  readonly faults?: Faults;
  readonly controls?: TestControls;
}

/** The way of one request: parse, authenticate, authorize, route, respond, log. */
export function createRequestHandler(options: RequestHandlerOptions): RequestHandler {
  return async (message, response) => {
    const activityId = randomUUID();
    let request: CosmosRequest;
    try {
      request = await parseRequest(message);
    } catch (error) {
      if (message.destroyed && !message.complete) {
        return; // the client is gone
      }
      response.setHeader("connection", "close");
      writeResponse(response, errorResponse(error, activityId), activityId);
      return;
    }
    const control = options.controls?.handle(request);
    if (control !== undefined) {
      writeResponse(response, control, activityId);
      return;
    }
    const fault = options.faults?.take(request);
    const authentication = tryAuthenticate(options, request);
    const answer = await faultOr(fault, () =>
      answerRequest(options, request, authentication, clientEndpointOf(message)),
    );
    const result = answer instanceof Error ? errorResponse(answer, activityId) : answer;
    options.log?.add(request, authentication, result.status, result.headers);
    await deliver(response, result, fault, activityId);
  };
}

/** Who sends the request, or why that isn't known. Kept apart from the answer: the log tells it for refused requests too. */
function tryAuthenticate(
  options: RequestHandlerOptions,
  request: CosmosRequest,
): Authorization | Error {
  try {
    return authenticate(request, {
      keys: options.keys,
      sealer: options.sealer,
      nowMs: options.store.clock.nowMs(),
      machineNowMs: Date.now(),
    });
  } catch (error) {
    return error as Error;
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
  return routeRequest({
    request,
    segments,
    kind: requestKind(request),
    itemPartitionKey: itemPartitionKey === undefined ? undefined : fromHeaderKey(itemPartitionKey),
    store: options.store,
    sealer: options.sealer,
    clientEndpoint,
    partitionsPerContainer: options.partitionsPerContainer,
  });
}

/** The fault's answer if it has one, else the request's own. */
async function faultOr(
  fault: Fault | undefined,
  answer: () => CosmosResponse,
): Promise<CosmosResponse | Error> {
  if (fault?.delayMs !== undefined) {
    await new Promise((resolve) => setTimeout(resolve, fault.delayMs));
  }
  try {
    return fault?.answer?.() ?? answer();
  } catch (error) {
    return error as Error;
  }
}

async function deliver(
  response: ServerResponse,
  result: CosmosResponse,
  fault: Fault | undefined,
  activityId: string,
): Promise<void> {
  if (fault?.drop === true) {
    response.socket?.destroy();
    return;
  }
  writeResponse(response, result, activityId);
}

/** Scheme, host and port as the client wrote them: an account document must advertise what the client can reach. */
function clientEndpointOf(message: IncomingMessage): string {
  const { host } = message.headers;
  const { localAddress, localPort } = message.socket;
  const isEncrypted = "encrypted" in message.socket;
  const authority =
    host !== undefined && /^[\w.:[\]-]+$/.test(host) ? host : `${localAddress}:${localPort}`;
  return `${isEncrypted ? "https" : "http"}://${authority}/`;
}
