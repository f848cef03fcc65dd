import type { z } from "zod";
import { formatConfigPath } from "./config-fault.ts";
import { type KeySet, readKeySet } from "./read-key-set.ts";
import { substituteVariables, type VariableSource } from "./substitute-variables.ts";

/** A setting that could not be read again, or is no good. Holds no value. */
export interface SecretFault {
  readonly setting: string;
  readonly expected: string;
  readonly found: string;
}

/** A key or secret that may come from a file. */
export interface SecretSetting<Value> {
  /** Such as `cosmos.keys[0]`. */
  readonly setting: string;
  /** As read last; undefined if it never could be. */
  readonly value: () => Value | undefined;
  /** A fault leaves the value as it was. */
  readonly readAgain: () => "same" | "changed" | SecretFault;
}

type Reading<Value> = { readonly value: Value } | Omit<SecretFault, "setting">;

/** A text with variables in it. */
export function textSetting(
  path: readonly PropertyKey[],
  written: string,
  { schema, source }: { readonly schema: z.ZodString; readonly source: VariableSource },
): SecretSetting<string> {
  return createSetting(path, () => {
    const { value, faults } = substituteVariables(written, source);
    const [fault] = faults;
    if (fault !== undefined) {
      return { expected: fault.expected, found: fault.found };
    }
    const parsed = schema.safeParse(value);
    return parsed.success
      ? { value: parsed.data }
      : {
          expected: parsed.error.issues[0]?.message ?? "another value",
          found: value === "" ? "empty text" : "another value (not shown)",
        };
  });
}

/** The file of an issuer's keys. */
export function keySetSetting(
  path: readonly PropertyKey[],
  file: string,
  source: VariableSource,
): SecretSetting<KeySet> {
  return createSetting(path, () => {
    const { value: name, faults } = substituteVariables(file, source);
    const [fault] = faults;
    if (fault !== undefined) {
      return { expected: fault.expected, found: fault.found };
    }
    const reading = readKeySet(String(name), source);
    return reading.ok ? { value: reading.keySet } : reading;
  });
}

function createSetting<Value>(
  path: readonly PropertyKey[],
  read: () => Reading<Value>,
): SecretSetting<Value> {
  const setting = formatConfigPath(path);
  let last: Value | undefined;
  const readAgain = (): "same" | "changed" | SecretFault => {
    const reading = read();
    if (!("value" in reading)) {
      const { expected, found } = reading;
      return { setting, expected, found };
    }
    const isSame = JSON.stringify(last) === JSON.stringify(reading.value);
    last = reading.value;
    return isSame ? "same" : "changed";
  };
  readAgain();
  return { setting, value: () => last, readAgain };
}
