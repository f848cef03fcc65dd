import {
  createHttpHeaders,
  type HttpClient,
  type PipelineRequest,
  type PipelineResponse,
} from "@azure/core-rest-pipeline";
import { PARTITION_KEY_HEADER, PARTITION_KEY_RANGE_HEADER } from "../cosmos/header-names.ts";
import { createMetadataHttpClient } from "../cosmos/metadata-http-client.ts";
import { createPatientHttpClient } from "../cosmos/patient-http-client.ts";
import { unmergedQueryPlan } from "../cosmos/unmerged-query-plan.ts";
import { guardRequest } from "./guard-request.ts";
import { createScopedWire, type ScopedWireOptions } from "./scoped-wire.ts";
import { isQueryPlanRequest } from "./wire-request.ts";

export interface ScopedHttpClientOptions extends ScopedWireOptions {
  /** Whether the rows of each physical partition are wanted as they come. Default no. */
  readonly isUnmerged?: boolean | undefined;
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
  const wire = createPatientHttpClient(createScopedWire(options));
  const answering = createMetadataHttpClient(wire, metadata, signal);

  return {
    sendRequest: async (request) => {
      guardRequest(request);
      const wantsPlan = isQueryPlanRequest(request);
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

/**
 * The SDK asks for a plan along with each query, and looks at it only if the query was answered
 * with a 400 that wants one. In one partition there is nothing to plan; and with a plan the SDK
 * would send the query to ranges of partitions, where the partition key it named counts for
 * nothing.
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
