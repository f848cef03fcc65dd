import type { ServerResponse } from "node:http";
import type { CosmosResponse } from "./cosmos-request.ts";

/**
 * Sends an answer, with the headers that every one has. `beforeBody` runs once the head has gone
 * out.
 */
export async function writeResponse(
  response: ServerResponse,
  { status, headers = {}, body }: CosmosResponse,
  activityId: string,
  beforeBody?: () => Promise<void>,
): Promise<void> {
  const text = body === undefined ? undefined : JSON.stringify(body);
  response.writeHead(status, {
    "x-ms-activity-id": activityId,
    "x-ms-gatewayversion": "version=2.14.0",
    "x-ms-serviceversion": "version=2.14.0.0",
    ...headers,
    ...(text === undefined
      ? {}
      : { "content-type": "application/json", "content-length": Buffer.byteLength(text) }),
  });
  if (beforeBody !== undefined) {
    response.flushHeaders();
    await beforeBody();
  }
  response.end(text);
}
