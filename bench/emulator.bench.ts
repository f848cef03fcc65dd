/**
 * The emulator with 100,000 items in one container, through `@azure/cosmos`: what a point read, a
 * query in one partition, an ordered one and a full scan take, and how long a start with that data
 * takes. `node bench/emulator.bench.ts`; bounded, loopback only.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CosmosClient } from "@azure/cosmos";
import { startEmulator } from "../src/emulator/emulator.ts";
import { measure, report } from "./measure.ts";

const ITEMS = 100_000;
const PARTITIONS = 1_000;

const items = Array.from({ length: ITEMS }, (_, index) => ({
  id: `item-${index}`,
  tenantId: `tenant-${index % PARTITIONS}`,
  rank: (index * 7_919) % ITEMS,
  name: `Item number ${index}`,
  tags: [`tag-${index % 10}`, `tag-${index % 7}`],
}));

const dataDir = mkdtempSync(join(tmpdir(), "emulator-bench-"));
try {
  const seed = [
    { id: "bench", containers: [{ id: "items", partitionKey: { paths: ["/tenantId"] }, items }] },
  ];
  const first = await startEmulator({ port: 0, dataDir, seed });
  await first.stop();

  const startMs = performance.now();
  const emulator = await startEmulator({ port: 0, dataDir });
  console.log(`Start with ${ITEMS} items: ${(performance.now() - startMs).toFixed(0)} ms`);

  const client = new CosmosClient({
    endpoint: emulator.endpoint,
    key: emulator.keys[0],
    connectionPolicy: { enableBackgroundEndpointRefreshing: false },
  });
  const container = client.database("bench").container("items");
  const query = (text: string, partitionKey?: string) => () =>
    container.items.query(text, partitionKey === undefined ? {} : { partitionKey }).fetchAll();

  report(`${ITEMS} items in ${PARTITIONS} partitions`, [
    await measure("point read", 50, () => container.item("item-5", "tenant-5").read()),
    await measure("query in one partition (100 items)", 20, query("SELECT * FROM c", "tenant-5")),
    await measure(
      "TOP 20 ORDER BY in one partition",
      20,
      query("SELECT TOP 20 * FROM c ORDER BY c.rank", "tenant-5"),
    ),
    await measure(
      "TOP 20 ORDER BY over all items",
      20,
      query("SELECT TOP 20 * FROM c ORDER BY c.rank"),
    ),
    await measure("equality on one property", 20, query("SELECT * FROM c WHERE c.rank = 77")),
    await measure(
      "COUNT over all items",
      10,
      query("SELECT VALUE COUNT(1) FROM c WHERE c.rank >= 0"),
    ),
  ]);
  client.dispose();
  await emulator.stop();
} finally {
  rmSync(dataDir, { recursive: true, force: true });
}
