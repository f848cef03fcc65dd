/**
 * The emulator with 100,000 items in one container, through `@azure/cosmos`, on 1 and on 4 physical
 * partitions: what a point read, a query in one partition, an ordered one and a full scan take, and
 * how long a start with that data takes, each beside what issue 3 asks for. Ends with exit code 1 if one
 * is missed. `node bench/emulator.bench.ts`; bounded, loopback only.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CosmosClient } from "@azure/cosmos";
import { startEmulator } from "../src/emulator/start-emulator.ts";
import { measure } from "./measure.ts";

const itemCount = 100_000;
const tenantCount = 1_000;

/** Most milliseconds that each may take. */
const targetMs = { quick: 20, scan: 500, start: 3_000 };

const items = Array.from({ length: itemCount }, (_, index) => ({
  id: `item-${index}`,
  tenantId: `tenant-${index % tenantCount}`,
  rank: (index * 7_919) % itemCount,
  name: `Item number ${index}`,
  tags: [`tag-${index % 10}`, `tag-${index % 7}`],
}));

/** The first time is without any index that a query makes for the next. */
const actions: readonly (readonly [
  name: string,
  target: keyof typeof targetMs,
  runs: number,
  query?: string,
  partitionKey?: string,
])[] = [
  ["point read", "quick", 100],
  ["query in one partition (100 items)", "quick", 50, "SELECT * FROM c", "tenant-5"],
  [
    "TOP 20 ORDER BY in one partition",
    "quick",
    50,
    "SELECT TOP 20 * FROM c ORDER BY c.rank",
    "tenant-5",
  ],
  ["TOP 20 ORDER BY over all items", "quick", 50, "SELECT TOP 20 * FROM c ORDER BY c.rank"],
  ["equality over all items", "quick", 50, "SELECT * FROM c WHERE c.rank = 77"],
  ["COUNT over all items", "scan", 20, "SELECT VALUE COUNT(1) FROM c"],
  [
    "COUNT over all items, with a filter that no index serves",
    "scan",
    20,
    "SELECT VALUE COUNT(1) FROM c WHERE CONTAINS(c.name, '7')",
  ],
];

function print(name: string, durationMs: number, limitMs: number, firstMs?: number): void {
  const first = firstMs === undefined ? "" : `, first time ${firstMs.toFixed(1)} ms`;
  const verdict = durationMs <= limitMs ? "" : "   MISSED";
  console.log(
    `  ${name.padEnd(58)} ${durationMs.toFixed(1).padStart(8)} ms (target ${limitMs}${first})${verdict}`,
  );
  if (durationMs > limitMs) {
    process.exitCode = 1;
  }
}

async function run(partitions: number, dataDir: string): Promise<void> {
  console.log(
    `\n${itemCount} items of ${tenantCount} partition keys on ${partitions} partition(s)`,
  );
  const containers = [{ id: "items", partitionKey: { paths: ["/tenantId"] }, items }];
  const first = await startEmulator({
    port: 0,
    dataDir,
    partitions,
    seed: [{ id: "bench", containers }],
  });
  await first.stop();

  const startedMs = performance.now();
  const emulator = await startEmulator({ port: 0, dataDir });
  print("start with that data", performance.now() - startedMs, targetMs.start);

  const client = new CosmosClient({
    endpoint: emulator.endpoint,
    key: emulator.keys[0],
    connectionPolicy: { enableBackgroundEndpointRefreshing: false },
  });
  const container = client.database("bench").container("items");
  // account document, container definition and ranges: a client reads them once
  await container.items.query("SELECT TOP 1 * FROM c ORDER BY c._ts").fetchAll();
  for (const [name, target, runs, query, partitionKey] of actions) {
    const action = (): Promise<unknown> =>
      query === undefined
        ? container.item("item-5", "tenant-5").read()
        : container.items
            .query(query, partitionKey === undefined ? {} : { partitionKey })
            .fetchAll();
    const firstStartedMs = performance.now();
    await action();
    const firstMs = performance.now() - firstStartedMs;
    print(name, (await measure(name, runs, action)).medianMs, targetMs[target], firstMs);
  }
  client.dispose();
  await emulator.stop();
}

for (const partitions of [1, 4]) {
  const dataDir = mkdtempSync(join(tmpdir(), "emulator-bench-"));
  try {
    await run(partitions, dataDir);
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}
