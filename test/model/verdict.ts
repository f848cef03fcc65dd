import type { KeyValue } from "./terms.ts";

/** A resource token as Cosmos DB made it: what a permission said when it was minted. */
export interface ResourceToken {
  /** `dbs/shop/colls/orders`, or that and `/docs/1`, by names. */
  readonly resource: string;
  readonly partitionKey?: readonly (KeyValue | { readonly [none: string]: never })[];
  readonly mode: "Read" | "All";
  readonly startMs: number;
  readonly expiryMs: number;
}

/** What the `authorization` header of a request shows. A forged token has no valid seal. */
export type Shown = "missing" | "malformed" | "forged" | "account key" | ResourceToken;

/** A request to Cosmos DB, as far as authorization looks at it: never at its body. */
export interface CosmosRequest {
  /** Upper case. */
  readonly method: string;
  /** The path's decoded segments, all in names; none for the account. */
  readonly segments: readonly string[];
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
}

export interface Circumstances {
  readonly nowMs: number;
  /** How long before its start and after its end a token is taken. Default: five minutes. */
  readonly skewMs?: number;
  /** How many levels a container's partition key has; undefined for one that is not there. */
  readonly levelsOf: (container: string, database: string) => number | undefined;
}

export type Verdict = "allowed" | 401 | 403;

/**
 * May this request pass? By COSMOS-FACTS §4.1 (the matrix below), §4.2, §5 and §11. Whether the
 * thing that it is about exists plays no part: that comes after.
 */
export function verdictOf(
  shown: Shown,
  request: CosmosRequest,
  { nowMs, skewMs = 300_000, levelsOf }: Circumstances,
): Verdict {
  if (typeof shown === "string") {
    return shown === "account key" ? "allowed" : 401;
  }
  const isInTime = shown.startMs - skewMs <= nowMs && nowMs <= shown.expiryMs + skewMs;
  // Clients start with the account; any token is enough.
  const isAccount = request.method === "GET" && request.segments.length === 0;
  return isInTime && (isAccount || isCovered(shown, request, levelsOf)) ? "allowed" : 403;
}

/**
 * COSMOS-FACTS §4.1, row by row: scope and mode of a permission. `C` is a container's path. What is
 * not here needs an account key.
 *
 * `own`: the partition-key header lies under the permission's key, or the item is the permission's.
 * `whole`: `own`, and the permission names every level of the key (§4.2, hierarchical keys).
 * What the facts don't know is chosen as the emulator does: pkranges and scripts under an item's or
 * script's own permission, scripts under a partition's, replacing a container.
 */
const MATRIX = readMatrix(`
                                      container   partition     item
                                      Read  All   Read   All    Read  All
  GET C                               yes   yes   yes    yes    yes   yes
  GET C/pkranges                      yes   yes   yes    yes    yes   yes
  PUT C                               no    yes   no     no     no    no
  DELETE C                            no    yes   no     no     no    no
  GET C/docs                          yes   yes   whole  whole  no    no
  GET C/docs changes                  yes   yes   whole  whole  no    no
  POST C/docs query                   yes   yes   whole  whole  no    no
  POST C/docs plan                    yes   yes   whole  whole  no    no
  POST C/docs                         no    yes   no     own    no    no
  POST C/docs upsert                  no    yes   no     own    no    no
  POST C/docs batch                   no    yes   no     own    no    no
  POST C/docs bulk                    no    yes   no     no     no    no
  POST C/operations/partitionkeydelete no  yes   no     own    no    no
  GET C/docs/*                        yes   yes   own    own    own   own
  PUT C/docs/*                        no    yes   no     own    no    own
  PATCH C/docs/*                      no    yes   no     own    no    own
  DELETE C/docs/*                     no    yes   no     own    no    own
  GET C/scripts                       yes   yes   no     no     no    no
  POST C/scripts query                yes   yes   no     no     no    no
  POST C/scripts                      no    yes   no     no     no    no
  POST C/scripts upsert               no    yes   no     no     no    no
  GET C/scripts/*                     yes   yes   no     no     own   own
  PUT C/scripts/*                     no    yes   no     no     no    own
  DELETE C/scripts/*                  no    yes   no     no     no    own
  POST C/sprocs/*                     no    yes   no     no     no    no
`);

