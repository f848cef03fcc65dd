import { readFileSync } from "node:fs";
import { CosmosClient } from "@azure/cosmos";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { emulatorCommand } from "../../../src/commands/emulator.ts";
import { AGGREGATE_FUNCTIONS } from "../../../src/emulator/sql/functions/aggregate-functions.ts";
import { BUILTINS } from "../../../src/emulator/sql/functions/builtins.ts";
import { startEmulator } from "../../../src/emulator/start-emulator.ts";
import { errorOf, startTestAccount, type TestAccount } from "../test-account.ts";
import { rowsOf } from "./run-query.ts";

const page = readFileSync(new URL("../../../docs/emulator.md", import.meta.url), "utf8");

/** The rows of the table whose head begins with these words, each as its cells. */
function tableAfter(head: string): readonly (readonly string[])[] {
  const lines = page.split("\n");
  const start = lines.findIndex((line) => line.startsWith(`| ${head} |`)) + 2;
  const end = lines.findIndex((line, index) => index > start && !line.startsWith("|"));
  return lines.slice(start, end).map((line) =>
    line
      .slice(1, -1)
      .split("|")
      .map((cell) => cell.trim()),
  );
}

/** What a cell has between its backticks. */
const codeOf = (cell = ""): string => cell.replace(/^`|`$/g, "");

/** The page's fenced blocks in a language, in order. */
function blocksIn(language: string): readonly string[] {
  const fences = page.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, "gm"));
  return [...fences].map(([, text]) => text ?? "");
}

let account: TestAccount;

beforeAll(async () => {
  account = await startTestAccount({ partitions: 2 });
  const container = await account.createContainer();
  await container.items.create({ id: "1", pk: "a", n: 1, name: "aa", list: [1] });
  await container.scripts.storedProcedures.create({ id: "s", body: "function () {}" });
  await container.scripts.userDefinedFunctions.create({ id: "f", body: "function () {}" });
});
afterAll(() => account.stop());

describe("the emulator's page", () => {
  test("has every option of the command, with its default", () => {
    const options = tableAfter("option").map(([option, preset]) => [
      codeOf(option),
      codeOf(preset),
    ]);
    expect(options.map(([option]) => option)).toEqual(
      Object.keys(emulatorCommand.options).map((name) => `--${name}`),
    );
    for (const [option, preset] of options) {
      const { default: expected } = emulatorCommand.options[option?.slice(2) ?? ""] ?? {};
      expect(expected ?? preset).toBe(preset);
    }
  });

  test("has every function, and no other", () => {
    const listed = tableAfter("functions").flatMap(([, cell]) =>
      [...(cell ?? "").matchAll(/`(\w+)`/g)].map(([, name]) => name),
    );
    expect([...listed].sort()).toEqual([...BUILTINS.keys(), ...AGGREGATE_FUNCTIONS.keys()].sort());
  });

  test("shows a client that works, in its partition alone", async () => {
    const emulator = await startEmulator({ port: 0 });
    const [block = ""] = blocksIn("js");
    expect(block).toContain(emulator.keys[0]);
    const code = block
      .replace(/^import .*$/gm, "")
      .replaceAll("http://localhost:8081", emulator.endpoint.replace(/\/$/, ""));
    const AsyncFunction = (async () => {}).constructor as FunctionConstructor;
    const run = AsyncFunction("CosmosClient", `${code}; return { resources, reader, client };`);
    const { resources, reader, client } = (await run(CosmosClient)) as {
      readonly resources: unknown;
      readonly reader: CosmosClient;
      readonly client: CosmosClient;
    };
    expect(resources).toEqual([12.5]);
    const orders = reader.database("shop").container("orders");
    expect((await errorOf(rowsOf(orders, "SELECT VALUE o.total FROM o"))).code).toBe(403);
    reader.dispose();
    client.dispose();
    await emulator.stop();
  });

  test.each(blocksIn("http").map((block) => [block.split("\n", 1)[0] ?? "", block] as const))(
    "has a test control that works: %s",
    async (line, block) => {
      const controlled = await startTestAccount();
      const [method = "", path = ""] = line.split(" ");
      const body = block.slice(line.length).trim();
      const answer = await controlled.send(method, path, {
        authorization: null,
        ...(body === "" ? {} : { body }),
      });
      expect(answer.status).toBeLessThan(300);
      await controlled.stop();
    },
  );

  test("names what the request log shows", async () => {
    await account.send("GET", "/dbs");
    const [entry = {}] = await account.requests();
    const shown = page.slice(page.indexOf("Each request is shown with its"));
    for (const name of Object.keys(entry)) {
      expect(shown).toContain(`\`${name}\``);
    }
  });
});

describe("what the page says is refused", () => {
  test.each(tableAfter("request"))("%s %s %s", async (request, headers, body, message) => {
    const [method = "", path = ""] = codeOf(request).split(" ");
    const answer = await account.send(method, path, {
      headers: {
        "x-ms-documentdb-partitionkey": '["a"]',
        ...(JSON.parse(codeOf(headers) || "{}") as Record<string, string>),
      },
      ...(body === "" ? {} : { body: codeOf(body) }),
    });
    expect(answer).toMatchObject({ status: 501, body: { code: "NotImplemented" } });
    expect(answer.body.message.startsWith(message)).toBe(true);
  });

  test.each(tableAfter("query"))("%s", async (query, message) => {
    const container = account.client.database("db").container("c1");
    for (const options of [{ partitionKey: "a" }, {}]) {
      const error = await errorOf(rowsOf(container, codeOf(query), options));
      expect(error.code).toBe(501);
      expect(error.message.replace(/^Message: /, "").startsWith(message ?? "")).toBe(true);
    }
  });

  test("changing throughput", async () => {
    const [offer] = (await account.client.offers.readAll().fetchAll()).resources;
    const error = await errorOf(account.client.offer(offer?.id ?? "").replace(offer as never));
    expect(error.code).toBe(501);
    expect(error.message).toContain("Changing throughput");
  });

  test("the binary batch of the .NET SDK", async () => {
    const answer = await account.send("POST", "/dbs/db/colls/c1/docs", {
      headers: {
        "x-ms-documentdb-partitionkey": '["a"]',
        "x-ms-cosmos-is-batch-request": "True",
        "x-ms-cosmos-batch-atomic": "True",
      },
      body: Buffer.from([0x81, 0, 0, 0]),
    });
    expect(answer.status).toBe(501);
    expect(answer.body.message).toContain("HybridRow");
  });
});
