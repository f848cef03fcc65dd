import type { JSONWebKeySet } from "jose";
import { MAX_KEY_SET_BYTES } from "../config/read-key-set.ts";
import { isJsonObject } from "../cosmos/json-object.ts";

/**
 * Fetches a JSON Web Key Set. `timeoutMs` is for all of it, so that an answer which trickles in
 * ends as well. Nothing beyond one megabyte is read, and an answer that is longer is not parsed.
 *
 * @throws Error that says what was wrong, without a word of the answer.
 */
export async function fetchKeySet(url: string, timeoutMs: number): Promise<JSONWebKeySet> {
  const response = await fetch(url, {
    signal: AbortSignal.timeout(timeoutMs),
    headers: { accept: "application/json, application/jwk-set+json" },
    // Where it leads, nobody has configured.
    redirect: "manual",
  });
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new Error(`The key set's server answered HTTP status ${response.status}.`);
  }
  const keySet = parseJson(await readBounded(response));
  if (!isKeySet(keySet)) {
    throw new Error("The key set has no list `keys`.");
  }
  return keySet;
}

/** Counts what arrives, as an answer may be compressed, or longer than it says. */
async function readBounded(response: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  // Leaving the loop ends the connection.
  for await (const part of response.body ?? []) {
    bytes += part.length;
    if (bytes > MAX_KEY_SET_BYTES) {
      throw new Error(`The key set is longer than ${MAX_KEY_SET_BYTES} bytes.`);
    }
    parts.push(part);
  }
  return Buffer.concat(parts).toString();
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's message quotes what it read.
    throw new Error("The key set is not JSON.");
  }
}

function isKeySet(value: unknown): value is JSONWebKeySet {
  return isJsonObject(value) && Array.isArray(value.keys) && value.keys.every(isJsonObject);
}
