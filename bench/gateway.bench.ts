/**
 * What the gateway adds to Cosmos DB: the same reads straight from the emulator through
 * `@azure/cosmos`, and through the gateway with a bearer token; alone and 50 at a time. Everything
 * runs in one process on one machine, so that the ratios say more than the milliseconds.
 * `node bench/gateway.bench.ts`; bounded, loopback only.
 */
import { CosmosClient } from "@azure/cosmos";
import { systemClock } from "../src/clock.ts";
import { loadProject } from "../src/commands/load-project.ts";
import { startDevelopmentGateway } from "../src/dev/development-gateway.ts";
import { measure, report } from "./measure.ts";

const CONCURRENT = 50;
const RUNS = 200;

const gateway = await startDevelopmentGateway({
  loadProject: (overrides) =>
    loadProject("gateway.yaml", { env: {}, workingFolder: process.cwd() }, overrides),
  clock: systemClock,
  observe: () => {},
  port: 0,
  emulatorPort: 0,
});
const client = new CosmosClient({
  endpoint: gateway.emulator.endpoint,
  key: gateway.emulator.keys[0],
  connectionPolicy: { enableBackgroundEndpointRefreshing: false },
});
const orders = client.database("shop").container("orders");

const newBearerToken = (sub: string) =>
  gateway.issuer.issue({ sub, tid: "contoso", roles: ["member"] });
const bearerToken = await newBearerToken("contoso-member");

async function ask(query: string, token = bearerToken): Promise<void> {
  const response = await fetch(`${gateway.address}/graphql`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ query }),
  });
  const { errors } = (await response.json()) as { readonly errors?: unknown };
  if (errors !== undefined) {
    throw new Error(JSON.stringify(errors));
  }
}

const atOnce = (action: () => Promise<unknown>) => () =>
  Promise.all(Array.from({ length: CONCURRENT }, action));

const readDirectly = () => orders.item("order-1", "contoso").read();
const readThroughGateway = () => ask('{ order(id: "order-1") { id status total } }');
const listDirectly = () =>
  orders.items
    .query("SELECT TOP 10 * FROM c ORDER BY c.id", { partitionKey: "contoso" })
    .fetchAll();
const listThroughGateway = () => ask("{ orders(first: 10) { nodes { id status total } } }");

report("Point read", [
  await measure("SDK with the account key, no gateway", RUNS, readDirectly),
  await measure("GraphQL, warm caller", RUNS, readThroughGateway),
  await measure("GraphQL, warm caller, nothing but __typename", RUNS, () => ask("{ __typename }")),
]);
report(`Point read, ${CONCURRENT} at a time`, [
  await measure("SDK with the account key, no gateway", 20, atOnce(readDirectly)),
  await measure("GraphQL, warm caller", 20, atOnce(readThroughGateway)),
]);
report("List of 10 in one partition", [
  await measure("SDK with the account key, no gateway", RUNS, listDirectly),
  await measure("GraphQL, warm caller", RUNS, listThroughGateway),
]);

let callers = 0;
const tokens = await Promise.all(
  Array.from({ length: RUNS + 10 }, (_, index) => newBearerToken(`newcomer-${index}`)),
);
report("Callers", [
  await measure("warm caller", RUNS, readThroughGateway),
  await measure("first request ever: verify, user, 3 permissions", RUNS / 2, async () => {
    callers += 1;
    await ask('{ order(id: "order-1") { id } }', tokens[callers]);
  }),
]);

client.dispose();
await gateway.stop();
