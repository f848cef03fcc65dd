/**
 * Freezes a value and everything in it. For plain JSON-like values. Walks with a list instead of
 * recursion, because claims come from outside and may be nested as deep as a token is long.
 */
export function deepFreeze<T>(value: T): T {
  const waiting: unknown[] = [value];
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (typeof next === "object" && next !== null && !Object.isFrozen(next)) {
      Object.freeze(next);
      waiting.push(...Object.values(next));
    }
  }
  return value;
}

/** A value as it is when it is frozen with everything in it. */
export type DeepReadonly<T> = T extends readonly (infer Element)[]
  ? readonly DeepReadonly<Element>[]
  : T extends object
    ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> }
    : T;
