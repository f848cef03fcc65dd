import fc from "fast-check";

/** A kind of request, and what it asks of a permission. */
export interface Operation {
  readonly method: string;
  /** What stands behind the container's path; undefined: not in a container. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly asks: "nothing" | "account key" | "container" | "read" | "write";
  /** What the permission's link must reach. */
  readonly of?: "container" | "resource";
  /** False: a permission with a partition key is never enough. */
  readonly inPartition?: boolean;
  readonly isQuery?: boolean;
}

const C = "dbs/{d}/colls/{c}";
const query = { "x-ms-documentdb-isquery": "True", "content-type": "application/query+json" };
/** Every kind of request. */
export const OPERATIONS: readonly Operation[] = [
  { method: "GET", path: "", asks: "nothing" },
  { method: "GET", path: "dbs", asks: "account key" },
  { method: "POST", path: "dbs", asks: "account key" },
  { method: "GET", path: "dbs/{d}", asks: "account key" },
  { method: "DELETE", path: "dbs/{d}", asks: "account key" },
  { method: "GET", path: "dbs/{d}/colls", asks: "account key" },
  { method: "POST", path: "dbs/{d}/colls", asks: "account key" },
  { method: "POST", path: "dbs/{d}/colls", headers: query, asks: "account key" },
  { method: "GET", path: "dbs/{d}/users", asks: "account key" },
  { method: "GET", path: "dbs/{d}/users/u/permissions/p", asks: "account key" },
  { method: "POST", path: "dbs/{d}/users/u/permissions", asks: "account key" },
  { method: "GET", path: "offers", asks: "account key" },
  { method: "POST", path: C, asks: "account key" },
  { method: "HEAD", path: C, asks: "account key" },
  { method: "GET", path: `${C}/conflicts`, asks: "account key" },
  { method: "GET", path: `${C}/docs/{i}/attachments`, asks: "account key" },
  { method: "GET", path: C, asks: "container" },
  { method: "GET", path: `${C}/pkranges`, asks: "container" },
  { method: "PUT", path: C, asks: "write", of: "container" },
  { method: "DELETE", path: C, asks: "write", of: "container" },
  {
    method: "GET",
    path: `${C}/docs`,
    asks: "read",
    of: "container",
    inPartition: true,
    isQuery: true,
  },
  {
    method: "GET",
    path: `${C}/docs`,
    headers: { "a-im": "Incremental feed" },
    asks: "read",
    of: "container",
    inPartition: true,
    isQuery: true,
  },
  {
    method: "POST",
    path: `${C}/docs`,
    headers: query,
    asks: "read",
    of: "container",
    inPartition: true,
    isQuery: true,
  },
  {
    method: "POST",
    path: `${C}/docs`,
    headers: { ...query, "x-ms-cosmos-is-query-plan-request": "True" },
    asks: "read",
    of: "container",
    inPartition: true,
    isQuery: true,
  },
  { method: "POST", path: `${C}/docs`, asks: "write", of: "container", inPartition: true },
  {
    method: "POST",
    path: `${C}/docs`,
    headers: { "x-ms-documentdb-is-upsert": "true" },
    asks: "write",
    of: "container",
    inPartition: true,
  },
  {
    method: "POST",
    path: `${C}/docs`,
    headers: { "x-ms-cosmos-is-batch-request": "True", "x-ms-cosmos-batch-atomic": "True" },
    asks: "write",
    of: "container",
    inPartition: true,
  },
  {
    method: "POST",
    path: `${C}/docs`,
    headers: { "x-ms-cosmos-is-batch-request": "True", "x-ms-cosmos-batch-atomic": "False" },
    asks: "write",
    of: "container",
  },
  {
    method: "POST",
    path: `${C}/operations/partitionkeydelete`,
    asks: "write",
    of: "container",
    inPartition: true,
  },
  { method: "GET", path: `${C}/docs/{i}`, asks: "read", of: "resource", inPartition: true },
  { method: "PUT", path: `${C}/docs/{i}`, asks: "write", of: "resource", inPartition: true },
  { method: "PATCH", path: `${C}/docs/{i}`, asks: "write", of: "resource", inPartition: true },
  { method: "DELETE", path: `${C}/docs/{i}`, asks: "write", of: "resource", inPartition: true },
  { method: "GET", path: `${C}/sprocs`, asks: "read", of: "container" },
  { method: "POST", path: `${C}/udfs`, asks: "write", of: "container" },
  { method: "GET", path: `${C}/sprocs/{i}`, asks: "read", of: "resource" },
  { method: "PUT", path: `${C}/triggers/{i}`, asks: "write", of: "resource" },
  { method: "DELETE", path: `${C}/udfs/{i}`, asks: "write", of: "resource" },
  { method: "POST", path: `${C}/sprocs/{i}`, asks: "write", of: "container" },
];

