import type {
  Answer,
  Content,
  ItemWrite,
  PartitionKey,
  PartitionRequest,
} from "../oracle/stored-items.ts";
import type { WireAnswer, WireMessage } from "../simulation/exchange-in-memory.ts";
import { DATABASE } from "./answering-account.ts";

/** The etag of a version; one that no item has for a version that is not known. */
export type EtagOf = (version: number) => string;

export interface Observed extends Answer {
  /** Items as they came, with what the service adds. */
  readonly raw: readonly RawItem[];
}

export type RawItem = Readonly<Record<string, unknown>>;

/** Ends a feed that never comes to its end. */
const MAX_PAGES = 3000;

/** How a request for one partition goes over the wire, its first page. */
export function messageFor(
  container: string,
  key: PartitionKey,
  request: PartitionRequest,
  { etagOf, pageSize }: { readonly etagOf: EtagOf; readonly pageSize: number },
): WireMessage {
  const feed = `/dbs/${DATABASE}/colls/${container}/docs`;
  const own = { "x-ms-documentdb-partitionkey": JSON.stringify(key) };
  const paged = { ...own, "x-ms-max-item-count": String(pageSize) };
  const ifMatch = (version: number | undefined) =>
    version === undefined ? {} : { "if-match": etagOf(version) };
  switch (request.kind) {
    case "list":
      return { method: "GET", path: feed, headers: paged, body: undefined };
    case "changes":
      return {
        method: "GET",
        path: feed,
        headers: { ...paged, "a-im": "Incremental feed" },
        body: undefined,
      };
    case "query":
      return {
        method: "POST",
        path: feed,
        headers: {
          ...paged,
          "x-ms-documentdb-isquery": "true",
          "content-type": "application/query+json",
        },
        body: JSON.stringify(queryOf(request)),
      };
    case "read": {
      const { id, ifNoneMatch } = request;
      const condition = ifNoneMatch === undefined ? {} : { "if-none-match": etagOf(ifNoneMatch) };
      return {
        method: "GET",
        path: `${feed}/${id}`,
        headers: { ...own, ...condition },
        body: undefined,
      };
    }
    case "create":
      return { method: "POST", path: feed, headers: own, body: JSON.stringify(request.content) };
    case "upsert":
      return {
        method: "POST",
        path: feed,
        headers: { ...own, ...ifMatch(request.ifMatch), "x-ms-documentdb-is-upsert": "true" },
        body: JSON.stringify(request.content),
      };
    case "replace":
      return {
        method: "PUT",
        path: `${feed}/${request.content.id}`,
        headers: { ...own, ...ifMatch(request.ifMatch) },
        body: JSON.stringify(request.content),
      };
    case "patch":
      return {
        method: "PATCH",
        path: `${feed}/${request.id}`,
        headers: { ...own, ...ifMatch(request.ifMatch) },
        body: JSON.stringify(patchOf(request.note)),
      };
    case "delete":
      return {
        method: "DELETE",
        path: `${feed}/${request.id}`,
        headers: { ...own, ...ifMatch(request.ifMatch) },
        body: undefined,
      };
    case "batch":
      return {
        method: "POST",
        path: feed,
        headers: {
          ...own,
          "x-ms-cosmos-is-batch-request": "true",
          "x-ms-cosmos-batch-atomic": "true",
        },
        body: JSON.stringify(request.operations.map((each) => operationOf(each, etagOf))),
      };
  }
}

function queryOf({ status, fromRank, order }: PartitionRequest & { readonly kind: "query" }) {
  const conditions = [
    ...(status === undefined ? [] : ["c.status = @status"]),
    ...(fromRank === undefined ? [] : ["c.rank >= @from"]),
  ];
  const where = conditions.length === 0 ? "" : ` WHERE ${conditions.join(" AND ")}`;
  return {
    query: `SELECT * FROM c${where}${order === undefined ? "" : ` ORDER BY c.rank ${order}`}`,
    parameters: [
      { name: "@status", value: status ?? null },
      { name: "@from", value: fromRank ?? null },
    ],
  };
}

const patchOf = (note: string) => ({ operations: [{ op: "set", path: "/note", value: note }] });

function operationOf(write: ItemWrite, etagOf: EtagOf) {
  const ifMatch = "ifMatch" in write && write.ifMatch !== undefined && etagOf(write.ifMatch);
  return {
    operationType: `${write.kind.charAt(0).toUpperCase()}${write.kind.slice(1)}`,
    ...("content" in write ? { resourceBody: write.content } : { id: write.id }),
    ...(write.kind === "replace" ? { id: write.content.id } : {}),
    ...(write.kind === "patch" ? { resourceBody: patchOf(write.note) } : {}),
    ...(ifMatch === false ? {} : { ifMatch }),
  };
}

/** Sends it, the further pages of a feed as well. */
export async function sendPartitionRequest(
  send: (message: WireMessage) => Promise<WireAnswer>,
  kind: PartitionRequest["kind"],
  message: WireMessage,
): Promise<Observed> {
  const first = await send(message);
  if (kind === "batch") {
    return batchAnswer(first);
  }
  const isFeed = kind === "list" || kind === "query" || kind === "changes";
  const raw = itemsOf(first);
  let last = first;
  for (let page = 1; isFeed && page < MAX_PAGES; page += 1) {
    const next = kind === "changes" ? afterEtag(last) : afterContinuation(last);
    if (next === undefined) {
      break;
    }
    last = await send({ ...message, headers: { ...message.headers, ...next } });
    if (last.status >= 400) {
      return { status: last.status, results: [], raw };
    }
    raw.push(...itemsOf(last));
  }
  return { status: first.status, results: raw.map(withoutAdded), raw };
}

function afterEtag({ status, headers }: WireAnswer): Record<string, string> | undefined {
  return status === 200 && headers.etag !== undefined
    ? { "if-none-match": headers.etag }
    : undefined;
}

function afterContinuation({ headers }: WireAnswer): Record<string, string> | undefined {
  const continuation = headers["x-ms-continuation"];
  return continuation === undefined ? undefined : { "x-ms-continuation": continuation };
}

function itemsOf({ status, body }: WireAnswer): RawItem[] {
  if (status >= 300 || body === "") {
    return [];
  }
  // The service's answers are JSON: an item, or a feed of them.
  const answer = JSON.parse(body) as RawItem & { readonly Documents?: readonly RawItem[] };
  return answer.Documents === undefined ? [answer] : [...answer.Documents];
}

function batchAnswer({ status, body }: WireAnswer): Observed {
  const answers = status === 200 || status === 207 ? (JSON.parse(body) as BatchResult[]) : [];
  const raw = answers.flatMap(({ resourceBody }) =>
    resourceBody === undefined ? [] : [resourceBody],
  );
  const results = answers.map(({ statusCode, resourceBody }) =>
    resourceBody === undefined ? statusCode : withoutAdded(resourceBody),
  );
  return { status, results, raw };
}

interface BatchResult {
  readonly statusCode: number;
  readonly resourceBody?: RawItem;
}

const ADDED = new Set(["_rid", "_self", "_etag", "_attachments", "_ts", "_lsn"]);

function withoutAdded(item: RawItem): Content {
  // Whatever it is, it is compared with a content.
  return Object.fromEntries(Object.entries(item).filter(([name]) => !ADDED.has(name))) as Content;
}
