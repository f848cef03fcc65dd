import { dirname, resolve } from "node:path";
import { deepFreeze } from "../deep-freeze.ts";
import { Secret } from "../secret.ts";
import { checkTogether } from "./check-together.ts";
import type { Config, IssuerConfig } from "./config.ts";
import { type ConfigFault, formatConfigPath } from "./config-fault.ts";
import { type ConfigOverrides, overrideTree } from "./config-overrides.ts";
import type { ConfigShape } from "./config-schema.ts";
import { describeFound } from "./describe-found.ts";
import type { ValueFault } from "./describe-shape-faults.ts";
import { parseShape } from "./parse-shape.ts";
import { parseYaml } from "./parse-yaml.ts";
import { type ReadableParts, readableParts } from "./readable-parts.ts";
import { substituteVariables } from "./substitute-variables.ts";
import { refreshAheadOf } from "./token-times.ts";

export interface LoadConfigOptions {
  /** Content of the configuration file. */
  readonly text: string;
  /** Absolute path of the configuration file: relative paths in it start from its folder. */
  readonly path: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /**
   * Content of a file as text, by absolute path.
   *
   * @throws Error if it can't be read.
   */
  readonly readFile: (path: string) => string;
  readonly overrides?: ConfigOverrides;
}

export type LoadedConfig = { readonly parts: ReadableParts } & (
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly faults: readonly ConfigFault[] }
);

/**
 * Reads a configuration: YAML, then overrides, then variables, then the shape of each value, then
 * what concerns several values at once.
 *
 * Returns the frozen configuration, or every fault at once; text that is no YAML hides the rest.
 * Connects to nothing, changes nothing, logs nothing and never throws.
 */
export function loadConfig(options: LoadConfigOptions): LoadedConfig {
  const { text, path, env, readFile, overrides = {} } = options;
  const folder = dirname(path);
  const yaml = parseYaml(text);
  if (yaml.faults.length > 0) {
    return { ok: false, faults: yaml.faults, parts: NO_PARTS };
  }

  const overridden = overrideTree(yaml.value ?? {}, overrides);
  const filled = substituteVariables(overridden.tree, { env, readFile, folder }, overridden.paths);
  const { tree, shape, faults: shapeFaults } = parseShape(filled.value, filled.substituted);
  const together = checkTogether(tree, { folder, readFile }, filled.faults);
  const issuers = overrides.auth?.issuers ?? together.issuers;
  const parts = readableParts(tree, pathsOf(filled.faults), { folder, placeOf: yaml.placeOf });

  const faults = [
    ...filled.faults,
    ...withoutPaths(filled.faults, [
      ...shapeFaults,
      ...together.faults,
      ...(shape === undefined ? [] : checkSomeoneMayCall(shape, issuers)),
    ]),
  ];
  if (shape === undefined || faults.length > 0) {
    return {
      ok: false,
      faults: faults
        .map((fault) => ({
          path: formatConfigPath(fault.path),
          ...yaml.placeOf(fault.path),
          expected: fault.expected,
          found: fault.found ?? describeFound(tree, fault.path, filled.substituted),
          ...("isAbsent" in fault ? { isAbsent: true as const } : {}),
        }))
        .sort(inOrderOfFile),
      parts,
    };
  }
  return { ok: true, config: deepFreeze(toConfig(shape, issuers, folder)), parts };
}

const NO_PARTS: ReadableParts = { generic: false, profiles: [], permissionContainers: [] };

function pathsOf(faults: readonly Pick<ValueFault, "path">[]): ReadonlySet<string> {
  return new Set(faults.map(({ path }) => formatConfigPath(path)));
}

function inOrderOfFile(left: ConfigFault, right: ConfigFault): number {
  return (left.line ?? 0) - (right.line ?? 0) || (left.column ?? 0) - (right.column ?? 0);
}

/** A value whose variable is missing was reported. Further faults of it are no news. */
function withoutPaths(
  reported: readonly ValueFault[],
  faults: readonly ValueFault[],
): readonly ValueFault[] {
  const paths = pathsOf(reported);
  return faults.filter(({ path }) => !paths.has(formatConfigPath(path)));
}

function checkSomeoneMayCall(
  { auth }: ConfigShape,
  issuers: readonly IssuerConfig[],
): readonly ValueFault[] {
  return issuers.length > 0 || auth.issuers.length > 0 || auth.anonymous
    ? []
    : [{ path: ["auth", "issuers"], expected: "at least one issuer, or auth.anonymous: true" }];
}

function toConfig(shape: ConfigShape, issuers: readonly IssuerConfig[], folder: string): Config {
  const { server, cosmos, auth, tokens } = shape;
  const { cursorSecret, ...listening } = server;
  return {
    ...shape,
    server: {
      ...listening,
      ...(cursorSecret === undefined ? {} : { cursorSecret: new Secret(cursorSecret) }),
    },
    cosmos: { ...cosmos, keys: cosmos.keys.map((key) => new Secret(key)) },
    schema: resolve(folder, shape.schema),
    auth: { ...auth, issuers },
    tokens: { ...tokens, refreshAheadSeconds: refreshAheadOf(tokens) },
  };
}
