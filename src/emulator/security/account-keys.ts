import { randomBytes } from "node:crypto";

/**
 * One of the account's two keys: either is valid, so that clients can change over while the other
 * is replaced.
 */
export type AccountKeyName = "primary" | "secondary";

/** The account's keys as they are at present. */
export interface AccountKeys {
  /** Primary and secondary, base64. */
  present(): readonly [string, string];
  /**
   * Replaces one of them and returns the new one. The old one is refused from then on; resource
   * tokens stay valid.
   */
  regenerate(name: AccountKeyName): string;
}

/** An account's key has so many bytes. */
const KEY_BYTES = 64;

export function createAccountKeys(initial: Readonly<Record<AccountKeyName, string>>): AccountKeys {
  const keys = { ...initial };
  return {
    present: () => [keys.primary, keys.secondary],
    regenerate: (name) => {
      keys[name] = randomBytes(KEY_BYTES).toString("base64");
      return keys[name];
    },
  };
}
