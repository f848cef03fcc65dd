import { isJsonObject } from "../cosmos/json-object.ts";
import type { Secret } from "../secret.ts";
import type { IssuerConfig } from "./config.ts";

/**
 * Values that take the place of a configuration file's, such as those of the embedded emulator. The
 * variables of the values they replace are never looked up.
 */
export interface ConfigOverrides {
  readonly server?: { readonly host?: string; readonly port?: number };
  readonly cosmos?: {
    readonly endpoint?: string;
    readonly keys?: readonly Secret[];
    readonly database?: string;
  };
  /** Replaces all of `auth.issuers`. The only way in for the development issuer. */
  readonly auth?: { readonly issuers?: readonly IssuerConfig[] };
}

/**
 * A configuration's tree with the overrides in it, and the paths at which they stand. Issuers are
 * left out of the tree, because an issuer with inline keys can't be written in a file.
 */
export function overrideTree(
  tree: unknown,
  { server, cosmos, auth }: ConfigOverrides,
): { readonly tree: unknown; readonly paths: ReadonlySet<string> } {
  if (!isJsonObject(tree)) {
    return { tree, paths: new Set() };
  }
  const replacements: readonly (readonly [section: string, key: string, value: unknown])[] = [
    ["server", "host", server?.host],
    ["server", "port", server?.port],
    ["cosmos", "endpoint", cosmos?.endpoint],
    ["cosmos", "keys", cosmos?.keys?.map((key) => key.reveal())],
    ["cosmos", "database", cosmos?.database],
    ["auth", "issuers", auth?.issuers === undefined ? undefined : []],
  ];
  const paths = new Set<string>();
  const result: Record<string, unknown> = { ...tree };
  for (const [section, key, value] of replacements) {
    const before = result[section] ?? {};
    if (value !== undefined && isJsonObject(before)) {
      result[section] = { ...before, [key]: value };
      paths.add(`${section}.${key}`);
    }
  }
  return { tree: result, paths };
}
