import type { Access, WantedPermission } from "../../src/access/access.ts";
import type { Clock } from "../../src/clock.ts";
import type { TokensConfig } from "../../src/config/config.ts";
import { createCosmosTransport } from "../../src/cosmos/cosmos-transport.ts";
import { createMetadataCache } from "../../src/cosmos/metadata-cache.ts";
import { type SeedContainer, startEmulator } from "../../src/emulator/start-emulator.ts";
import { createScopedItems } from "../../src/items/scoped-items.ts";
import type { Observation } from "../../src/observability/observation.ts";
import { Secret } from "../../src/secret.ts";
import { createAccountClient } from "../../src/tokens/account-client.ts";
import { createGrantCache } from "../../src/tokens/grant-cache.ts";
import { emulatorControls } from "../emulator-controls.ts";

export interface ProcessOptions {
  readonly keys?: readonly string[];
  readonly database?: string;
  readonly endpoint?: string;
  readonly tokens?: Partial<TokensConfig>;
  readonly clock?: Clock;
}

const shopContainers: readonly SeedContainer[] = [
  {
    id: "orders",
    partitionKey: { paths: ["/tenantId"] },
    items: [
      { id: "1", tenantId: "contoso", total: 30 },
      { id: "2", tenantId: "contoso", total: 10 },
      { id: "3", tenantId: "contoso", total: 20 },
      { id: "1", tenantId: "fabrikam", total: 99 },
    ],
  },
  {
    id: "carts",
    partitionKey: { paths: ["/tenantId", "/customerId"], kind: "MultiHash" },
    items: [{ id: "cart", tenantId: "contoso", customerId: "ann" }],
  },
];

/** The emulator with a small shop in it, and what the gateway builds on it, as often as a test wants. */
export async function startEmulatedShop(
  options: { readonly partitions?: number; readonly containers?: readonly SeedContainer[] } = {},
) {
  const emulator = await startEmulator({
    port: 0,
    testControls: true,
    partitions: options.partitions ?? 1,
    seed: [{ id: "shop", containers: [...shopContainers, ...(options.containers ?? [])] }],
  });
  const transport = createCosmosTransport();
  /** What one gateway process has: an account client, a grant cache, and shared item metadata. */
  const startProcess = (process: ProcessOptions = {}) => {
    const observations: Observation[] = [];
    const observe = (observation: Observation) => {
      observations.push(observation);
    };
    const clock = process.clock ?? { nowMs: () => Date.now() };
    const endpoint = process.endpoint ?? emulator.endpoint;
    const database = process.database ?? "shop";
    const { httpClient } = transport;
    const accountClient = createAccountClient({
      endpoint,
      keys: (process.keys ?? emulator.keys).map((key) => new Secret(key)),
      database,
      httpClient,
      observe,
    });
    const tokens: TokensConfig = {
      lifetimeSeconds: 3600,
      refreshAheadSeconds: 600,
      maxCachedUsers: 1000,
      provision: "auto",
      issue: false,
      ...process.tokens,
    };
    const grantCache = createGrantCache({ accountClient, tokens, clock, observe });
    const openItems = createScopedItems({
      endpoint,
      database,
      httpClient,
      metadata: createMetadataCache(clock),
      clock,
      renew: grantCache.renew,
    });
    return { accountClient, grantCache, openItems, observations, tokens, clock };
  };

  return {
    emulator,
    startProcess,
    ...emulatorControls(emulator.endpoint),
    stop: async () => {
      transport.close();
      await emulator.stop();
    },
  };
}

export type EmulatedShop = Awaited<ReturnType<typeof startEmulatedShop>>;
export type EmulatedProcess = ReturnType<EmulatedShop["startProcess"]>;

/** A wanted permission with an id as access profiles make it: of resource and partition, not of mode. */
export function wants(
  container: string,
  mode: "Read" | "All",
  scope: Pick<WantedPermission, "partitionKey" | "item"> = {},
): WantedPermission {
  const id = [container, scope.item, ...(scope.partitionKey ?? [])].filter(
    (part) => part !== undefined,
  );
  return { permissionId: `gateway-${id.join("-")}`, container, mode, ...scope };
}

export function accessOf(
  cosmosUserId: string,
  ...wantedPermissions: readonly WantedPermission[]
): Access {
  return { profile: "test", cosmosUserId, wantedPermissions };
}

/** A clock that stands still until it is moved. */
export function createStoppedClock(startMs = Date.now()) {
  let nowMs = startMs;
  return {
    nowMs: () => nowMs,
    advanceSeconds: (seconds: number) => {
      nowMs += seconds * 1000;
    },
  };
}