/** A permission can do what its scope and mode allow; on an item in a partition, what both do. */
function isCovered(
  token: ResourceToken,
  request: CosmosRequest,
  levelsOf: Circumstances["levelsOf"],
): boolean {
  const row = MATRIX.get(rowOf(request)) ?? [];
  const link = token.resource.replace(/\/$/, "").split("/");
  const [, database = "", , container = ""] = link;
  const isItem = link.length === 6;
  const key = token.partitionKey;
  const isWhole = (key ?? []).length >= (levelsOf(container, database) ?? 0);
  const at = token.mode === "All" ? 1 : 0;
  return (
    (link.length === 4 || isItem) &&
    isUnder(link.slice(0, 4), request) &&
    row[at] === "yes" &&
    (key === undefined || holds(row[2 + at], isUnderKey(key, request), isWhole)) &&
    (!isItem || holds(row[4 + at], isUnder(link, request), true))
  );
}

function holds(cell: string | undefined, isOwn: boolean, isWhole: boolean): boolean {
  return cell === "yes" || (isOwn && (cell === "own" || (cell === "whole" && isWhole)));
}

function isUnder(link: readonly string[], { segments }: CosmosRequest): boolean {
  return link.every((name, at) => name === segments[at]);
}

/** The header decides, whatever the query says (§4.2); a range of partitions is nobody's own. */
function isUnderKey(key: readonly unknown[], { headers }: CosmosRequest): boolean {
  const isRange = RANGE_HEADERS.some((header) => headers[header] !== undefined);
  const asked = keyIn(headers["x-ms-documentdb-partitionkey"]);
  return !isRange && key.every((value, level) => JSON.stringify(value) === asked[level]);
}

const RANGE_HEADERS = ["x-ms-documentdb-partitionkeyrangeid", "x-ms-start-epk", "x-ms-end-epk"];

/** Each level as JSON, for `1` is not `"1"`; none if the header is no partition key (§14.4). */
function keyIn(header: string | undefined): readonly string[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(header ?? "");
  } catch {
    return [];
  }
  const levels: unknown[] = Array.isArray(parsed) ? parsed : [parsed];
  // An empty object is the value that an item lacks; 1e400 is read as Infinity, which is none.
  const isKey = levels.every((level) =>
    typeof level === "object"
      ? ["null", "{}"].includes(JSON.stringify(level))
      : typeof level !== "number" || Number.isFinite(level),
  );
  return isKey && levels.length <= 3 ? levels.map((level) => JSON.stringify(level)) : [];
}

/** The row of the matrix: the method, the path, and what the headers make of both. */
function rowOf({ method, segments, headers }: CosmosRequest): string {
  const [dbs, , colls, container, feed = "", id, ...rest] = segments;
  if (dbs !== "dbs" || colls !== "colls" || container === undefined || rest.length > 0) {
    return "";
  }
  const isExecuted = feed === "sprocs" && id !== undefined && method === "POST";
  const isScript = ["sprocs", "triggers", "udfs"].includes(feed) && !isExecuted;
  const name = isScript ? "/scripts" : segments.length > 4 ? `/${feed}` : "";
  if (id !== undefined) {
    return `${method} C${name}/${feed === "operations" ? id : "*"}`;
  }
  const isChanges = feed === "docs" && method === "GET" && headers["a-im"] !== undefined;
  const purpose = method === "POST" ? purposeOf(feed, headers) : isChanges ? " changes" : "";
  return `${method} C${name}${purpose}`;
}

/** What a POST on a feed is, in the order in which its marks count (the emulator's choice). */
function purposeOf(feed: string, headers: CosmosRequest["headers"]): string {
  const isOn = (name: string) => headers[name]?.trim().toLowerCase() === "true";
  const isSql = /^\s*application\/query\+json/i.test(headers["content-type"] ?? "");
  if (feed === "docs" && isOn("x-ms-cosmos-is-batch-request")) {
    return isOn("x-ms-cosmos-batch-atomic") ? " batch" : " bulk";
  }
  if (feed === "docs" && isOn("x-ms-cosmos-is-query-plan-request")) {
    return " plan";
  }
  if (isOn("x-ms-documentdb-isquery") || isSql) {
    return " query";
  }
  return isOn("x-ms-documentdb-is-upsert") ? " upsert" : "";
}

/** Cells by row; the two lines of headings are left out. */
function readMatrix(text: string): ReadonlyMap<string, readonly string[]> {
  const rows = text.trim().split("\n").slice(2);
  const words = rows.map((row) => row.trim().split(/ +/));
  return new Map(words.map((row) => [row.slice(0, -6).join(" "), row.slice(-6)]));
}
