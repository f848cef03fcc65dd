import { searchResponse } from "../oracle/search-response.ts";
import type { Caller } from "../world/callers.ts";
import type { Answer } from "./judge-verdict.ts";
import { countIn, type SoakFigures } from "./soak-figures.ts";
import type { RunningSoak } from "./start-soak.ts";

export interface SentRequest {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

const TIMEOUT_MS = 30_000;

/**
 * Sends a request to a replica, searches all that comes back and counts its codes. Undefined where
 * nothing came that is an answer of GraphQL.
 */
export async function sendOperation(
  { leakSearch, bearerFor }: Pick<RunningSoak, "leakSearch" | "bearerFor">,
  { caller, url, request, bentBearer = false }: Sending,
  figures: SoakFigures,
): Promise<Answer | undefined> {
  const bearerToken = await bearerFor(caller);
  const sent = bentBearer ? bearerToken?.replace(/.{6}$/, "AAAAAA") : bearerToken;
  let response: Response;
  let body: string;
  try {
    response = await fetch(url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        ...(sent === undefined ? {} : { authorization: `Bearer ${sent}` }),
      },
      body: JSON.stringify(request),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    body = await response.text();
  } catch {
    countIn(figures.codes, "no answer");
    return undefined;
  }
  figures.searchedTexts += 1;
  const { mayCarry, name } = caller;
  const { statusText, headers } = response;
  for (const leak of searchResponse(leakSearch, { statusText, headers, body }, { mayCarry })) {
    figures.leaks.push(`${JSON.stringify(leak)} to ${name}, who asked ${JSON.stringify(request)}`);
  }
  const answer = readAnswer(body);
  const codes = new Set((answer?.errors ?? []).map(({ extensions }) => String(extensions?.code)));
  for (const code of codes.size === 0 ? ["OK"] : codes) {
    countIn(figures.codes, answer === undefined ? `HTTP ${response.status}` : code);
  }
  if (codes.has("INTERNAL_SERVER_ERROR")) {
    figures.internalErrors.push(`${body.slice(0, 300)} to ${JSON.stringify(request)}`);
  }
  return answer;
}

export interface Sending {
  readonly caller: Caller;
  readonly url: string;
  readonly request: SentRequest;
  /** Shows a bearer token whose signature is wrong. */
  readonly bentBearer?: boolean;
}

function readAnswer(body: string): Answer | undefined {
  try {
    const answer: unknown = JSON.parse(body);
    // Anything else in it is looked at by its name alone
    return typeof answer === "object" && answer !== null ? (answer as Answer) : undefined;
  } catch {
    return undefined;
  }
}