/** What a request is aimed at. */
export interface Target {
  readonly d: string;
  readonly c: string;
  readonly i: string;
  readonly key: readonly unknown[] | undefined;
  readonly rangeId: string | undefined;
}

export interface Permission {
  readonly mode: "Read" | "All";
  readonly d: string;
  readonly c: string;
  /** Such as `docs/1`; undefined: the container. */
  readonly under: string | undefined;
  readonly key: readonly (string | number | null)[] | undefined;
}

/** The rules once more, in another way: what a request asks for against what a permission gives. */
export function model(permission: Permission, operation: Operation, target: Target): boolean {
  const { asks, of, path, inPartition, isQuery } = operation;
  if (asks === "nothing" || asks === "account key") {
    return asks === "nothing";
  }
  if (permission.d !== target.d || permission.c !== target.c) {
    return false;
  }
  if (asks === "container") {
    return true;
  }
  if (asks === "write" && permission.mode === "Read") {
    return false;
  }
  const resource = `${path.split("/").at(-2)}/${target.i}`;
  if (permission.under && (of === "container" || permission.under !== resource)) {
    return false;
  }
  const { key } = permission;
  if (key === undefined) {
    return true;
  }
  if (!inPartition || target.rangeId !== undefined || target.key === undefined) {
    return false;
  }
  if (isQuery && key.length < (target.c === "h" ? 2 : 1)) {
    return false;
  }
  return key.length <= target.key.length && key.every((level, at) => level === target.key?.[at]);
}

const level = fc.constantFrom("a", "b", 1, "1", null);
const key = fc.option(fc.array(level, { minLength: 1, maxLength: 2 }), { nil: undefined });
const place = { d: fc.constantFrom("d", "e"), c: fc.constantFrom("c", "h") };
export const anyPermission: fc.Arbitrary<Permission> = fc.record({
  ...place,
  mode: fc.constantFrom("Read" as const, "All" as const),
  under: fc.constantFrom(undefined, undefined, "docs/1", "docs/2", "sprocs/1", "udfs/1"),
  key,
});
export const anyTarget: fc.Arbitrary<Target> = fc.record({
  ...place,
  i: fc.constantFrom("1", "2"),
  key,
  rangeId: fc.constantFrom(undefined, undefined, undefined, "0"),
});

/** The path of a request, decoded. */
export function linkOf(operation: Operation, target: Target): string {
  const { d, c, i } = target;
  return operation.path.replace("{d}", d).replace("{c}", c).replace("{i}", i);
}

/** The headers of a request, those of authorization aside. */
export function headersOf(operation: Operation, target: Target): Readonly<Record<string, string>> {
  return {
    ...operation.headers,
    ...(target.key === undefined
      ? {}
      : { "x-ms-documentdb-partitionkey": JSON.stringify(target.key) }),
    ...(target.rangeId === undefined
      ? {}
      : { "x-ms-documentdb-partitionkeyrangeid": target.rangeId }),
  };
}
