import { CosmosError } from "../cosmos-error.ts";

/** Where a feed that runs over several parts of a container goes on. */
export interface FeedPosition {
  /** Index of the part: parts keep their order. */
  readonly part: number;
  /** The part's own continuation; undefined: from its start. */
  readonly inner?: string;
}

const PREFIX = "+FP:";

/** A continuation token. A feed of one part passes the part's own token through unchanged. */
export function writePosition(position: FeedPosition, parts: number): string {
  return parts === 1 ? (position.inner ?? "") : `${PREFIX}${position.part}:${position.inner ?? ""}`;
}

/** @throws CosmosError 400 for a token that `writePosition` did not make for as many parts. */
export function readPosition(token: string | undefined, parts: number): FeedPosition {
  if (token === undefined || token === "") {
    return { part: 0 };
  }
  if (parts === 1 && !token.startsWith(PREFIX)) {
    return { part: 0, inner: token };
  }
  const match = /^\+FP:(\d{1,6}):(.*)$/s.exec(token);
  const part = Number(match?.[1]);
  if (match === null || part >= parts) {
    throw new CosmosError(400, "BadRequest", "Invalid Continuation Token");
  }
  return match[2] === "" || match[2] === undefined ? { part } : { part, inner: match[2] };
}
