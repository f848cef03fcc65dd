import { type HttpClient, RestError } from "@azure/core-rest-pipeline";
import { CosmosClient, type TokenProvider } from "@azure/cosmos";
import { REQUEST_CHARGE_HEADER } from "../cosmos/header-names.ts";
import { createPatientHttpClient } from "../cosmos/patient-http-client.ts";

/** Gives a request's authorization: signed with an account key, which stays where it is read. */
export type SignRequest = TokenProvider;

/** How long one request may take, in milliseconds. */
const REQUEST_TIMEOUT_MS = 10_000;

/**
 * A client whose requests are signed with one account key. Neither this module nor the SDK ever
 * holds the key itself, so no log or error of it can show one. It talks to the account's global
 * endpoint, which leads to the write region: where users and permissions are written.
 *
 * @param onAnswer told the request charge of each answer that is no 429.
 */
export function createKeyClient(
  { endpoint, httpClient }: { readonly endpoint: string; readonly httpClient: HttpClient },
  sign: SignRequest,
  onAnswer: (requestCharge: number) => void,
): CosmosClient {
  return new CosmosClient({
    endpoint,
    userAgentSuffix: "cosmos-graphql-gateway",
    // A 429 is the affair of the whole queue; a 449 passes by itself.
    httpClient: refuseItemRequests(
      createPatientHttpClient(reportAnswers(httpClient, onAnswer), [449]),
    ),
    connectionPolicy: {
      enableEndpointDiscovery: false,
      enableBackgroundEndpointRefreshing: false,
      requestTimeout: REQUEST_TIMEOUT_MS,
      retryOptions: { maxRetryAttemptCount: 0 },
    },
    tokenProvider: sign,
  });
}

function reportAnswers(
  httpClient: HttpClient,
  onAnswer: (requestCharge: number) => void,
): HttpClient {
  return {
    sendRequest: async (request) => {
      const response = await httpClient.sendRequest(request);
      if (response.status !== 429) {
        onAnswer(Number(response.headers.get(REQUEST_CHARGE_HEADER)) || 0);
      }
      return response;
    },
  };
}

/** Nothing here asks for an item; should that ever change, this keeps the key away from them. */
function refuseItemRequests(httpClient: HttpClient): HttpClient {
  return {
    sendRequest: async (request) => {
      if (/\/colls\/[^/]+\/docs(\/|$)/.test(new URL(request.url).pathname)) {
        throw new RestError("The account key is not for items.", { code: "ITEM_REQUEST_REFUSED" });
      }
      return httpClient.sendRequest(request);
    },
  };
}
