import type { FastifyRequest } from "fastify";
import { GatewayError } from "../gateway-error.ts";

/**
 * From how many characters on a document waits for its turn. Shorter ones take a millisecond or
 * two.
 */
const LARGE_DOCUMENT_CHARACTERS = 4_000;

/**
 * How much waits at a time, in characters: about as much as is parsed and validated in a second.
 */
const MAX_WAITING_CHARACTERS = 1024 * 1024;

const RETRY_AFTER_MS = 1_000;

/**
 * Lets large documents be parsed and validated one at a time, with everything else that waits in
 * the process between two of them. The engine does that work in one piece: a hundred at once would
 * hold every other request for seconds.
 *
 * @throws GatewayError OVERLOADED if too many wait already.
 */
export function createDocumentTurns(): (request: FastifyRequest) => Promise<void> {
  const waiting: { readonly length: number; readonly start: () => void }[] = [];
  let waitingCharacters = 0;
  const startNext = (): void => {
    const next = waiting.shift();
    waitingCharacters -= next?.length ?? 0;
    next?.start();
    if (waiting.length > 0) {
      setImmediate(startNext);
    }
  };
  return async (request) => {
    const length = documentLength(request);
    if (length < LARGE_DOCUMENT_CHARACTERS) {
      return;
    }
    if (waitingCharacters >= MAX_WAITING_CHARACTERS) {
      throw new GatewayError("OVERLOADED", "Too many large documents at once. Try again later.", {
        retryAfterMs: RETRY_AFTER_MS,
      });
    }
    waitingCharacters += length;
    await new Promise<void>((start) => {
      waiting.push({ length, start });
      if (waiting.length === 1) {
        setImmediate(startNext);
      }
    });
  };
}

function documentLength({ method, query, body }: FastifyRequest): number {
  const parameters: unknown = method === "GET" ? query : body;
  return typeof parameters === "object" &&
    parameters !== null &&
    "query" in parameters &&
    typeof parameters.query === "string"
    ? parameters.query.length
    : 0;
}
