import { describe, expect, test } from "vitest";
import { type RequestKind, requestKind } from "../../../src/emulator/security/request-kind.ts";
import { requestOf } from "./request-of.ts";

const C = "dbs/d/colls/c";
const QUERY = { "x-ms-documentdb-isquery": "True" };
const UPSERT = { "x-ms-documentdb-is-upsert": "True" };
const BATCH = { "x-ms-cosmos-is-batch-request": "True" };

function kindOf(method: string, path: string, headers?: Record<string, string>): RequestKind {
  return requestKind(requestOf(method, path, headers));
}

describe("the kind of a request", () => {
  test.each<[RequestKind, string, string, Record<string, string>?]>([
    ["readAccount", "GET", ""],
    ["offers", "GET", "offers"],
    ["offers", "PUT", "offers/o"],
    ["createDatabase", "POST", "dbs"],
    ["listDatabases", "GET", "dbs"],
    ["queryDatabases", "POST", "dbs", QUERY],
    ["readDatabase", "GET", "dbs/d"],
    ["deleteDatabase", "DELETE", "dbs/d"],
    ["users", "GET", "dbs/d/users"],
    ["users", "PUT", "dbs/d/users/u"],
    ["users", "POST", "dbs/d/users/u/permissions"],
    ["users", "DELETE", "dbs/d/users/u/permissions/p"],
    ["users", "GET", "dbs/d/users/u/permissions/p/more"],
    ["createContainer", "POST", "dbs/d/colls"],
    ["listContainers", "GET", "dbs/d/colls"],
    ["queryContainers", "POST", "dbs/d/colls", QUERY],
    ["readContainer", "GET", C],
    ["replaceContainer", "PUT", C],
    ["deleteContainer", "DELETE", C],
    ["listPartitionKeyRanges", "GET", `${C}/pkranges`],
    ["deletePartition", "POST", `${C}/operations/partitionkeydelete`],
    ["createItem", "POST", `${C}/docs`],
    ["upsertItem", "POST", `${C}/docs`, UPSERT],
    ["listItems", "GET", `${C}/docs`],
    ["readChangeFeed", "GET", `${C}/docs`, { "a-im": "Incremental feed" }],
    ["queryItems", "POST", `${C}/docs`, QUERY],
    ["planQuery", "POST", `${C}/docs`, { "x-ms-cosmos-is-query-plan-request": "True" }],
    ["bulk", "POST", `${C}/docs`, BATCH],
    ["batch", "POST", `${C}/docs`, { ...BATCH, "x-ms-cosmos-batch-atomic": "True" }],
    ["readItem", "GET", `${C}/docs/i`],
    ["replaceItem", "PUT", `${C}/docs/i`],
    ["patchItem", "PATCH", `${C}/docs/i`],
    ["deleteItem", "DELETE", `${C}/docs/i`],
    ["executeScript", "POST", `${C}/sprocs/s`],
    ...["sprocs", "triggers", "udfs"].flatMap(
      (scripts): [RequestKind, string, string, Record<string, string>?][] => [
        ["listScripts", "GET", `${C}/${scripts}`],
        ["createScript", "POST", `${C}/${scripts}`],
        ["upsertScript", "POST", `${C}/${scripts}`, UPSERT],
        ["queryScripts", "POST", `${C}/${scripts}`, QUERY],
        ["readScript", "GET", `${C}/${scripts}/s`],
        ["replaceScript", "PUT", `${C}/${scripts}/s`],
        ["deleteScript", "DELETE", `${C}/${scripts}/s`],
      ],
    ),
  ])("is %s for %s /%s %j", (kind, method, path, headers) => {
    expect(kindOf(method, path, headers)).toBe(kind);
  });

  test.each([
    ["POST", ""],
    ["GET", "database"],
    ["GET", "x/d"],
    ["GET", "x/d/users/u/permissions/p/more"],
    ["GET", "offers/o/users/u/permissions/p/more"],
    ["PUT", "dbs"],
    ["PATCH", "dbs/d"],
    ["GET", "dbs/d/x"],
    ["GET", "dbs/d/x/y"],
    ["PUT", "dbs/d/colls"],
    ["PATCH", C],
    ["POST", `${C}/pkranges`],
    ["GET", `${C}/pkranges/0`],
    ["POST", `${C}/operations`],
    ["GET", `${C}/operations/partitionkeydelete`],
    ["POST", `${C}/operations/other`],
    ["POST", `${C}/other/partitionkeydelete`],
    ["GET", `${C}/conflicts`],
    ["DELETE", `${C}/docs`],
    ["HEAD", `${C}/docs/i`],
    ["POST", `${C}/docs/i`],
    ["GET", `${C}/docs/i/attachments`],
    ["GET", `${C}/docs/i/attachments/a`],
    ["PUT", `${C}/sprocs`],
    ["POST", `${C}/triggers/t`],
    ["POST", `${C}/udfs/u`],
    // Every object of JavaScript has a property of this name.
    ["toString", "dbs/d"],
  ])("is unknown for %s /%s", (method, path) => {
    expect(kindOf(method, path)).toBe("unknown");
  });

  test.each(["application/query+json", "Application/Query+JSON", " application/query+json; x=1"])(
    "is that of a query by its content type, too: %j",
    (contentType) => {
      expect(kindOf("POST", `${C}/docs`, { "content-type": contentType })).toBe("queryItems");
      expect(kindOf("GET", "dbs", { "content-type": contentType })).toBe("listDatabases");
    },
  );

  test("is no query's for another content type", () => {
    const headers = { "content-type": "application/json, application/query+json" };
    expect(kindOf("POST", `${C}/docs`, headers)).toBe("createItem");
  });

  test.each(["true", "TRUE", " True "])("takes the switch %j for on", (value) => {
    expect(kindOf("POST", `${C}/docs`, { "x-ms-documentdb-is-upsert": value })).toBe("upsertItem");
  });

  test.each(["", "false", "1", "true,true"])("takes the switch %j for off", (value) => {
    expect(kindOf("POST", `${C}/docs`, { "x-ms-documentdb-is-upsert": value })).toBe("createItem");
  });

  test("goes by one switch where several are on, in an order that routing shares", () => {
    const all = { ...QUERY, ...UPSERT, "x-ms-cosmos-is-query-plan-request": "True" };
    expect(kindOf("POST", `${C}/docs`, { ...all, ...BATCH })).toBe("bulk");
    expect(kindOf("POST", `${C}/docs`, all)).toBe("planQuery");
    expect(kindOf("POST", `${C}/docs`, { ...QUERY, ...UPSERT })).toBe("queryItems");
    expect(kindOf("POST", `${C}/sprocs`, { ...QUERY, ...UPSERT })).toBe("queryScripts");
    expect(kindOf("GET", `${C}/sprocs`, UPSERT)).toBe("listScripts");
  });
});
