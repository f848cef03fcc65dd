import type { CosmosRequest } from "../../../src/emulator/http/cosmos-request.ts";

/** A request as the server takes it apart. The path is given decoded, without a slash at its ends. */
export function requestOf(
  method: string,
  path: string,
  headers: Readonly<Record<string, string>> = {},
  body?: unknown,
): CosmosRequest {
  const segments = path === "" ? [] : path.split("/");
  return {
    method,
    segments,
    rawPath: `/${segments.map(encodeURIComponent).join("/")}`,
    headers,
    body: Buffer.from(body === undefined ? "" : JSON.stringify(body)),
  };
}
