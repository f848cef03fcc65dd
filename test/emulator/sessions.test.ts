import type { Container } from "@azure/cosmos";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { errorOf, startTestAccount, type TestAccount } from "./test-account.ts";

describe.each([1, 4])("session tokens on %i physical partitions", (partitions) => {
  let account: TestAccount;
  let container: Container;

  beforeAll(async () => {
    account = await startTestAccount({ partitions });
  });
  beforeEach(async () => {
    container = await account.createContainer();
  });
  afterAll(() => account.stop());

  const lsnOf = (sessionToken: unknown): number =>
    Number(/^\d+:-1#(\d+)$/.exec(String(sessionToken))?.[1]);

  test("each write moves its range's number on, and each answer names the container", async () => {
    const first = await container.items.create({ id: "1", pk: "a" });
    const second = await container.items.upsert({ id: "1", pk: "a" });
    const third = await container.item("1", "a").delete();
    const numbers = [first, second, third].map(({ headers }) =>
      lsnOf(headers["x-ms-session-token"]),
    );
    expect(numbers).toEqual([1, 2, 3]);
    expect(first.headers["x-ms-alt-content-path"]).toBe(`dbs/db/colls/${container.id}`);
    expect(first.headers["x-ms-content-path"]).toBe((await container.read()).resource?._rid);
    const read = await container.item("1", "a").read();
    expect(lsnOf(read.headers["x-ms-session-token"])).toBe(3);
  });

  test("a token of another client is honoured, and one of the future is 404/1002", async () => {
    const { headers } = await container.items.create({ id: "1", pk: "a" });
    const token = String(headers["x-ms-session-token"]);
    const other = account.createClient().database("db").container(container.id);
    const known = await other.item("1", "a").read({ sessionToken: token });
    expect(known.statusCode).toBe(200);
    const future = token.replace(/\d+$/, "99");
    const path = `/dbs/db/colls/${container.id}/docs/1`;
    const answer = await account.send("GET", path, {
      headers: { "x-ms-documentdb-partitionkey": '["a"]', "x-ms-session-token": future },
    });
    expect([answer.status, answer.headers["x-ms-substatus"]]).toEqual([404, "1002"]);
    const query = await account.send("POST", `/dbs/db/colls/${container.id}/docs`, {
      headers: {
        "x-ms-documentdb-partitionkey": '["a"]',
        "x-ms-documentdb-isquery": "true",
        "x-ms-session-token": future,
      },
      body: { query: "SELECT * FROM c" },
    });
    expect([query.status, query.headers["x-ms-substatus"]]).toEqual([404, "1002"]);
  });

  test("a conflict tells the client how far the range is", async () => {
    await container.items.create({ id: "1", pk: "a" });
    const error = (await errorOf(container.items.create({ id: "1", pk: "a" }))) as unknown as {
      readonly headers: Readonly<Record<string, string>>;
    };
    expect(lsnOf(error.headers["x-ms-session-token"])).toBe(1);
  });

  test.each(["x", "0", "0:x", "0:-1#", "a:-1#1"])("the token %j is 400", async (token) => {
    const { status } = await account.send("GET", `/dbs/db/colls/${container.id}/docs/1`, {
      headers: { "x-ms-documentdb-partitionkey": '["a"]', "x-ms-session-token": token },
    });
    expect(status).toBe(400);
  });
});
