import fc from "fast-check";

/** A kind of request: its method, its path, and the headers that make it what it is. */
export interface RequestForm {
  readonly method: string;
  /** `{d}`, `{c}` and `{i}` stand for a database, a container and an item or script. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const C = "dbs/{d}/colls/{c}";
const query = { "x-ms-documentdb-isquery": "True", "content-type": "application/query+json" };
const upsert = { "x-ms-documentdb-is-upsert": "true" };

/** Every kind of request. */
export const REQUEST_FORMS: readonly RequestForm[] = [
  { method: "GET", path: "" },
  { method: "POST", path: "" },
  { method: "GET", path: "dbs" },
  { method: "POST", path: "dbs" },
  { method: "GET", path: "dbs/{d}" },
  { method: "DELETE", path: "dbs/{d}" },
  { method: "GET", path: "dbs/{d}/colls" },
  { method: "POST", path: "dbs/{d}/colls" },
  { method: "POST", path: "dbs/{d}/colls", headers: query },
  { method: "GET", path: "dbs/{d}/users" },
  { method: "GET", path: "dbs/{d}/users/u/permissions/p" },
  { method: "POST", path: "dbs/{d}/users/u/permissions" },
  { method: "GET", path: "offers" },
  { method: "POST", path: C },
  { method: "HEAD", path: C },
  { method: "GET", path: `${C}/conflicts` },
  { method: "GET", path: `${C}/docs/{i}/attachments` },
  { method: "GET", path: C },
  { method: "GET", path: `${C}/pkranges` },
  { method: "PUT", path: C },
  { method: "DELETE", path: C },
  { method: "GET", path: `${C}/docs` },
  { method: "GET", path: `${C}/docs`, headers: { "a-im": "Incremental feed" } },
  { method: "POST", path: `${C}/docs`, headers: query },
  { method: "POST", path: `${C}/docs`, headers: { ...query, ...upsert } },
  {
    method: "POST",
    path: `${C}/docs`,
    headers: { ...query, "x-ms-cosmos-is-query-plan-request": "True" },
  },
  { method: "POST", path: `${C}/docs` },
  { method: "POST", path: `${C}/docs`, headers: upsert },
  {
    method: "POST",
    path: `${C}/docs`,
    headers: { "x-ms-cosmos-is-batch-request": "True", "x-ms-cosmos-batch-atomic": "True" },
  },
  {
    method: "POST",
    path: `${C}/docs`,
    headers: { "x-ms-cosmos-is-batch-request": "True", "x-ms-cosmos-batch-atomic": "False" },
  },
  { method: "POST", path: `${C}/operations/partitionkeydelete` },
  { method: "POST", path: `${C}/operations/{i}` },
  { method: "GET", path: `${C}/docs/{i}` },
  { method: "POST", path: `${C}/docs/{i}` },
  { method: "PUT", path: `${C}/docs/{i}` },
  { method: "PATCH", path: `${C}/docs/{i}` },
  { method: "DELETE", path: `${C}/docs/{i}` },
  { method: "GET", path: `${C}/sprocs` },
  { method: "POST", path: `${C}/udfs` },
  { method: "POST", path: `${C}/triggers`, headers: query },
  { method: "POST", path: `${C}/triggers`, headers: upsert },
  { method: "GET", path: `${C}/sprocs/{i}` },
  { method: "PUT", path: `${C}/triggers/{i}` },
  { method: "DELETE", path: `${C}/udfs/{i}` },
  { method: "POST", path: `${C}/sprocs/{i}` },
  { method: "POST", path: `${C}/udfs/{i}` },
];

/** What a request is aimed at. */
export interface Target {
  readonly d: string;
  readonly c: string;
  readonly i: string;
  readonly key: readonly unknown[] | undefined;
  readonly rangeId: string | undefined;
}

/** What a permission says. */
export interface AnyPermission {
  readonly mode: "Read" | "All";
  readonly resource: string;
  readonly partitionKey?: readonly (string | number | null)[];
}

const key = fc.array(fc.constantFrom("a", "b", 1, "1", null), { minLength: 1, maxLength: 2 });
const database = fc.constantFrom("d", "e");
const container = fc.constantFrom("c", "h");

export const anyPermission: fc.Arbitrary<AnyPermission> = fc
  .record({
    d: database,
    c: container,
    under: fc.constantFrom("", "", "/docs/1", "/docs/2", "/sprocs/1", "/udfs/1"),
    mode: fc.constantFrom("Read" as const, "All" as const),
    partitionKey: fc.option(key, { nil: undefined }),
  })
  .map(({ d, c, under, mode, partitionKey }) => ({
    mode,
    resource: `dbs/${d}/colls/${c}${under}`,
    ...(partitionKey && { partitionKey }),
  }));

export const anyTarget: fc.Arbitrary<Target> = fc.record({
  d: database,
  c: container,
  i: fc.constantFrom("1", "2"),
  key: fc.option(key, { nil: undefined }),
  rangeId: fc.constantFrom(undefined, undefined, undefined, "0"),
});

/** The path of a request, decoded. */
export function linkOf({ path }: RequestForm, { d, c, i }: Target): string {
  return path.replace("{d}", d).replace("{c}", c).replace("{i}", i);
}

/** The headers of a request, those of authorization aside. */
export function headersOf(
  { headers }: RequestForm,
  { key, rangeId }: Target,
): Readonly<Record<string, string>> {
  return {
    ...headers,
    ...(key && { "x-ms-documentdb-partitionkey": JSON.stringify(key) }),
    ...(rangeId !== undefined && { "x-ms-documentdb-partitionkeyrangeid": rangeId }),
  };
}
