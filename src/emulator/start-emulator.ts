import { createTestControls } from "./controls/test-controls.ts";
import { createEmulatorClock, type EmulatorClock } from "./emulator-clock.ts";
import { createRequestHandler } from "./handle-request.ts";
import { createSelfSignedCertificate } from "./http/self-signed-certificate.ts";
import { startServer } from "./http/server.ts";
import { type OpenStore, openStore } from "./persistence/open-store.ts";
import { createAccountKeys } from "./security/account-keys.ts";
import { createResourceTokenSealer } from "./security/resource-token.ts";
import { type SeedDatabase, seed } from "./seed.ts";
import { MAX_PARTITIONS } from "./store/physical-partition.ts";
import { createLinkResolver } from "./store-links.ts";
import { createThrottle, type ThroughputLimits } from "./throttling/throttle.ts";

export type { SeedContainer, SeedDatabase } from "./seed.ts";

/** The limits of throughput are off unless they are given. */
export interface EmulatorOptions extends Partial<ThroughputLimits> {
  /** Address to listen on. Default 127.0.0.1. */
  readonly host?: string;
  /** Port to listen on, 0 for any free one. Default 8081. */
  readonly port?: number;
  /**
   * Account keys, base64. Default: the public well-known emulator key, and a second one made from
   * it.
   */
  readonly keys?: { readonly primary: string; readonly secondary: string };
  /** Adds the routes under `/_emulator`. Default false. */
  readonly testControls?: boolean;
  /** A folder that keeps the data across restarts. Default: memory only. */
  readonly dataDir?: string;
  /** Physical partitions of each container that is created from now on. Default 1. */
  readonly partitions?: number;
  /** Serves HTTPS with a certificate made at start, for clients that insist. Default false. */
  readonly tls?: boolean;
  /** Databases to create, each only if there is none of its id. */
  readonly seed?: readonly SeedDatabase[];
}

export interface Emulator {
  /** Such as `http://127.0.0.1:8081/`. */
  readonly endpoint: string;
  /** Primary and secondary account key, as they are at present: a test control can replace them. */
  readonly keys: readonly [string, string];
  /** The certificate that clients must trust, in PEM; only with `tls`. */
  readonly certificate?: string;
  /**
   * Stops taking requests and ends when those under way are answered. What takes longer than the
   * time given, in milliseconds, is cut off. Default: a second.
   */
  stop(drainTimeoutMs?: number): Promise<void>;
}

/** The key that Microsoft publishes for its emulator, and that every tool knows. */
const WELL_KNOWN_KEY =
  "C2y6yDjf5/R+ob0N8A7Cgv30VRDJIWEHLM+4QDU5DE2nQ9nDuVTqobD4b8mGGyPMbIZnqyMsEcaGQy67XIw/Jw==";

/** The secondary key that goes with it: known as well, and different. */
const WELL_KNOWN_SECONDARY_KEY = Buffer.from(
  "cosmos-graphql-gateway emulator: the secondary account key. It is public.",
)
  .subarray(0, 64)
  .toString("base64");

/**
 * Starts an emulator. Rejects if an option or a seed is refused, the port is taken, or the data
 * folder is in use or damaged.
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const { partitions = 1 } = options;
  if (!Number.isInteger(partitions) || partitions < 1 || partitions > MAX_PARTITIONS) {
    throw new RangeError(`partitions must be a whole number from 1 to ${MAX_PARTITIONS}.`);
  }
  requireLimits(options);
  const clock = createEmulatorClock();
  const openedStore = openStore(clock, options.dataDir);
  try {
    return await serve(options, partitions, clock, openedStore);
  } catch (error) {
    await openedStore.closeStore();
    throw error;
  }
}

function requireLimits({
  metadataRequestUnitsPerSecond = 0,
  itemRequestUnitsPerSecond = 0,
}: EmulatorOptions): void {
  for (const limit of [metadataRequestUnitsPerSecond, itemRequestUnitsPerSecond]) {
    if (!Number.isFinite(limit) || limit < 0) {
      throw new RangeError("A limit of request units per second must be a number from 0.");
    }
  }
}

async function serve(
  options: EmulatorOptions,
  partitionsPerContainer: number,
  clock: EmulatorClock,
  { store, resourceTokenSecret, closeStore }: OpenStore,
): Promise<Emulator> {
  const accountKeys = createAccountKeys(
    options.keys ?? { primary: WELL_KNOWN_KEY, secondary: WELL_KNOWN_SECONDARY_KEY },
  );
  const { metadataRequestUnitsPerSecond = 0, itemRequestUnitsPerSecond = 0 } = options;
  const throttle = createThrottle(clock, {
    metadataRequestUnitsPerSecond,
    itemRequestUnitsPerSecond,
  });
  seed(store, options.seed ?? [], partitionsPerContainer);
  const { host = "127.0.0.1" } = options;
  const certificate =
    options.tls === true
      ? createSelfSignedCertificate(
          [...new Set(["localhost", "127.0.0.1", "::1", host])],
          Date.now(),
        )
      : undefined;
  const server = await startServer({
    host,
    ...(certificate === undefined ? {} : { certificate }),
    port: options.port ?? 8081,
    handle: createRequestHandler({
      accountKeys,
      throttle,
      store,
      sealer: createResourceTokenSealer(resourceTokenSecret),
      links: createLinkResolver(store),
      partitionsPerContainer,
      ...(options.testControls === true
        ? { testing: createTestControls({ clock, throttle, accountKeys }) }
        : {}),
    }),
  });
  return {
    endpoint: server.endpoint,
    get keys() {
      return accountKeys.present();
    },
    ...(certificate === undefined ? {} : { certificate: certificate.certificate }),
    stop: async (drainTimeoutMs) => {
      await server.stop(drainTimeoutMs);
      await closeStore();
    },
  };
}
