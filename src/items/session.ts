/**
 * How far a caller has seen each container, in Cosmos DB's session tokens: what makes a caller read
 * its own writes through any replica. It belongs to one HTTP request, comes from that request's
 * caller and goes back to it, and is sent to Cosmos DB with that caller's resource tokens only, so
 * that no caller can change what another one sees.
 */
export interface Session {
  /** What to send with a request for items of a container; undefined if nothing is known of it. */
  tokenOf(container: string): string | undefined;
  /** Takes in the session token of an answer. What can't be read is left out. */
  advance(container: string, sessionToken: string): void;
  /** The header, at most 4096 characters; undefined if nothing is known. */
  toHeader(): string | undefined;
}

/** Longest header. Servers and proxies commonly take 8 kB of headers in all. */
const MAX_HEADER_LENGTH = 4_096;

/**
 * A session that goes on from a header which an earlier `toHeader` gave, or a new one.
 *
 * The header is a list of `container=token`, one entry a range of partitions, such as
 * `orders=0:-1#12, orders=1:-1#7`; names are percent-encoded. Several headers are one list.
 * Undefined if it is malformed: to go on as if nothing had been sent would be to answer stale items
 * to one who asked for fresh ones.
 */
export function openSession(header: string | undefined): Session | undefined {
  if (header === undefined || header.trim() === "") {
    return createSession();
  }
  if (header.length > MAX_HEADER_LENGTH) {
    return undefined;
  }
  const positions = new Map<string, Position>();
  for (const entry of header.split(",")) {
    const position = readEntry(entry.trim());
    if (position === undefined) {
      return undefined;
    }
    merge(positions, position);
  }
  return sessionFrom(positions);
}

/** A session that has seen nothing yet. */
export function createSession(): Session {
  return sessionFrom(new Map());
}

/** How far one range of partitions of a container was seen. */
interface Position {
  readonly container: string;
  /** Id of the range. */
  readonly range: string;
  /** Absent in the oldest form of token. Goes up whenever the account's regions change. */
  readonly version: number | undefined;
  readonly lsn: number;
  /** By region, for accounts that write in several. */
  readonly regions: ReadonlyMap<string, number>;
}

/** Positions by container and range, the longest untouched first. */
type Positions = Map<string, Position>;

function sessionFrom(positions: Positions): Session {
  return {
    tokenOf: (container) => {
      const tokens = [...positions.values()]
        .filter((position) => position.container === container)
        .map(tokenText);
      return tokens.length === 0 ? undefined : tokens.join(",");
    },
    advance: (container, sessionToken) => {
      for (const token of sessionToken.split(",")) {
        const position = readToken(container, token.trim());
        if (position !== undefined) {
          merge(positions, position);
        }
      }
    },
    toHeader: () => {
      const entries = [...positions.values()].map(
        (position) => `${encodeURIComponent(position.container)}=${tokenText(position)}`,
      );
      // The caller works with the places that were touched last.
      const kept: string[] = [];
      let length = 0;
      for (const entry of entries.toReversed()) {
        length += entry.length + 1;
        if (length > MAX_HEADER_LENGTH) {
          break;
        }
        kept.unshift(entry);
      }
      return kept.length === 0 ? undefined : kept.join(",");
    },
  };
}

/** Cosmos DB allows ids of 255 characters; percent-encoding makes nine of one at most. */
const ENTRY = /^([\w.!~*'()%-]{1,2295})=(.*)$/;

function readEntry(entry: string): Position | undefined {
  const [, name = "", token = ""] = ENTRY.exec(entry) ?? [];
  const container = decodeName(name);
  return container === undefined ? undefined : readToken(container, token);
}

function decodeName(name: string): string | undefined {
  try {
    const container = decodeURIComponent(name);
    return container === "" ? undefined : container;
  } catch {
    return undefined;
  }
}

/**
 * `{range}:{version}#{lsn}#{region}={lsn}…`, or `{range}:{lsn}`. Fifteen digits are exact in a
 * JavaScript number. Nothing else than what this accepts ever gets into a header.
 */
const TOKEN = /^(\d{1,9}):(?:(-?\d{1,9})#)?(\d{1,15})((?:#\d{1,9}=-?\d{1,15})*)$/;

function readToken(container: string, token: string): Position | undefined {
  const match = TOKEN.exec(token);
  if (match === null) {
    return undefined;
  }
  const [, range = "", version, lsn, regions = ""] = match;
  return {
    container,
    range: String(Number(range)),
    version: version === undefined ? undefined : Number(version),
    lsn: Number(lsn),
    regions: new Map(
      regions
        .split("#")
        .slice(1)
        .map((region) => region.split("="))
        .map(([id = "", regionLsn]) => [id, Number(regionLsn)]),
    ),
  };
}

function tokenText({ range, version, lsn, regions }: Position): string {
  const regionTexts = [...regions].map(([id, regionLsn]) => `#${id}=${regionLsn}`);
  return `${range}:${version === undefined ? "" : `${version}#`}${lsn}${regionTexts.join("")}`;
}

function merge(positions: Positions, position: Position): void {
  const key = `${position.range}:${position.container}`;
  const known = positions.get(key);
  // Taken out first, because a map keeps the place of what it has.
  positions.delete(key);
  positions.set(key, known === undefined ? position : latest(known, position));
}

/**
 * The farthest of both, as the SDKs merge them: regions are those of the higher version, and each
 * number is the higher one.
 */
function latest(left: Position, right: Position): Position {
  const [older, newer] = versionOf(left) > versionOf(right) ? [right, left] : [left, right];
  return {
    ...newer,
    lsn: Math.max(older.lsn, newer.lsn),
    regions: new Map(
      [...newer.regions].map(([id, lsn]) => [id, Math.max(lsn, older.regions.get(id) ?? lsn)]),
    ),
  };
}

function versionOf({ version }: Position): number {
  return version ?? Number.NEGATIVE_INFINITY;
}
