import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { CosmosClient } from "@azure/cosmos";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createEmulatorClock, type EmulatorClock } from "../../src/emulator/emulator-clock.ts";
import { openStore } from "../../src/emulator/persistence/open-store.ts";
import { addContainer } from "../../src/emulator/routes/container-routes.ts";
import { addDatabase } from "../../src/emulator/routes/database-routes.ts";
import type { AccountStore } from "../../src/emulator/store/account-store.ts";
import { beginTransaction } from "../../src/emulator/store/partition-transaction.ts";
import { startTestAccount, type TestAccount } from "./test-account.ts";

let dataDir: string;
const accounts: TestAccount[] = [];
const processes: ChildProcess[] = [];

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "emulator-"));
});
afterEach(async () => {
  for (const account of accounts.splice(0)) {
    await account.stop();
  }
  for (const child of processes.splice(0)) {
    child.kill("SIGKILL");
  }
  rmSync(dataDir, { recursive: true, force: true });
});

async function open(partitions = 1): Promise<TestAccount> {
  const account = await startTestAccount({ dataDir, partitions });
  accounts.push(account);
  return account;
}

async function restart(): Promise<TestAccount> {
  await accounts.pop()?.stop();
  return open();
}

describe("a data folder", () => {
  test("keeps everything across a restart, to the last byte", async () => {
    let account = await open(4);
    const container = await account.createContainer({ id: "c", defaultTtl: -1, throughput: 500 });
    await account.createContainer({ id: "scales", maxThroughput: 4000 });
    await container.items.create({ id: "1", pk: "a", list: [1, { x: null }], text: "ü😀\u2028" });
    await container.items.create({ id: "2", pk: "b" });
    await container.items.upsert({ id: "1", pk: "a", n: 2 });
    await container.item("2", "b").delete();
    await container.scripts.userDefinedFunctions.create({ id: "f", body: "function f() {}" });
    const { users } = account.client.database("db");
    await users.create({ id: "ann" });
    await account.client
      .database("db")
      .user("ann")
      .permissions.create({
        id: "p",
        permissionMode: "Read" as never,
        resource: "dbs/db/colls/c",
      });
    const everything = async () => ({
      database: (await account.client.database("db").read()).resource,
      container: (await account.client.database("db").container("c").read()).resource,
      items: (await account.send("GET", "/dbs/db/colls/c/docs")).body,
      feed: (
        await account.send("GET", "/dbs/db/colls/c/docs", {
          headers: { "a-im": "Incremental feed", "x-ms-documentdb-partitionkey": '["a"]' },
        })
      ).body,
      ranges: (await account.send("GET", "/dbs/db/colls/c/pkranges")).body,
      scripts: (await account.send("GET", "/dbs/db/colls/c/udfs")).body,
      users: (await account.send("GET", "/dbs/db/users")).body,
      offers: (await account.send("GET", "/offers")).body,
    });
    const before = await everything();
    account = await restart();
    expect(await everything()).toEqual(before);
    const { resource } = await account.client.database("db").user("ann").permission("p").read();
    expect(resource?.id).toBe("p");
  });

  test("a resource token outlives a restart", async () => {
    let account = await open();
    const container = await account.createContainer({ id: "c" });
    await container.items.create({ id: "1", pk: "a" });
    await account.client.database("db").users.create({ id: "ann" });
    const { resource } = await account.client
      .database("db")
      .user("ann")
      .permissions.create({
        id: "p",
        permissionMode: "Read" as never,
        resource: "dbs/db/colls/c",
      });
    account = await restart();
    const { status } = await account.send("GET", "/dbs/db/colls/c/docs/1", {
      headers: { "x-ms-documentdb-partitionkey": '["a"]' },
      authorization: encodeURIComponent(resource?._token ?? ""),
    });
    expect(status).toBe(200);
  });

  test("numbers go on where they were: no rid or lsn is given twice", async () => {
    let account = await open();
    let container = await account.createContainer({ id: "c" });
    const first = await container.items.create({ id: "1", pk: "a" });
    await container.item("1", "a").delete();
    account = await restart();
    container = account.client.database("db").container("c");
    const second = await container.items.create({ id: "1", pk: "a" });
    expect(second.resource?._rid).not.toBe(first.resource?._rid);
    expect(second.headers["x-ms-session-token"]).toBe("0:-1#3");
  });

  test("a seed is laid only where its database is not there yet", async () => {
    const seed = [
      {
        id: "shop",
        containers: [{ id: "c", partitionKey: { paths: ["/pk"] }, items: [{ id: "1", pk: "a" }] }],
      },
    ];
    let account = await startTestAccount({ dataDir, seed });
    await account.client.database("shop").container("c").item("1", "a").delete();
    await account.stop();
    account = await startTestAccount({ dataDir, seed });
    accounts.push(account);
    const { statusCode } = await account.client
      .database("shop")
      .container("c")
      .item("1", "a")
      .read();
    expect(statusCode).toBe(404);
  });

  test("holds items longer than what is read at a time", async () => {
    let account = await open();
    const container = await account.createContainer({ id: "c" });
    const texts = [1_500_000, 10, 1_048_576, 1_900_000, 3].map((length) => "ü".repeat(length / 2));
    for (const [index, text] of texts.entries()) {
      await container.items.create({ id: String(index), pk: "a", text });
    }
    account = await restart();
    const recovered = account.client.database("db").container("c");
    for (const [index, text] of texts.entries()) {
      const { resource } = await recovered.item(String(index), "a").read();
      expect(resource?.text === text).toBe(true);
    }
  });

  test("is held by one emulator at a time", async () => {
    await open();
    await expect(startTestAccount({ dataDir })).rejects.toThrow(
      `The data folder ${dataDir} is in use by process ${process.pid}.`,
    );
    // the refused one has not taken the lock of the other along
    await expect(startTestAccount({ dataDir })).rejects.toThrow(/in use by process/);
    await restart();
  });

  const lockPath = (): string => join(dataDir, "lock");

  test.each([
    ["a killed process", { processId: 999_999_999, startedAt: "boot 1", host: hostname() }],
    ["an earlier version", 999_999_999],
    ["a process whose id was given again", { processId: process.pid, startedAt: "boot 1" }],
    ["a process that did not come to write it", ""],
    ["nobody that can be told", "{"],
  ])("a lock that %s left behind is taken over", async (_, lock) => {
    writeFileSync(lockPath(), typeof lock === "string" ? lock : JSON.stringify(lock));
    await open();
    expect(JSON.parse(readFileSync(lockPath(), "utf8"))).toMatchObject({ processId: process.pid });
    await expect(startTestAccount({ dataDir })).rejects.toThrow(/in use by process/);
    await accounts.pop()?.stop();
    expect(readdirSync(dataDir).filter((name) => name.startsWith("lock"))).toEqual([]);
  });

  test("a lock of another machine is respected: it can't be told whether that process runs", async () => {
    const lock = JSON.stringify({ processId: 7, host: "elsewhere.invalid" });
    writeFileSync(lockPath(), lock);
    await expect(startTestAccount({ dataDir })).rejects.toThrow(
      `in use by process 7 of elsewhere.invalid. If that has ended, delete ${lockPath()}.`,
    );
    expect(readFileSync(lockPath(), "utf8")).toBe(lock);
  });

  test("of ten processes that find a lock left behind, one gets the folder", async () => {
    writeFileSync(lockPath(), "999999999");
    const lockModule = new URL("../../src/emulator/persistence/folder-lock.ts", import.meta.url);
    const script = `
      import { takeFolderLock } from ${JSON.stringify(lockModule.href)};
      try {
        takeFolderLock(${JSON.stringify(dataDir)});
        console.log("taken");
        setTimeout(() => {}, 60_000);
      } catch (error) {
        console.log(error.message.includes("in use") ? "refused" : error.message);
      }`;
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, async () => {
        const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
          stdio: ["ignore", "pipe", "inherit"],
        });
        processes.push(child);
        const [line] = (await once(child.stdout, "data")) as [Buffer];
        return line.toString().trim();
      }),
    );
    expect(outcomes.sort()).toEqual([...Array(9).fill("refused"), "taken"]);
  });

  const logPath = (): string =>
    join(dataDir, readdirSync(dataDir).find((name) => name.startsWith("log-")) ?? "");

  test("a torn last line is left out, and writing goes on behind the whole ones", async () => {
    let account = await open();
    const container = await account.createContainer({ id: "c" });
    await container.items.create({ id: "1", pk: "a" });
    await accounts.pop()?.stop();
    appendFileSync(logPath(), 'deadbeef {"kind":"itemsChanged","contai');
    account = await open();
    await account.client.database("db").container("c").items.create({ id: "2", pk: "a" });
    account = await restart();
    const { body } = await account.send("GET", "/dbs/db/colls/c/docs");
    expect(body.Documents.map(({ id }: { id: string }) => id)).toEqual(["1", "2"]);
  });

  test("damage in the middle is named and not passed over", async () => {
    const account = await open();
    await account.createContainer({ id: "c" });
    await accounts.pop()?.stop();
    const text = readFileSync(logPath(), "utf8");
    writeFileSync(logPath(), text.replace('"db"', '"DB"'));
    await expect(startTestAccount({ dataDir })).rejects.toThrow(/damaged: .*log-0\.jsonl, line 1/);
  });

  test("keeps the order of creation of a batch that writes its first item again", async () => {
    const clock = createEmulatorClock();
    // the log alone, and then a snapshot as well
    for (const [id, compactionBytes] of [
      ["log", 64_000_000],
      ["snapshot", 1],
    ] as const) {
      const folder = join(dataDir, id);
      const before = openStore(clock, folder, compactionBytes);
      const container = addContainer(
        before.store,
        addDatabase(before.store, "db"),
        { id: "c", partitionKey: { paths: ["/pk"] } },
        { partitions: 1 },
      );
      const transaction = beginTransaction(container, ["p"], clock);
      for (const item of ["a", "b", "a"]) {
        transaction.write(item, { id: item, pk: "p" });
      }
      const change = transaction.commit();
      expect(change).toBeDefined();
      before.store.commit(change as NonNullable<typeof change>);
      await new Promise((resolve) => setTimeout(resolve, 50));
      // makes the snapshot
      addDatabase(before.store, "other");
      await before.closeStore();
      const after = openStore(clock, folder, compactionBytes);
      expect(stateOf(after.store)).toEqual(stateOf(before.store));
      expect(stateOf(after.store)).toMatchObject({
        containers: [{ partitions: [{ items: [{ id: "a" }, { id: "b" }], changes: [2, 3] }] }],
      });
      await after.closeStore();
    }
  });

  test.each([
    ["a last line that was changed", (text: string) => text.replace(/.\n$/, "!\n"), /line \d+\./],
    ["another file's text", () => "not a log", /behind byte 0\./],
    [
      "another file's text behind the lines",
      (text: string) => `${text}<html>`,
      /behind byte \d+\./,
    ],
  ])("a log with %s is damaged, and stays as it is", async (_, damage, place) => {
    const account = await open();
    await account.createContainer();
    await accounts.pop()?.stop();
    const damaged = damage(readFileSync(logPath(), "utf8"));
    writeFileSync(logPath(), damaged);
    await expect(startTestAccount({ dataDir })).rejects.toThrow(place);
    expect(readFileSync(logPath(), "utf8")).toBe(damaged);
  });

  test("a cut secret of resource tokens is damage", async () => {
    await open();
    await accounts.pop()?.stop();
    writeFileSync(join(dataDir, "resource-token-secret"), "");
    await expect(startTestAccount({ dataDir })).rejects.toThrow(/damaged: .*resource-token-secret/);
  });

  test("snapshots replace a grown log while writing goes on, and nothing is lost or moved", async () => {
    const clock = createEmulatorClock();
    const initial = openStore(clock, dataDir, 20_000);
    const database = addDatabase(initial.store, "db");
    const partitionKey = { paths: ["/pk"] };
    addContainer(initial.store, database, { id: "c", partitionKey }, { partitions: 4 });
    const { rid } = addDatabase(initial.store, "gone");
    initial.store.commit({ kind: "databaseDeleted", databaseRid: rid });
    await initial.closeStore();

    let index = 0;
    for (let round = 0; round < 5; round++) {
      const before = openStore(clock, dataDir, 20_000);
      for (let write = 0; write < 297; write++) {
        index += 1;
        writeOrRemove(before.store, clock, index);
        if (write % 20 === 0) {
          // a snapshot is written between two turns of the event loop
          await new Promise((resolve) => setTimeout(resolve, 1));
        }
      }
      await before.closeStore();
      const after = openStore(clock, dataDir, 20_000);
      expect(stateOf(after.store)).toEqual(stateOf(before.store));
      await after.closeStore();
    }
    expect(readdirSync(dataDir).filter((name) => name.startsWith("snapshot-"))).toHaveLength(1);
  });
});

