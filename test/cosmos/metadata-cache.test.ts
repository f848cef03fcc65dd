import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createMetadataCache } from "../../src/cosmos/metadata-cache.ts";
import {
  accessOf,
  createStoppedClock,
  type EmulatedShop,
  startEmulatedShop,
  wants,
} from "../tokens/emulated-shop.ts";

let shop: EmulatedShop;

beforeEach(async () => {
  shop = await startEmulatedShop();
});

afterEach(() => shop.stop());

const owner = accessOf("owner", wants("orders", "All"));

/** Lines of the log that are about the account or a container, not about items or users. */
async function metadataReads(): Promise<readonly string[]> {
  return (await shop.requests())
    .filter(({ path }) => !path.includes("/docs") && !path.includes("/users"))
    .map(({ method, path, status }) => `${method} ${path} ${status}`);
}

async function codeOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => "no error",
    (error: { readonly code?: unknown }) => error.code,
  );
}

describe("account and container metadata", () => {
  test("one user's refusal does not fail the others: the next in line reads with its own token", async () => {
    const { grantCache, openItems } = shop.startProcess();
    const grants = await grantCache.grantsFor(owner);
    await shop.addFault({ match: { path: "^/$" }, status: 403 });
    const reads = Array.from({ length: 20 }, () =>
      codeOf(openItems(owner, grants).read("orders", "1", ["contoso"])),
    );
    const codes = await Promise.all(reads);
    expect(codes.filter((code) => code !== "no error")).toEqual(["FORBIDDEN"]);
    expect(await metadataReads()).toEqual(["GET / 403", "GET / 200"]);
  });

  test("a failure of Cosmos DB is everybody's, and is not kept", async () => {
    const { grantCache, openItems } = shop.startProcess();
    const grants = await grantCache.grantsFor(owner);
    await shop.addFault({ match: { path: "^/$" }, status: 500, delayMs: 20 });
    const reads = Array.from({ length: 20 }, () =>
      codeOf(openItems(owner, grants).read("orders", "1", ["contoso"])),
    );
    expect(new Set(await Promise.all(reads))).toEqual(new Set(["UPSTREAM_UNAVAILABLE"]));
    expect(await codeOf(openItems(owner, grants).read("orders", "1", ["contoso"]))).toBe(
      "no error",
    );
    expect(await metadataReads()).toEqual(["GET / 500", "GET / 200"]);
  });

  test("one caller's deadline does not fail the others", async () => {
    const { grantCache, openItems } = shop.startProcess();
    const grants = await grantCache.grantsFor(owner);
    await shop.addFault({ match: { path: "^/$" }, delayMs: 100 });
    const deadline = new AbortController();
    const first = openItems(owner, grants, { signal: deadline.signal });
    const cutOff = codeOf(first.read("orders", "1", ["contoso"]));
    const others = Array.from({ length: 5 }, () =>
      codeOf(openItems(owner, grants).read("orders", "1", ["contoso"])),
    );
    deadline.abort();
    expect(await cutOff).toBe("TIMEOUT");
    expect(await Promise.all(others)).toEqual(Array(5).fill("no error"));
  });

  test("a write that is forbidden because another region took over reads the account again", async () => {
    const clock = createStoppedClock();
    const { grantCache, openItems } = shop.startProcess({ clock });
    const items = openItems(owner, await grantCache.grantsFor(owner));
    const body = { id: "n", tenantId: "contoso" };
    await items.upsert("orders", body, ["contoso"]);
    await shop.forgetRequests();
    clock.advanceSeconds(2);
    await shop.addFault({ match: { method: "POST" }, status: 403, substatus: 3 });
    expect(await items.upsert("orders", body, ["contoso"])).toMatchObject({ id: "n" });
    expect(await metadataReads()).toEqual(["GET / 200"]);
  });

  test("an endpoint that does not answer has the account read again", async () => {
    const clock = createStoppedClock();
    const { grantCache, openItems } = shop.startProcess({ clock });
    const items = openItems(owner, await grantCache.grantsFor(owner));
    await items.read("orders", "1", ["contoso"]);
    await shop.forgetRequests();
    clock.advanceSeconds(2);
    await shop.addFault({ match: { path: "/docs/" }, drop: true, times: 2 });
    expect(await codeOf(items.read("orders", "1", ["contoso"]))).toBe("UPSTREAM_UNAVAILABLE");
    expect(await codeOf(items.read("orders", "1", ["contoso"]))).toBe("no error");
    expect(await metadataReads()).toEqual(["GET / 200"]);
  });

  test("what is out of date is read again even if the clock was put back", async () => {
    const clock = createStoppedClock();
    const { grantCache, openItems } = shop.startProcess({ clock });
    const items = openItems(owner, await grantCache.grantsFor(owner));
    const body = { id: "n", tenantId: "contoso" };
    await items.upsert("orders", body, ["contoso"]);
    await shop.forgetRequests();
    clock.advanceSeconds(-1200);
    await shop.addFault({ match: { method: "POST" }, status: 403, substatus: 3 });
    expect(await items.upsert("orders", body, ["contoso"])).toMatchObject({ id: "n" });
    expect(await metadataReads()).toEqual(["GET / 200"]);
  });

  test.each([
    [410, 1002],
    [400, 1001],
    [404, 1003],
  ])(
    "a %d/%d has the container read again, though not more than once a second",
    async (status, substatus) => {
      const clock = createStoppedClock();
      const { grantCache, openItems } = shop.startProcess({ clock });
      const items = openItems(owner, await grantCache.grantsFor(owner));
      const create = (id: string) =>
        codeOf(items.create("orders", { id, tenantId: "contoso" }, ["contoso"]));
      await create("a");
      await shop.forgetRequests();

      await shop.addFault({ match: { method: "POST" }, status, substatus });
      await create("b");
      await create("c");
      expect(await metadataReads()).toEqual([]);

      clock.advanceSeconds(2);
      await shop.addFault({ match: { method: "POST" }, status, substatus });
      await create("d");
      await create("e");
      expect(await metadataReads()).toEqual(["GET /dbs/shop/colls/orders 200"]);
    },
  );
});

test("who waits for another's read does not read after its own deadline", async () => {
  const metadata = createMetadataCache(createStoppedClock());
  const gaveUp = Object.assign(new Error("given up"), { name: "AbortError" });
  const deadline = new AbortController();
  let isSent = false;
  const first = metadata.read(
    "account",
    "/",
    async () => {
      deadline.abort(gaveUp);
      throw gaveUp;
    },
    new AbortController().signal,
  );
  const second = metadata.read(
    "account",
    "/",
    async () => {
      isSent = true;
      throw gaveUp;
    },
    deadline.signal,
  );
  expect(await Promise.allSettled([first, second])).toMatchObject([
    { reason: gaveUp },
    { reason: gaveUp },
  ]);
  expect(isSent).toBe(false);
});
