import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { errorCodes, type GatewayUnderTest, startGatewayUnderTest } from "./gateway-under-test.ts";

const HEADER = "x-ms-session-token";

let gateway: GatewayUnderTest;
beforeEach(async () => {
  gateway = await startGatewayUnderTest();
});
afterEach(() => gateway.stop());

/** Sends operations as a caller of contoso, each with the header that is given. */
async function connect(to: GatewayUnderTest, sub = "contoso-manager", role = "manager") {
  const bearerToken = await to.issuer.issue({ sub, tid: "contoso", roles: [role] });
  return (query: string, session?: string) =>
    to.post<Record<string, unknown>>(
      { query },
      {
        authorization: `Bearer ${bearerToken}`,
        ...(session === undefined ? {} : { [HEADER]: session }),
      },
    );
}

const READ = `{ order(id: "order-1") { id } }`;
const LIST = "{ orders(first: 5) { nodes { id } } }";
const createOrder = (id: string) =>
  `mutation { createOrder(input: { id: "${id}", tenantId: "contoso", status: OPEN, total: 1, lines: [],
    customerId: "c", createdAt: "2026-01-01T00:00:00Z" }) { id } }`;
const UPSERT_CART = `mutation { upsertCart(input: { id: "cart", ownerId: "contoso-manager", lines: [] }) { id } }`;

