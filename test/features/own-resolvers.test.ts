import { Ctx, Query, Resolver } from "type-graphql";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { RequestContext } from "../../src/graphql/request-context.ts";
import { Secret } from "../../src/secret.ts";
import { itemRequests } from "../emulator-controls.ts";
import { errorCodes, type GatewayUnderTest, startGatewayUnderTest } from "./gateway-under-test.ts";

let gateway: GatewayUnderTest;
/** What the own resolver was given by the last request. */
let seen: RequestContext;
/** What the own resolver does. */
let act: (context: RequestContext) => Promise<string>;

beforeAll(async () => {
  gateway = await startGatewayUnderTest({
    // There is something that issues tokens, then, and the context must not lead to it.
    configure: (yaml) => yaml.replace("  provision: auto", "  provision: auto\n  issue: true"),
    extend: () => {
      class Own {
        async own(context: RequestContext): Promise<string> {
          seen = context;
          return act(context);
        }
      }
      // What the decorator syntax compiles to, which these tests are not compiled with.
      Resolver()(Own);
      Query(() => String)(Own.prototype, "own", { value: undefined });
      Ctx()(Own.prototype, "own", 0);
      return [Own];
    },
  });
});
afterAll(() => gateway.stop());

/**
 * Everything that can be reached from a value by its properties: own and inherited ones, hidden ones
 * and those under symbols, what getters give, and what functions carry.
 */
function reachableFrom(start: unknown): ReadonlySet<unknown> {
  const found = new Set<unknown>();
  const open: unknown[] = [start];
  while (open.length > 0) {
    const value = open.pop();
    const isObject = (typeof value === "object" && value !== null) || typeof value === "function";
    if (found.has(value) || BUILT_IN.has(value)) {
      continue;
    }
    found.add(value);
    if (isObject) {
      open.push(Object.getPrototypeOf(value), ...propertiesOf(value));
    }
  }
  return found;
}

function propertiesOf(value: object): unknown[] {
  return Reflect.ownKeys(value).flatMap((key) => {
    const property = Object.getOwnPropertyDescriptor(value, key);
    if (property?.get === undefined) {
      return [property?.value, property?.set];
    }
    try {
      return [property.get, Reflect.get(value, key)];
    } catch {
      return [property.get]; // such as `caller` of a function, which no one may read
    }
  });
}

/** What every value leads to, and which says nothing of the request. */
const BUILT_IN = new Set<unknown>(
  [Object, Function, Array, Error, Map, Set, Promise, Date].flatMap((each) => [
    each,
    each.prototype,
  ]),
);

/** Texts among the values, and what `Secret`s hold. */
function textsOf(values: ReadonlySet<unknown>): readonly string[] {
  return [...values].flatMap((value) => {
    if (value instanceof Secret) {
      return [value.reveal()];
    }
    return typeof value === "string" ? [value] : [];
  });
}

test("an own resolver's context holds the caller, the access and the item operations, and no more", async () => {
  act = async () => "done";
  const manager = await gateway.as("contoso-manager");
  expect((await manager.post("{ own }")).data).toEqual({ own: "done" });
  expect(Object.keys(seen).sort()).toEqual(["access", "caller", "items"]);
  // Operations, the caller's own grants, and no object that could do more.
  const parts = Object.entries(seen.items).filter(([, part]) => typeof part !== "function");
  expect(parts.map(([name]) => name).sort()).toEqual(["cosmosUserId", "cost", "grants"]);
  expect(seen.items.cosmosUserId).toBe("manager:contoso:contoso-manager");
  expect(seen.caller).toMatchObject({ kind: "authenticated", subject: "contoso-manager" });
});

