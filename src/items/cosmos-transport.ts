import http from "node:http";
import https from "node:https";
import { createDefaultHttpClient, type HttpClient } from "@azure/core-rest-pipeline";

export interface CosmosTransport {
  readonly httpClient: HttpClient;
  /** Closes the connections that are kept alive. Requests under way fail. */
  close(): void;
}

/**
 * How many connections to one host are open at a time. Each carries one request; further requests
 * wait their turn, instead of opening a TLS connection each.
 */
const MAX_CONNECTIONS = 256;

/**
 * What carries all requests of the process to Cosmos DB: one pool of kept connections for all
 * callers, over https and, for an emulator, plain http.
 */
export function createCosmosTransport(): CosmosTransport {
  const options = { keepAlive: true, maxSockets: MAX_CONNECTIONS, scheduling: "lifo" } as const;
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