/** One write among 120 items of 10 partition keys: creates, replaces and, each fifth time, deletes. */
function writeOrRemove(store: AccountStore, clock: EmulatorClock, index: number): void {
  const container = store.databases.get("db")?.containers.get("c");
  if (container === undefined) {
    throw new Error("The container is gone.");
  }
  const pk = `p${index % 10}`;
  const id = String((index * 7) % 120);
  const transaction = beginTransaction(container, [pk], clock);
  if (index % 5 === 4 && transaction.read(id) !== undefined) {
    transaction.remove(id);
  } else {
    transaction.write(id, { id, pk, index });
  }
  const change = transaction.commit();
  if (change !== undefined) {
    store.commit(change);
  }
}

/** What must be the same after a restart, in its order. */
function stateOf(store: AccountStore): unknown {
  return {
    databaseCount: store.databaseCount,
    containers: [...store.databases.values()].flatMap(({ containers }) =>
      [...containers.values()].map(({ lastNumber, partitions }) => ({
        lastNumber,
        partitions: partitions.map(({ lsn, items, changes }) => ({
          lsn,
          items: [...items.values()],
          changes: [...changes.keys()],
        })),
      })),
    ),
  };
}

describe("kill -9", () => {
  const entry = new URL("../../src/emulator/start-emulator.ts", import.meta.url);

  /** An emulator in a process of its own. */
  async function startProcess(): Promise<{
    readonly process: ChildProcess;
    readonly endpoint: string;
  }> {
    const script = `
      import { startEmulator } from ${JSON.stringify(entry.href)};
      const emulator = await startEmulator({ port: 0, dataDir: ${JSON.stringify(dataDir)} });
      console.log(emulator.endpoint);`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
      cwd: fileURLToPath(new URL("../..", import.meta.url)),
      stdio: ["ignore", "pipe", "inherit"],
    });
    processes.push(child);
    const [line] = (await once(child.stdout, "data")) as [Buffer];
    return { process: child, endpoint: line.toString().trim() };
  }

  test("in the middle of a thousand writes loses no acknowledged one", async () => {
    const account = await open();
    await account.createContainer({ id: "c" });
    const { key } = account;
    await accounts.pop()?.stop();
    const running = await startProcess();
    const client = new CosmosClient({
      endpoint: running.endpoint,
      key,
      connectionPolicy: {
        enableBackgroundEndpointRefreshing: false,
        retryOptions: {
          maxRetryAttemptCount: 0,
          fixedRetryIntervalInMilliseconds: 0,
          maxWaitTimeInSeconds: 0,
        },
        requestTimeout: 2000,
      },
    });
    const container = client.database("db").container("c");
    await container.read();
    const acknowledged: string[] = [];
    const exited = once(running.process, "exit");
    const writers = Array.from({ length: 10 }, async (_, writer) => {
      for (let index = 0; index < 100; index++) {
        const id = `${writer}-${index}`;
        await container.items.create({ id, pk: `p${writer}`, text: "x".repeat(500) });
        acknowledged.push(id);
        if (acknowledged.length === 300) {
          running.process.kill("SIGKILL");
        }
      }
    });
    await Promise.allSettled(writers);
    await exited;
    client.dispose();
    expect(acknowledged.length).toBeGreaterThanOrEqual(300);
    expect(acknowledged.length).toBeLessThan(1000);
    const recovered = await open();
    const { resources } = await recovered.client
      .database("db")
      .container("c")
      .items.query("SELECT VALUE c.id FROM c")
      .fetchAll();
    expect(resources).toEqual(expect.arrayContaining(acknowledged));
    // a write under way at that moment may be there or not, but no more than the writers had under way
    expect(resources.length).toBeLessThanOrEqual(acknowledged.length + writers.length);
  });
});
