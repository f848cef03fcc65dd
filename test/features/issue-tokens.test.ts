import { CosmosClient, type ErrorResponse } from "@azure/cosmos";
import type { GraphQLResolveInfo } from "graphql";
import { Ctx, Info, Query, Resolver } from "type-graphql";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RequestContext } from "../../src/graphql/request-context.ts";
import { createLogger, createLogObserver } from "../../src/observability/log.ts";
import { errorCodes, type GatewayUnderTest, startGatewayUnderTest } from "./gateway-under-test.ts";

const ISSUE = `mutation {
  issueResourceTokens { endpoint database container partitionKey item mode token expiresAt }
}`;

interface IssuedToken {
  readonly endpoint: string;
  readonly database: string;
  readonly container: string;
  readonly partitionKey: readonly string[] | null;
  readonly item: string | null;
  readonly mode: string;
  readonly token: string;
  readonly expiresAt: string;
}

let gateway: GatewayUnderTest;
beforeAll(async () => {
  gateway = await startGatewayUnderTest({ configure: withIssuing });
});
afterAll(() => gateway.stop());

function withIssuing(yaml: string): string {
  return yaml.replace("  provision: auto", "  provision: auto\n  issue: true");
}

async function issueTo(name: string, from = gateway): Promise<readonly IssuedToken[]> {
  const caller = await from.as(name);
  const answer = await caller.post<{ issueResourceTokens: readonly IssuedToken[] }>(ISSUE);
  expect(answer.errors).toEqual([]);
  return answer.data?.issueResourceTokens ?? [];
}

/** A client of Cosmos DB with that token and nothing else, and its container. */
function openDirectly({ endpoint, database, container, token }: IssuedToken) {
  const client = new CosmosClient({ endpoint, tokenProvider: async () => token });
  return client.database(database).container(container);
}

function tokenOf(tokens: readonly IssuedToken[], container: string): IssuedToken {
  const token = tokens.find((one) => one.container === container);
  if (token === undefined) {
    throw new Error(`No token for ${container}.`);
  }
  return token;
}

/** The HTTP status that Cosmos DB answered. */
async function statusOf(outcome: Promise<object>): Promise<unknown> {
  return outcome.then(
    (answer) => ("statusCode" in answer ? answer.statusCode : 200),
    (error: ErrorResponse) => error.code,
  );
}

describe("with tokens.issue", () => {
  test("a caller gets the tokens of its own permissions, and where and until when they are good", async () => {
    const tokens = await issueTo("contoso-member");
    const sorted = tokens.toSorted((a, b) => (a.container < b.container ? -1 : 1));
    const common = {
      endpoint: gateway.emulator.endpoint,
      database: "shop",
      item: null,
      token: expect.stringMatching(/^type=resource&ver=1&sig=/),
      expiresAt: expect.stringMatching(/Z$/),
    };
    expect(sorted).toEqual([
      { ...common, container: "carts", partitionKey: ["contoso-member"], mode: "All" },
      { ...common, container: "orders", partitionKey: ["contoso"], mode: "Read" },
      { ...common, container: "products", partitionKey: null, mode: "Read" },
    ]);
    const { data } = await (await gateway.as("contoso-member")).post<{
      viewer: { permissions: readonly { expiresAt: string }[] };
    }>("{ viewer { permissions { expiresAt } } }");
    expect(data?.viewer.permissions.map(({ expiresAt }) => expiresAt)).toContain(
      sorted[0]?.expiresAt,
    );
  });

  test("a client with a token reads its own partition from Cosmos DB, and no other", async () => {
    const orders = openDirectly(tokenOf(await issueTo("contoso-member"), "orders"));
    const query = "SELECT * FROM c";
    const own = await orders.items.query(query, { partitionKey: "contoso" }).fetchAll();
    expect(own.resources.length).toBeGreaterThan(0);
    expect(new Set(own.resources.map(({ tenantId }) => tenantId))).toEqual(new Set(["contoso"]));

    expect(
      await statusOf(orders.items.query(query, { partitionKey: "fabrikam" }).fetchNext()),
    ).toBe(403);
    expect(await statusOf(orders.items.query(query).fetchNext())).toBe(403);
    const [first] = own.resources;
    expect(await statusOf(orders.item(first.id, "contoso").read())).toBe(200);
    expect(await statusOf(orders.item(first.id, "fabrikam").read())).toBe(403);
    expect(await statusOf(orders.item(first.id, "contoso").delete())).toBe(403);
    expect(await statusOf(orders.items.create({ id: "new", tenantId: "contoso" }))).toBe(403);
  });

  test("a token of one container is refused in another, and for users and the database", async () => {
    const token = tokenOf(await issueTo("contoso-member"), "orders");
    const carts = openDirectly({ ...token, container: "carts" });
    expect(await statusOf(carts.item("1", "contoso").read())).toBe(403);
    const { database } = openDirectly(token);
    expect(await statusOf(database.read())).toBe(403);
    expect(await statusOf(database.users.readAll().fetchNext())).toBe(403);
  });

  test("a token with mode All writes its own partition", async () => {
    const carts = openDirectly(tokenOf(await issueTo("contoso-member"), "carts"));
    const cart = { id: "direct", ownerId: "contoso-member", lines: [] };
    expect(await statusOf(carts.items.create(cart))).toBe(201);
    const caller = await gateway.as("contoso-member");
    const { data } = await caller.post(`{ cart(id: "direct") { id } }`);
    expect(data).toEqual({ cart: { id: "direct" } });
    expect(await statusOf(carts.items.create({ ...cart, ownerId: "contoso-manager" }))).toBe(403);
  });

  test("two callers get different tokens, and no one without a bearer token gets any", async () => {
    const [ours, theirs] = await Promise.all([
      issueTo("contoso-member"),
      issueTo("fabrikam-member"),
    ]);
    const all = [...ours, ...theirs].map(({ token }) => token);
    expect(new Set(all).size).toBe(all.length);
    const { status, text } = await gateway.post({ query: ISSUE });
    expect(status).toBe(401);
    expect(text).not.toContain("type=resource");
  });

  test("it is a mutation of a POST, and the answer must not be stored", async () => {
    const { bearerToken, post } = await gateway.as("contoso-member");
    const headers = { authorization: `Bearer ${bearerToken}`, "content-type": "application/json" };
    const get = await fetch(`${gateway.url}?query=${encodeURIComponent(ISSUE)}`, { headers });
    expect(get.status).toBe(405);
    expect(await get.text()).not.toContain("type=resource");
    expect((await post(ISSUE)).headers.get("cache-control")).toBe("no-store");
  });

  test("it is observed who got tokens of which permissions, and the tokens are in no log line", async () => {
    const before = gateway.observations.length;
    const tokens = await issueTo("contoso-member");
    const seen = gateway.observations.slice(before);
    const issued = seen.find(({ kind }) => kind === "resource-tokens-issued");
    expect(issued).toMatchObject({
      cosmosUserId: "member:contoso:contoso-member",
      permissions: expect.arrayContaining([
        { permissionId: expect.stringContaining("carts"), mode: "All" },
      ]),
    });

    let log = "";
    const observe = createLogObserver(
      createLogger((line) => {
        log += line;
      }),
    );
    gateway.observations.forEach(observe);
    expect(log).toContain("resource-tokens-issued");
    for (const { token } of tokens) {
      expect(log).not.toContain(token);
      expect(log).not.toContain(token.slice("type=resource&ver=1&sig=".length, -1));
    }
    expect(log).not.toContain("type=resource");
  });
});