test("neither the account key nor a client nor any resource token can be reached from it", async () => {
  const refusals: unknown[] = [];
  let answers: readonly unknown[] = [];
  act = async ({ items }) => {
    answers = [
      await items.read("orders", "order-1", ["contoso"]),
      await items.query("products", { query: "SELECT * FROM c", parameters: [] }, undefined, {
        limit: 3,
      }),
    ];
    await items.read("orders", "order-1", ["fabrikam"]).catch((error) => refusals.push(error));
    await items
      .create("products", { id: "x", category: "y" }, ["y"])
      .catch((error) => refusals.push(error));
    return "done";
  };
  // The other callers' tokens are in the cache while this one's request runs.
  for (const caller of ["contoso-manager", "fabrikam-manager", "auditor"]) {
    await (await gateway.as(caller)).post("{ orders { totalCount } }");
  }
  const member = await gateway.as("contoso-member");
  expect((await member.post("{ own }")).errors).toEqual([]);
  expect(refusals).toHaveLength(2);

  const { grants, cost } = seen.items;
  expect(grants).toHaveLength(3);
  const reachable = reachableFrom([seen, cost, seen.items.grantsOn("orders"), answers, refusals]);
  // The walk did arrive: at functions, at the caller's claims, and at the scopes of the grants.
  expect(reachable).toContain(seen.items.read);
  expect(reachable).toContain("contoso-member");
  expect(reachable).toContain(grants[0]?.permissionId);

  for (const text of textsOf(reachable)) {
    for (const key of gateway.emulator.keys) {
      expect(text).not.toContain(key);
    }
    expect(text).not.toContain("type=master");
    expect(text).not.toContain(member.bearerToken);
    expect(text).not.toMatch(/type(=|%3D)resource/i);
  }
  const objects = [...reachable].filter((value) => typeof value === "object" && value !== null);
  expect(objects.filter((value) => value instanceof Secret)).toEqual([]);
  const classes = objects.map((value) => value?.constructor?.name);
  expect(
    classes.filter((name) => /Client|Container|Database|Agent|Pipeline/.test(name ?? "")),
  ).toEqual([]);
  // What carries requests is a plain object: it is known by what it can do.
  expect(objects.filter((value) => value !== null && "sendRequest" in value)).toEqual([]);
});

test("what it sees of a grant is its scope, frozen, and one object for each grant", async () => {
  act = async ({ items }) => {
    const scopes = items.grants;
    expect(Object.keys(scopes[0] ?? {}).sort()).toEqual(
      ["container", "expiresAtMs", "mode", "partitionKey", "permissionId"].sort(),
    );
    expect(scopes.every(Object.isFrozen)).toBe(true);
    const [onOrders] = items.grantsOn("orders");
    expect(Object.isFrozen(onOrders?.partitionKey)).toBe(true);
    expect(items.grants).toContain(onOrders);
    expect(items.grantsOn("orders")[0]).toBe(onOrders);
    return "done";
  };
  expect((await (await gateway.as("contoso-manager")).post("{ own }")).data).toEqual({
    own: "done",
  });
});

test.each([
  ["contoso-member", ["contoso"], undefined],
  ["contoso-member", ["fabrikam"], "FORBIDDEN"],
  ["fabrikam-member", ["contoso"], "FORBIDDEN"],
  ["auditor", ["fabrikam"], undefined],
])("%s reads orders of %s through an own resolver: %s", async (name, partitionKey, code) => {
  act = async ({ items }) => {
    const item = await items.read("orders", "order-1", partitionKey);
    return String(item?.tenantId);
  };
  await gateway.forgetRequests();
  const answer = await (await gateway.as(name)).post("{ own }");
  expect(errorCodes(answer)).toEqual(code === undefined ? [] : [code]);
  if (code === undefined) {
    expect(answer.data).toEqual({ own: partitionKey[0] });
  }
  for (const { authorization, cosmosUser } of itemRequests(await gateway.requests())) {
    expect([authorization, cosmosUser?.endsWith(name)]).toEqual(["resource", true]);
  }
});

test("one caller's item operations go on with that caller's rights in another's request", async () => {
  const contoso = await gateway.as("contoso-member");
  act = async () => "done";
  await contoso.post("{ own }");
  const kept = seen.items;
  act = async () => {
    const item = await kept.read("orders", "order-1", ["fabrikam"]);
    return String(item?.tenantId);
  };
  const answer = await (await gateway.as("fabrikam-member")).post("{ own }");
  expect(errorCodes(answer)).toEqual(["FORBIDDEN"]);
});

test("what an own resolver throws by accident is not told to the client", async () => {
  act = async () => {
    throw new Error("connection string of the warehouse");
  };
  const answer = await (await gateway.as("contoso-member")).post("{ own }");
  expect(errorCodes(answer)).toEqual(["INTERNAL_SERVER_ERROR"]);
  expect(answer.text).not.toContain("warehouse");
});
