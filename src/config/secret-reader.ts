import { dirname } from "node:path";
import { Secret } from "../secret.ts";
import type { Config } from "./config.ts";
import { formatConfigPath } from "./config-fault.ts";
import { overrideTree } from "./config-overrides.ts";
import { accountKeySchema, cursorSecretSchema } from "./config-schema.ts";
import { valueAt } from "./describe-found.ts";
import type { LoadConfigOptions } from "./load-config.ts";
import { parseYaml } from "./parse-yaml.ts";
import type { KeySet } from "./read-key-set.ts";
import { keySetSetting, type SecretFault, textSetting } from "./secret-setting.ts";

/** The keys and secrets of a configuration, as they were read last. */
export interface SecretsRead {
  readonly accountKeys: readonly Secret[];
  readonly cursorSecret: Secret | undefined;
  /** Of the issuers with a `jwksFile`, by the issuer's name. */
  readonly keySets: ReadonlyMap<string, KeySet>;
  /** Paths of the settings that have another value than before. */
  readonly changed: readonly string[];
  /** What could not be read, or is no good: it has the value that it had before. */
  readonly faults: readonly SecretFault[];
}

/**
 * Reads again what the files of a configuration say: `${file:…}` in `cosmos.keys` and
 * `server.cursorSecret`, and each `jwksFile`. Everything else is as it was at the start: the text
 * of the configuration, the environment, and all other settings.
 *
 * Each setting is for itself: one that can't be read keeps its value, and the others get theirs.
 */
export function createSecretReader(options: LoadConfigOptions, config: Config): () => SecretsRead {
  const { text, path, env, readFile, overrides = {} } = options;
  const source = { env, readFile, folder: dirname(path) };
  const { tree, paths: overridden } = overrideTree(parseYaml(text).value ?? {}, overrides);
  const writtenAt = (at: readonly PropertyKey[]): unknown =>
    overridden.has(formatConfigPath(at)) ? undefined : valueAt(tree, at);

  const keyTexts = writtenAt(["cosmos", "keys"]);
  const keys = (Array.isArray(keyTexts) ? keyTexts : []).map((written: unknown, index) =>
    textSetting(["cosmos", "keys", index], String(written), { schema: accountKeySchema, source }),
  );
  const cursorText = writtenAt(["server", "cursorSecret"]);
  const cursorSecrets =
    typeof cursorText === "string"
      ? [
          textSetting(["server", "cursorSecret"], cursorText, {
            schema: cursorSecretSchema,
            source,
          }),
        ]
      : [];
  const issuers = overrides.auth?.issuers === undefined ? config.auth.issuers : [];
  const keySets = issuers.flatMap(({ issuer }, index) => {
    const at = ["auth", "issuers", index, "jwksFile"];
    const file = valueAt(tree, at);
    return typeof file === "string" ? [{ issuer, ...keySetSetting(at, file, source) }] : [];
  });
  // A second key that was never there is not missing.
  const settings = [...keys, ...cursorSecrets, ...keySets].filter(
    ({ value }) => value() !== undefined,
  );

  return () => {
    const outcomes = settings.map(({ setting, readAgain }) => ({ setting, now: readAgain() }));
    const cursorSecret = cursorSecrets[0]?.value();
    return {
      accountKeys:
        keys.length === 0
          ? config.cosmos.keys
          : keys.flatMap(({ value }) => {
              const key = value();
              return key === undefined ? [] : [new Secret(key)];
            }),
      cursorSecret: cursorSecret === undefined ? undefined : new Secret(cursorSecret),
      keySets: new Map(
        keySets.flatMap(({ issuer, value }) => {
          const keySet = value();
          return keySet === undefined ? [] : [[issuer, keySet] as const];
        }),
      ),
      changed: outcomes.flatMap(({ setting, now }) => (now === "changed" ? [setting] : [])),
      faults: outcomes.flatMap(({ now }) => (typeof now === "object" ? [now] : [])),
    };
  };
}