test("after its end, Cosmos DB refuses the token, and the gateway gives another one", async () => {
  let aheadMs = 0;
  const moved = await startGatewayUnderTest({
    configure: withIssuing,
    clock: { nowMs: () => Date.now() + aheadMs },
  });
  try {
    const orderOf = async () => tokenOf(await issueTo("contoso-member", moved), "orders");
    const read = (token: IssuedToken) =>
      statusOf(openDirectly(token).item("order-1", "contoso").read());
    const first = await orderOf();
    expect(await read(first)).toBe(200);
    expect((await orderOf()).token).toBe(first.token);

    const passedSeconds = 3600 + 900;
    aheadMs = passedSeconds * 1000;
    await moved.advanceSeconds(passedSeconds);
    expect(await read(first)).toBe(403);
    const next = await orderOf();
    expect(Date.parse(next.expiresAt)).toBeGreaterThan(Date.parse(first.expiresAt));
    expect(await read(next)).toBe(200);
  } finally {
    await moved.stop();
  }
});

test("an own resolver that calls the mutation itself gets tokens of no one but the caller", async () => {
  const ask = async (context: RequestContext, info: GraphQLResolveInfo): Promise<string> => {
    const field = info.schema.getMutationType()?.getFields().issueResourceTokens;
    const issued = await field?.resolve?.({}, {}, context, info);
    return (issued as readonly IssuedToken[])
      .map(({ partitionKey }) => String(partitionKey))
      .join(" ");
  };
  const forge = (context: RequestContext): RequestContext => {
    const access = { ...context.access, cosmosUserId: "member:fabrikam:fabrikam-member" };
    return { ...context, access, items: { ...context.items, cosmosUserId: access.cosmosUserId } };
  };
  class Own {
    async asCaller(context: RequestContext, info: GraphQLResolveInfo): Promise<string> {
      return ask({ ...context, access: forge(context).access }, info);
    }
    async asAnother(context: RequestContext, info: GraphQLResolveInfo): Promise<string> {
      return ask(forge(context), info);
    }
  }
  const extended = await startGatewayUnderTest({
    configure: withIssuing,
    extend: () => {
      // What the decorator syntax compiles to, which these tests are not compiled with.
      Resolver()(Own);
      for (const name of ["asCaller", "asAnother"] as const) {
        Query(() => String, { nullable: true })(Own.prototype, name, { value: undefined });
        Ctx()(Own.prototype, name, 0);
        Info()(Own.prototype, name, 1);
      }
      return [Own];
    },
  });
  try {
    const member = await extended.as("contoso-member");
    const { data } = await member.post<{ asCaller: string }>("{ asCaller }");
    expect(data?.asCaller.split(" ").sort()).toEqual(["contoso", "contoso-member", "null"]);
    const forged = await member.post("{ asAnother }");
    expect(errorCodes(forged)).toEqual(["FORBIDDEN"]);
    const users = extended.observations.flatMap((seen) =>
      seen.kind === "resource-tokens-issued" ? [seen.cosmosUserId] : [],
    );
    expect(users).toEqual(["member:contoso:contoso-member"]);
  } finally {
    await extended.stop();
  }
});

test("without tokens.issue there is no such mutation, and the rest of the API is the same", async () => {
  const plain = await startGatewayUnderTest();
  try {
    const caller = await plain.as("contoso-member");
    const answer = await caller.post(ISSUE);
    expect(errorCodes(answer)).toEqual(["GRAPHQL_VALIDATION_FAILED"]);
    expect(answer.text).not.toContain("type=resource");
  } finally {
    await plain.stop();
  }
});
