import { randomBytes } from "node:crypto";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Emulator, startEmulator } from "../../../src/emulator/start-emulator.ts";
import { createRestClient, type RestClient } from "./rest-client.ts";

const newKeys = () => ({
  primary: randomBytes(64).toString("base64"),
  secondary: randomBytes(64).toString("base64"),
});
const firstKeys = newKeys();
const ITEM = "dbs/shop/colls/orders/docs/1";
const IN_A = { "x-ms-documentdb-partitionkey": '["a"]' };

let dataDir: string;
let emulator: Emulator;
let rest: RestClient;

async function start(keys: typeof firstKeys): Promise<void> {
  emulator = await startEmulator({
    port: 0,
    dataDir,
    keys,
    seed: [
      {
        id: "shop",
        containers: [
          {
            id: "orders",
            partitionKey: { paths: ["/tenantId"] },
            items: [{ id: "1", tenantId: "a" }],
          },
        ],
      },
    ],
  });
  rest = createRestClient(emulator);
}

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "emulator-users-"));
});

afterAll(async () => {
  await emulator.stop();
  await rm(dataDir, { recursive: true });
});

describe("with a data folder, after a restart with both account keys rolled", () => {
  let before: readonly unknown[];
  let resourceToken: string;

  async function everything(): Promise<readonly unknown[]> {
    const users = (await rest.withKey("GET", "dbs/shop/users")).body;
    const permissions = [];
    for (const { id } of users.Users) {
      const feed = (await rest.withKey("GET", `dbs/shop/users/${id}/permissions`)).body;
      permissions.push(
        feed.Permissions.map(({ _token: _, ...stored }: { _token: string }) => stored),
      );
    }
    return [users, permissions];
  }

  beforeAll(async () => {
    await start(firstKeys);
    for (const id of ["u1", "u2", "u3", "u4"]) {
      await rest.withKey("POST", "dbs/shop/users", { body: { id } });
      for (const key of [undefined, ["a"], [null], [1, "x"]]) {
        const answer = await rest.withKey("POST", `dbs/shop/users/${id}/permissions`, {
          body: {
            id: `p ${JSON.stringify(key)}`,
            permissionMode: "Read",
            resource: "dbs/shop/colls/orders",
            resourcePartitionKey: key,
          },
        });
        if (key?.[0] === "a") {
          resourceToken = answer.body._token;
        }
      }
    }
    await rest.withKey("DELETE", "dbs/shop/users/u2");
    await rest.withKey("PUT", "dbs/shop/users/u3", { body: { id: "renamed" } });
    await rest.withKey("DELETE", "dbs/shop/users/renamed/permissions/p [null]");
    before = await everything();
    await emulator.stop();
    await start(newKeys());
  });

  test("users and permissions are as they were", async () => {
    expect(before[1]).toHaveLength(3);
    expect(await everything()).toEqual(before);
  });

  test("a token that is out is still good, and the old keys are not", async () => {
    const read = await rest.withToken(resourceToken, "GET", ITEM, { headers: IN_A });
    expect(read.body).toMatchObject({ id: "1", tenantId: "a" });
    for (const key of [firstKeys.primary, firstKeys.secondary]) {
      expect((await rest.withKey("GET", ITEM, { headers: IN_A }, key)).status).toBe(401);
    }
  });

  test("uniqueness holds, and new users get new rids", async () => {
    const body = {
      id: "another",
      permissionMode: "All",
      resource: "dbs/shop/colls/orders",
      resourcePartitionKey: ["a"],
    };
    const permissions = "dbs/shop/users/renamed/permissions";
    expect((await rest.withKey("POST", permissions, { body })).status).toBe(409);
    const freed = { ...body, resourcePartitionKey: [null] };
    expect((await rest.withKey("POST", permissions, { body: freed })).status).toBe(201);
    const created = await rest.withKey("POST", "dbs/shop/users", { body: { id: "u5" } });
    const { body: users } = await rest.withKey("GET", "dbs/shop/users");
    const rids = users.Users.map(({ _rid }: { _rid: string }) => _rid);
    expect(new Set(rids).size).toBe(rids.length);
    expect(rids.at(-1)).toBe(created.body._rid);
  });

  test("no token is kept in the folder", async () => {
    const names = await readdir(dataDir, { recursive: true, withFileTypes: true });
    for (const entry of names.filter((each) => each.isFile())) {
      const content = await readFile(join(entry.parentPath, entry.name), "latin1");
      expect(content).not.toContain("type=resource");
      expect(content).not.toContain(resourceToken.slice(24, 64));
    }
  });
});
