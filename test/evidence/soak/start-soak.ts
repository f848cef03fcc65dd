import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createDevelopmentIssuer } from "../../../src/dev/development-issuer.ts";
import { createLeakSearch, type LeakSearch } from "../oracle/leak-search.ts";
import { createRandom } from "../random.ts";
import type { Caller } from "../world/callers.ts";
import { createWorld, type World, type WorldSize } from "../world/create-world.ts";
import { createWorldClock } from "../world/world-clock.ts";
import { type SoakDatabase, startSoakDatabase } from "./soak-database.ts";
import { countIn, type SoakFigures } from "./soak-figures.ts";
import { type SoakReplica, startSoakReplica } from "./soak-replica.ts";

export interface SoakOptions {
  readonly seed: number;
  readonly tenants: number;
  /** `tokens.maxCachedUsers`. */
  readonly cache: number;
  readonly replicas: number;
}

/** A soak that runs: everything in processes of their own but who asks. */
export interface RunningSoak {
  readonly world: World;
  readonly replicas: readonly SoakReplica[];
  readonly database: SoakDatabase;
  readonly leakSearch: LeakSearch;
  /** Undefined for the anonymous caller. */
  bearerFor(caller: Pick<Caller, "claims">): Promise<string | undefined>;
  /** Moves the time of all processes. */
  advanceSeconds(seconds: number): Promise<void>;
  /** With `tell`, the replicas read their key files at once; otherwise when a key is refused. */
  regenerateKey(name: "primary" | "secondary", tell: boolean): Promise<void>;
  /** The account key as it is now. From here on requests for items with it are the audit's. */
  keyForAudit(): string;
  stop(): Promise<void>;
}

const KEY_FILES = { primary: "primary.key", secondary: "secondary.key" } as const;

/**
 * A replica remembers up to 10,000 verified bearer tokens, the ended ones among them. With shorter
 * lives its memory would grow by that all the time that a soak lasts.
 */
const BEARER_LIFETIME_SECONDS = 6 * 3600;

/**
 * Time moves on in steps that are shorter than the five minutes by which Cosmos DB takes a token
 * longer: in one great step a token that is minted in the middle of it would be spent at once, and
 * clocks never disagree so much in earnest.
 */
const STEP_SECONDS = 100;

/** More than any event moves the time, so that no bearer token ends on its way. */
const BEARER_MARGIN_MS = 1_500_000;

export async function startSoak(options: SoakOptions, figures: SoakFigures): Promise<RunningSoak> {
  const { seed, cache } = options;
  const size: WorldSize = { tenants: options.tenants, itemsPerPartition: 3 };
  const world = createWorld(createRandom(seed), size);
  const random = createRandom(seed).fork("keys");
  const newKey = () => Buffer.from(random.text(64)).toString("base64");
  const keys = { primary: newKey(), secondary: newKey() };
  const cursorSecret = random.text(40);
  const clock = createWorldClock();
  const leakSearch = createLeakSearch({
    marks: world.marks,
    secrets: [
      { name: "the primary account key", value: keys.primary },
      { name: "the secondary account key", value: keys.secondary },
      { name: "the secret of cursors", value: cursorSecret },
    ],
    exceptions: [],
  });
  const search = (line: string) => {
    figures.searchedTexts += 1;
    for (const leak of leakSearch.search(line, { mayCarry: new Set(), where: "log" })) {
      figures.leaks.push(`${JSON.stringify(leak)} in ${line.slice(0, 300)}`);
    }
    const [, event] = /"event":"([a-z-]+)"/.exec(line) ?? [];
    countIn(
      figures.events,
      event === undefined ? `output "${line.slice(0, 60)}"` : `log: ${event}`,
    );
  };

  let isAudited = false;
  let resourceTokens = 0;
  const database = await startSoakDatabase(
    { seed, size, partitions: 4, keys: [keys.primary, keys.secondary] },
    {
      onResourceToken: (value) => {
        resourceTokens += 1;
        leakSearch.addPassing({ name: `resource token ${resourceTokens}`, value });
      },
      onItemRequestByKey: (url) => {
        if (!isAudited) {
          figures.itemRequestsByKey.push(url);
        }
      },
      onOutput: search,
    },
  );
  const issuer = await createDevelopmentIssuer({ clock });
  const folder = mkdtempSync(join(tmpdir(), "evidence-soak-"));
  const write = (file: string, text: string) => writeFileSync(join(folder, file), text);
  write("world.model.graphql", world.modelSdl);
  write(KEY_FILES.primary, keys.primary);
  write(KEY_FILES.secondary, keys.secondary);
  write("issuer.json", JSON.stringify(issuer.trust));
  write(
    "gateway.yaml",
    world.configYaml({
      endpoint: database.endpoint,
      keys: Object.values(KEY_FILES).map((file) => `\${file:${file}}`),
      schema: join(folder, "*.model.graphql"),
      cursorSecret,
      tokens: { lifetimeSeconds: 600, refreshAheadSeconds: 120, maxCachedUsers: cache },
    }),
  );
  const replicas = await Promise.all(
    Array.from({ length: options.replicas }, () =>
      startSoakReplica({ folder, aheadMs: () => clock.aheadSeconds * 1000, onLogLine: search }),
    ),
  );

  const bearers = new Map<string, { readonly text: string; readonly endMs: number }>();
  return {
    world,
    replicas,
    database,
    leakSearch,
    keyForAudit: () => {
      isAudited = true;
      return keys.primary;
    },
    bearerFor: async ({ claims }) => {
      if (claims === undefined) {
        return undefined;
      }
      const key = JSON.stringify(claims);
      const known = bearers.get(key);
      if (known !== undefined && clock.nowMs() < known.endMs - BEARER_MARGIN_MS) {
        return known.text;
      }
      const endMs = clock.nowMs() + BEARER_LIFETIME_SECONDS * 1000;
      const text = await issuer.issue(claims, { lifetimeSeconds: BEARER_LIFETIME_SECONDS });
      bearers.set(key, { text, endMs });
      leakSearch.addPassing({ name: `a bearer token of ${claims.sub}`, value: text });
      return text;
    },
    advanceSeconds: async (seconds) => {
      for (let done = 0; done < seconds; done += STEP_SECONDS) {
        const step = Math.min(STEP_SECONDS, seconds - done);
        clock.advance(step);
        await Promise.all(replicas.map((replica) => replica.setClock(clock.aheadSeconds * 1000)));
        await database.advanceSeconds(step);
      }
    },
    regenerateKey: async (name, tell) => {
      const key = await database.regenerateKey(name);
      keys[name] = key;
      leakSearch.add({ name: `a ${name} account key`, value: key });
      write(KEY_FILES[name], key);
      if (tell) {
        await Promise.all(replicas.map((replica) => replica.readSecretsAgain()));
      }
    },
    stop: async () => {
      await Promise.all(replicas.map((replica) => replica.stop()));
      await database.stop();
      rmSync(folder, { recursive: true });
    },
  };
}
