/** A value with a caller's claims filled in, or every reason why that can't be. */
export type Expanded<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly reasons: readonly string[] };

/** All values, or every reason of every one that can't be, each once. */
export function allExpanded<T>(parts: readonly Expanded<T>[]): Expanded<readonly T[]> {
  const values: T[] = [];
  const reasons: string[] = [];
  for (const part of parts) {
    if (part.ok) {
      values.push(part.value);
    } else {
      reasons.push(...part.reasons);
    }
  }
  return reasons.length > 0
    ? { ok: false, reasons: [...new Set(reasons)] }
    : { ok: true, value: values };
}
