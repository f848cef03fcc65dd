import { randomBytes } from "node:crypto";
import type { Clock } from "./clock.ts";
import type { Config } from "./config/config.ts";
import type { KeySet } from "./config/read-key-set.ts";
import type { SecretsRead } from "./config/secret-reader.ts";
import type { Observe } from "./observability/observation.ts";
import type { Secret } from "./secret.ts";

/**
 * How long a refusal of every account key leaves the files alone after they were read, in
 * milliseconds.
 */
export const READ_AGAIN_MS = 3_000;

export interface ReloadableSecretsOptions {
  readonly config: Config;
  /** Absent: nothing changes while the process runs. */
  readonly readSecretsAgain: (() => SecretsRead) | undefined;
  /** Called with the key sets of `jwksFile`s, by issuer, when one of them has changed. */
  readonly onKeySets: (keySets: ReadonlyMap<string, KeySet>) => void;
  readonly clock: Clock;
  readonly observe: Observe;
}

/** The secrets of the moment. What holds on to one of them misses the next. */
export interface ReloadableSecrets {
  /** The same list until another key is read. */
  readonly accountKeys: () => readonly Secret[];
  /**
   * The first seals cursors, each opens them. The same byte arrays until another secret is read.
   */
  readonly cursorKeys: () => readonly Uint8Array[];
  /** Reads the files again. What can't be read stays as it is, and is observed. */
  readonly readAgain: () => void;
  /**
   * The same, unless the files were read within the last three seconds. That nothing has changed is
   * not observed: nobody asked.
   */
  readonly readAgainIfDue: () => void;
}

/** Keeps the secrets of a configuration, and takes them from their files again when told. */
export function createReloadableSecrets(options: ReloadableSecretsOptions): ReloadableSecrets {
  const { config, readSecretsAgain, onKeySets, clock, observe } = options;
  let accountKeys = config.cosmos.keys;
  let cursorKeys = [cursorKeyOf(config.server.cursorSecret)];
  let readAtMs = Number.NEGATIVE_INFINITY;

  const read = (isAsked: boolean): void => {
    if (readSecretsAgain === undefined) {
      return;
    }
    readAtMs = clock.nowMs();
    const { changed, faults, ...secrets } = readSecretsAgain();
    for (const fault of faults) {
      observe({ kind: "secret-unreadable", ...fault });
    }
    const isChanged = (section: string) => changed.some((path) => path.startsWith(section));
    if (isChanged("cosmos.keys")) {
      accountKeys = secrets.accountKeys;
    }
    if (isChanged("server.cursorSecret")) {
      // Clients, and replicas that have not heard of the new secret, still hold cursors of the
      // last.
      cursorKeys = [cursorKeyOf(secrets.cursorSecret), ...cursorKeys.slice(0, 1)];
    }
    if (isChanged("auth.issuers")) {
      onKeySets(secrets.keySets);
    }
    if (isAsked || changed.length > 0) {
      observe({ kind: "secrets-read-again", changed });
    }
  };

  return {
    accountKeys: () => accountKeys,
    cursorKeys: () => cursorKeys,
    readAgain: () => read(true),
    readAgainIfDue: () => {
      if (clock.nowMs() - readAtMs >= READ_AGAIN_MS) {
        read(false);
      }
    },
  };
}

function cursorKeyOf(secret: Secret | undefined): Uint8Array {
  return secret === undefined ? randomBytes(32) : new TextEncoder().encode(secret.reveal());
}
