import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createDevelopmentIssuer } from "../../../src/dev/development-issuer.ts";
import type { Caller } from "./callers.ts";
import type { World } from "./create-world.ts";
import { startDatabase, type WorldDatabase } from "./start-database.ts";
import { type Replica, startReplica } from "./start-replica.ts";
import { createWorldClock, type WorldClock } from "./world-clock.ts";

export interface StartOptions {
  /** Default 1. */
  readonly replicas?: number;
  /** `tokens` of the configuration. Default: the gateway's, and `issue: true`. */
  readonly tokens?: Readonly<Record<string, unknown>>;
  /** `limits` of the configuration. Default: the gateway's. */
  readonly limits?: Readonly<Record<string, unknown>>;
}

/** What must never be seen outside; grows while the world runs. */
export interface SecretsInUse {
  /** Account keys, old ones too. */
  readonly accountKeys: Set<string>;
  readonly bearerTokens: Set<string>;
  /** Cosmos DB's tokens that callers were given by `issueResourceTokens`; see `ask`. */
  readonly resourceTokens: Set<string>;
  readonly cursorSecret: string;
}

/** The whole product on a world, in this process: replicas of the gateway, one database, an issuer. */
export interface StartedWorld {
  readonly world: World;
  readonly replicas: readonly Replica[];
  readonly database: WorldDatabase;
  readonly clock: WorldClock;
  readonly secrets: SecretsInUse;
  /** The bearer token of a caller, valid now; undefined for the anonymous one. */
  bearerFor(caller: Pick<Caller, "claims">): Promise<string | undefined>;
  /** A bearer token of its own, such as one for another service or one that ends soon. */
  issueBearer(
    claims: NonNullable<Caller["claims"]>,
    options: { readonly lifetimeSeconds?: number; readonly audience?: string },
  ): Promise<string>;
  /** Moves the time of gateway, database and issuer. */
  advanceSeconds(seconds: number): Promise<void>;
  /** Makes a new account key; with `tell`, the gateways read their key files again at once. */
  regenerateKey(name: "primary" | "secondary", tell: boolean): Promise<void>;
  stop(): Promise<void>;
}

const KEY_FILES = { primary: "primary.key", secondary: "secondary.key" } as const;
const CURSOR_SECRET = "a cursor secret that all replicas share";

/** A bearer token lives an hour and is renewed so long before, in milliseconds. */
const BEARER_LIFETIME_MS = 3600_000;
const BEARER_MARGIN_MS = 60_000;

/** A resource token of Cosmos DB, bare or percent-encoded: in no answer but one of issuing. */
export const RESOURCE_TOKEN_PATTERN = /type(?:=|%3D)resource(?:&|%26)ver/i;

export async function startWorld(world: World, options: StartOptions = {}): Promise<StartedWorld> {
  const { replicas: count = 1, tokens, limits } = options;
  const clock = createWorldClock();
  const database = await startDatabase(world);
  const issuer = await createDevelopmentIssuer({ clock });
  const folder = mkdtempSync(join(tmpdir(), "evidence-world-"));
  writeFileSync(join(folder, "world.model.graphql"), world.modelSdl);
  writeFileSync(join(folder, KEY_FILES.primary), database.keys[0]);
  writeFileSync(join(folder, KEY_FILES.secondary), database.keys[1]);
  const yaml = world.configYaml({
    endpoint: database.endpoint,
    keys: Object.values(KEY_FILES).map((file) => `\${file:${file}}`),
    schema: join(folder, "*.model.graphql"),
    cursorSecret: CURSOR_SECRET,
    ...(tokens === undefined ? {} : { tokens }),
    ...(limits === undefined ? {} : { limits }),
  });
  writeFileSync(join(folder, "gateway.yaml"), yaml);

  const replicas: Replica[] = [];
  for (let index = 0; index < count; index += 1) {
    replicas.push(await startReplica({ folder, clock, issuer: issuer.trust }));
  }

  const secrets: SecretsInUse = {
    accountKeys: new Set(database.keys),
    bearerTokens: new Set(),
    resourceTokens: new Set(),
    cursorSecret: CURSOR_SECRET,
  };
  const bearers = new Map<string, { readonly text: string; readonly endMs: number }>();
  return {
    world,
    replicas,
    database,
    clock,
    secrets,
    bearerFor: async ({ claims }) => {
      if (claims === undefined) {
        return undefined;
      }
      const key = JSON.stringify(claims);
      const known = bearers.get(key);
      if (known !== undefined && clock.nowMs() < known.endMs - BEARER_MARGIN_MS) {
        return known.text;
      }
      const endMs = clock.nowMs() + BEARER_LIFETIME_MS;
      const text = await issuer.issue(claims, { lifetimeSeconds: BEARER_LIFETIME_MS / 1000 });
      bearers.set(key, { text, endMs });
      secrets.bearerTokens.add(text);
      return text;
    },
    issueBearer: async (claims, options) => {
      const text = await issuer.issue(claims, options);
      secrets.bearerTokens.add(text);
      return text;
    },
    advanceSeconds: async (seconds) => {
      // The gateway's first: a token must never seem to live longer to it than to the database
      clock.advance(seconds);
      await database.advanceSeconds(seconds);
    },
    regenerateKey: async (name, tell) => {
      const key = await database.regenerateKey(name);
      secrets.accountKeys.add(key);
      writeFileSync(join(folder, KEY_FILES[name]), key);
      if (tell) {
        for (const replica of replicas) {
          replica.readSecretsAgain();
        }
      }
    },
    stop: async () => {
      await Promise.all(replicas.map((replica) => replica.stop()));
      await database.stop();
      rmSync(folder, { recursive: true });
    },
  };
}