function positionOf(header: string | null): number {
  return Number(/^orders=0:-1#(\d+)$/.exec(header ?? "")?.[1]);
}

describe("the header x-ms-session-token", () => {
  test("of an answer says how far the request has come, and goes up with a write", async () => {
    const send = await connect(gateway);
    const read = await send(READ);
    const write = await send(createOrder("n"));
    expect(positionOf(write.headers.get(HEADER))).toBe(positionOf(read.headers.get(HEADER)) + 1);
  });

  test("of a request is taken up, and given back where nothing new was seen", async () => {
    const send = await connect(gateway);
    const seen = "orders=0:-1#3,carts=7:-1#9#1=2";
    const answer = await send("{ __typename }", seen);
    expect([answer.status, answer.headers.get(HEADER)]).toEqual([200, seen]);
    expect((await send(READ, seen)).headers.get(HEADER)).toMatch(
      /^carts=7:-1#9#1=2,orders=0:-1#\d\d$/,
    );
    expect((await send("{ __typename }")).headers.has(HEADER)).toBe(false);
  });

  test("names each container that the request touched", async () => {
    const send = await connect(gateway);
    const answer = await send(
      `{ order(id: "order-1") { id } cart(id: "cart") { id } products { nodes { id } } }`,
    );
    expect(answer.errors).toEqual([]);
    const containers = answer.headers
      .get(HEADER)
      ?.split(",")
      .map((entry) => entry.split("=")[0]);
    expect(containers?.sort()).toEqual(["carts", "orders", "products"]);
  });

  test("goes with an answer that has errors, too", async () => {
    const send = await connect(gateway);
    const taken = await send(createOrder("order-1"));
    expect(errorCodes(taken)).toEqual(["CONFLICT"]);
    expect(positionOf(taken.headers.get(HEADER))).toBeGreaterThan(0);
    const malformed = await send("{", "orders=0:-1#3");
    expect([malformed.errors.length, malformed.headers.get(HEADER)]).toEqual([1, "orders=0:-1#3"]);
  });

  test("goes with GET", async () => {
    const send = await connect(gateway);
    const { headers } = await send(createOrder("n"));
    const bearerToken = await gateway.bearerTokenOf("contoso-manager");
    const query = encodeURIComponent(READ);
    const response = await fetch(`${gateway.url}?query=${query}`, {
      headers: {
        authorization: `Bearer ${bearerToken}`,
        [HEADER]: headers.get(HEADER) ?? "",
        accept: "application/json",
      },
    });
    expect(await response.json()).toMatchObject({ data: { order: { id: "order-1" } } });
    expect(response.headers.get(HEADER)).toBe(headers.get(HEADER));
  });

  test.each([
    "0:-1#5",
    "orders=0:-1#5;carts",
    "orders=0:abc",
    "orders=0:-1#1,".repeat(400),
    "null",
  ])("that is malformed (%.20s) is a 400, and nothing is done", async (session) => {
    const send = await connect(gateway);
    await gateway.forgetRequests();
    const answer = await send(createOrder("n"), session);
    expect(answer.status).toBe(400);
    expect(errorCodes(answer)).toEqual(["BAD_USER_INPUT"]);
    expect(answer.headers.has(HEADER)).toBe(false);
    expect(await gateway.requests()).toEqual([]);
  });

  test("is in no answer to a caller who is not known", async () => {
    const answer = await gateway.post({ query: READ }, { [HEADER]: "orders=0:-1#1" });
    expect([answer.status, answer.headers.has(HEADER)]).toEqual([401, false]);
  });
});

describe("a replica whose region is behind", () => {
  let behind: GatewayUnderTest;
  beforeEach(async () => {
    behind = await startGatewayUnderTest();
  });
  afterEach(() => behind.stop());

  test.each([
    ["a point read", READ, "order"],
    ["a list", LIST, "orders"],
  ])("answers %s when it has caught up, and not with older items", async (_name, query, field) => {
    const ahead = await (await connect(gateway))(createOrder("n"));
    const session = ahead.headers.get(HEADER) ?? "";
    const send = await connect(behind);
    // Without the header it would not know better.
    expect(errorCodes(await send(query))).toEqual([]);

    const tooEarly = await send(query, session);
    expect(errorCodes(tooEarly)).toEqual(["UPSTREAM_UNAVAILABLE"]);
    expect(tooEarly.data?.[field] ?? null).toBeNull();
    expect(tooEarly.errors[0]?.extensions.retryAfterMs).toBe(1_000);
    // What it could not show is not what the caller has seen there.
    expect(tooEarly.headers.get(HEADER)).toBe(session);

    await send(createOrder("n"));
    const caughtUp = await send(query, session);
    expect(errorCodes(caughtUp)).toEqual([]);
    expect(caughtUp.data?.[field]).not.toBeNull();
  });

  test("holds up only the containers that the caller has seen more of", async () => {
    const ahead = await (await connect(gateway))(UPSERT_CART);
    const send = await connect(behind);
    const session = ahead.headers.get(HEADER) ?? "";
    expect(session).toMatch(/^carts=/);
    expect(errorCodes(await send(READ, session))).toEqual([]);
    expect(errorCodes(await send(`{ cart(id: "cart") { id } }`, session))).toEqual([
      "UPSTREAM_UNAVAILABLE",
    ]);
  });
});

test("a header from the future costs its sender three requests, and no one else anything", async () => {
  const forged = "orders=0:-1#999999999999999";
  const [forger, other] = [await connect(gateway), await connect(gateway, "other", "member")];
  await Promise.all([forger(READ), other(READ)]);
  await gateway.forgetRequests();
  expect(errorCodes(await forger(READ, forged))).toEqual(["UPSTREAM_UNAVAILABLE"]);
  expect((await gateway.requests()).map(({ kind, status }) => `${kind} ${status}`)).toEqual(
    Array(3).fill("read 404"),
  );

  const answers = await Promise.all(
    Array.from({ length: 200 }, (_, index) =>
      index % 2 === 0 ? forger(READ, forged) : other(READ),
    ),
  );
  for (const [index, answer] of answers.entries()) {
    expect(errorCodes(answer)).toEqual(index % 2 === 0 ? ["UPSTREAM_UNAVAILABLE"] : []);
    if (index % 2 === 1) {
      expect(positionOf(answer.headers.get(HEADER))).toBeLessThan(100);
    }
  }
  // Neither the account nor a container is read again for it.
  const paths = (await gateway.requests()).map(({ path }) => path);
  expect(paths.every((path) => path.includes("/docs/"))).toBe(true);
  expect(errorCodes(await forger(READ))).toEqual([]);
});
