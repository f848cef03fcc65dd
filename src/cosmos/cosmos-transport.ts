import http from "node:http";
import https from "node:https";
import { createDefaultHttpClient, type HttpClient } from "@azure/core-rest-pipeline";

export interface CosmosTransport {
  readonly httpClient: HttpClient;
  /** Closes the connections that are kept alive. Requests under way fail. */
  close(): void;
}

/** How many requests for items are under way at a time where nothing else is said. */
const MAX_ITEM_REQUESTS = 256;

/**
 * Connections for everything but item requests: sixteen account requests, and reads of metadata.
 * Without them, callers with slow reads under way would keep newcomers out.
 */
const OTHER_CONNECTIONS = 64;

/**
 * What carries all requests of the process to Cosmos DB: one pool of kept connections for all
 * callers, over https and, for an emulator, plain http. Each connection carries one request;
 * `maxItemRequests` is `limits.inFlight`: how many item requests are sent at a time.
 */
export function createCosmosTransport(maxItemRequests = MAX_ITEM_REQUESTS): CosmosTransport {
  const maxSockets = maxItemRequests + OTHER_CONNECTIONS;
  const options = { keepAlive: true, maxSockets, scheduling: "lifo" } as const;
  const httpAgent = new http.Agent(options);
  const httpsAgent = new https.Agent({ ...options, minVersion: "TLSv1.2" });
  const defaultClient = createDefaultHttpClient();

  return {
    httpClient: {
      sendRequest: (request) => {
        const isPlain = /^http:/i.test(request.url);
        request.agent = isPlain ? httpAgent : httpsAgent;
        request.allowInsecureConnection = isPlain;
        return defaultClient.sendRequest(request);
      },
    },
    close: () => {
      httpAgent.destroy();
      httpsAgent.destroy();
    },
  };
}
