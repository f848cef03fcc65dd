import http from "node:http";
import { json } from "node:stream/consumers";

/**
 * Posts a request on a connection of its own, which ends with the answer, or at once when the signal
 * is aborted: `fetch` keeps connections open, and goes on with one after the signal.
 */
export function askApart(
  url: string,
  options: {
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
    readonly signal?: AbortSignal;
  },
): Promise<{
  readonly status: number | undefined;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: unknown;
}> {
  const { headers, body, signal } = options;
  return new Promise((resolve, reject) => {
    const request = http.request(
      url,
      { method: "POST", headers, agent: false, ...(signal && { signal }) },
      (response) => {
        json(response).then(
          (answer) =>
            resolve({ status: response.statusCode, headers: response.headers, body: answer }),
          reject,
        );
      },
    );
    request.on("error", reject);
    request.end(body);
  });
}
