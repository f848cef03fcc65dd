import {
  createHttpHeaders,
  type HttpClient,
  type PipelineRequest,
} from "@azure/core-rest-pipeline";
import type { AccountInProcess } from "./account-in-process.ts";

export interface InProcessClient extends HttpClient {
  /** Of the requests for items since the last `forgetVerdicts`: `allowed`, `401`, `403`. */
  itemVerdicts(): readonly string[];
  forgetVerdicts(): void;
}

/** Carries the SDK's requests to the emulator's parts without a network. */
export function createInProcessClient(account: AccountInProcess): InProcessClient {
  let verdicts: string[] = [];
  return {
    sendRequest: async (request) => {
      const url = request.url.replace(/^[a-z]+:\/\/[^/]*/, "");
      const { verdict, status, headers, body } = await account.answer(
        { method: request.method, url, headers: request.headers.toJSON() },
        bodyOf(request),
        Date.now(),
      );
      if (/^\/dbs\/[^/]+\/colls\/[^/]+\/docs/.test(url)) {
        verdicts.push(String(verdict));
      }
      return {
        request,
        status,
        headers: createHttpHeaders({ "content-type": "application/json", ...headers }),
        bodyAsText: body === undefined ? "" : JSON.stringify(body),
      };
    },
    itemVerdicts: () => verdicts,
    forgetVerdicts: () => {
      verdicts = [];
    },
  };
}

function bodyOf({ body }: PipelineRequest): Buffer {
  // The SDK writes JSON.
  return Buffer.from(typeof body === "string" ? body : "");
}
