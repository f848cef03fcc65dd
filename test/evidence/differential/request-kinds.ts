/** A kind of request to Cosmos DB, written as it goes over the wire. */
export interface RequestKind {
  readonly name: string;
  readonly method: string;
  /** `{d}`, `{c}` and `{i}` stand for a database, a container and an item or script. */
  readonly path: string;
  /** Headers that make it this kind. A value of `on` is one of the ways to write true. */
  readonly headers?: Readonly<Record<string, string>>;
}

const C = "dbs/{d}/colls/{c}";
const ITEMS = `${C}/docs`;
const ITEM = `${C}/docs/{i}`;
const IS_QUERY = "x-ms-documentdb-isquery";
const IS_PLAN = "x-ms-cosmos-is-query-plan-request";
const IS_UPSERT = "x-ms-documentdb-is-upsert";
const IS_BATCH = "x-ms-cosmos-is-batch-request";
const IS_ATOMIC = "x-ms-cosmos-batch-atomic";

/** Every kind of request that the emulator tells apart, and some that nothing knows. */
export const REQUEST_KINDS: readonly RequestKind[] = [
  { name: "readAccount", method: "GET", path: "" },
  { name: "listDatabases", method: "GET", path: "dbs" },
  { name: "createDatabase", method: "POST", path: "dbs" },
  { name: "queryDatabases", method: "POST", path: "dbs", headers: { [IS_QUERY]: "on" } },
  { name: "readDatabase", method: "GET", path: "dbs/{d}" },
  { name: "deleteDatabase", method: "DELETE", path: "dbs/{d}" },
  { name: "listContainers", method: "GET", path: "dbs/{d}/colls" },
  { name: "createContainer", method: "POST", path: "dbs/{d}/colls" },
  { name: "queryContainers", method: "POST", path: "dbs/{d}/colls", headers: { [IS_QUERY]: "on" } },
  { name: "users", method: "GET", path: "dbs/{d}/users" },
  { name: "users", method: "POST", path: "dbs/{d}/users/u/permissions" },
  { name: "users", method: "GET", path: "dbs/{d}/users/u/permissions/p" },
  { name: "offers", method: "GET", path: "offers" },
  { name: "readContainer", method: "GET", path: C },
  { name: "replaceContainer", method: "PUT", path: C },
  { name: "deleteContainer", method: "DELETE", path: C },
  { name: "listPartitionKeyRanges", method: "GET", path: `${C}/pkranges` },

  { name: "listItems", method: "GET", path: ITEMS },
  // A GET has no body to query with: whatever the headers say, it lists.
  { name: "listItems", method: "GET", path: ITEMS, headers: { [IS_QUERY]: "on" } },
  { name: "readChangeFeed", method: "GET", path: ITEMS, headers: { "a-im": "Incremental feed" } },
  { name: "queryItems", method: "POST", path: ITEMS, headers: { [IS_QUERY]: "on" } },
  {
    name: "queryItems",
    method: "POST",
    path: ITEMS,
    headers: { "content-type": "Application/Query+JSON; charset=utf-8" },
  },
  {
    name: "queryItems",
    method: "POST",
    path: ITEMS,
    headers: { [IS_QUERY]: "on", [IS_UPSERT]: "on" },
  },
  {
    name: "planQuery",
    method: "POST",
    path: ITEMS,
    headers: { [IS_QUERY]: "on", [IS_PLAN]: "on" },
  },
  { name: "createItem", method: "POST", path: ITEMS },
  { name: "createItem", method: "POST", path: ITEMS, headers: { [IS_UPSERT]: "off" } },
  {
    name: "createItem",
    method: "POST",
    path: ITEMS,
    headers: { [IS_QUERY]: "off", "content-type": "application/json" },
  },
  { name: "upsertItem", method: "POST", path: ITEMS, headers: { [IS_UPSERT]: "on" } },
  {
    name: "batch",
    method: "POST",
    path: ITEMS,
    headers: { [IS_BATCH]: "on", [IS_ATOMIC]: "on" },
  },
  {
    name: "batch",
    method: "POST",
    path: ITEMS,
    headers: { [IS_BATCH]: "on", [IS_ATOMIC]: "on", [IS_QUERY]: "on" },
  },
  {
    name: "bulk",
    method: "POST",
    path: ITEMS,
    headers: { [IS_BATCH]: "on", [IS_ATOMIC]: "off" },
  },
  { name: "bulk", method: "POST", path: ITEMS, headers: { [IS_BATCH]: "on" } },
  { name: "deletePartition", method: "POST", path: `${C}/operations/partitionkeydelete` },
  { name: "readItem", method: "GET", path: ITEM },
  { name: "replaceItem", method: "PUT", path: ITEM },
  { name: "patchItem", method: "PATCH", path: ITEM },
  { name: "deleteItem", method: "DELETE", path: ITEM },

  { name: "listScripts", method: "GET", path: `${C}/sprocs` },
  { name: "queryScripts", method: "POST", path: `${C}/udfs`, headers: { [IS_QUERY]: "on" } },
  { name: "createScript", method: "POST", path: `${C}/triggers` },
  { name: "upsertScript", method: "POST", path: `${C}/udfs`, headers: { [IS_UPSERT]: "on" } },
  { name: "readScript", method: "GET", path: `${C}/sprocs/{i}` },
  { name: "replaceScript", method: "PUT", path: `${C}/triggers/{i}` },
  { name: "deleteScript", method: "DELETE", path: `${C}/udfs/{i}` },
  { name: "executeScript", method: "POST", path: `${C}/sprocs/{i}` },

  { name: "no such kind", method: "POST", path: "" },
  { name: "no such kind", method: "POST", path: C },
  { name: "no such kind", method: "HEAD", path: C },
  { name: "no such kind", method: "HEAD", path: ITEM },
  { name: "no such kind", method: "POST", path: ITEM, headers: { [IS_QUERY]: "on" } },
  { name: "no such kind", method: "PUT", path: ITEMS },
  { name: "no such kind", method: "DELETE", path: ITEMS },
  { name: "no such kind", method: "PATCH", path: ITEMS },
  { name: "no such kind", method: "OPTIONS", path: ITEMS },
  { name: "no such kind", method: "POST", path: `${C}/udfs/{i}` },
  { name: "no such kind", method: "POST", path: `${C}/pkranges` },
  { name: "no such kind", method: "GET", path: `${C}/pkranges/0` },
  { name: "no such kind", method: "GET", path: `${C}/conflicts` },
  { name: "no such kind", method: "POST", path: `${C}/operations/partitionkeydeletes` },
  { name: "no such kind", method: "GET", path: `${ITEM}/attachments` },
  { name: "no such kind", method: "GET", path: "DBS/{d}/colls/{c}/docs/{i}" },
  { name: "no such kind", method: "GET", path: "dbs/{d}/Colls/{c}/docs/{i}" },
  { name: "no such kind", method: "GET", path: `${C}/Docs/{i}` },
  { name: "no such kind", method: "GET", path: "media/{i}" },
];

/** What has ids of its own in a container. */
export type ItemFeed = "docs" | "sprocs" | "triggers" | "udfs";

/** The kinds that are about a feed, or about something in it. */
export const KINDS_OF_FEED: Readonly<Record<ItemFeed, readonly RequestKind[]>> = {
  docs: kindsWith("/docs"),
  sprocs: kindsWith("/sprocs"),
  triggers: kindsWith("/triggers"),
  udfs: kindsWith("/udfs"),
};

function kindsWith(feed: string): readonly RequestKind[] {
  return REQUEST_KINDS.filter(({ path }) => path.includes(feed));
}
