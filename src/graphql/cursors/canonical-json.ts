/**
 * JSON in which equal values give equal text: properties sorted by name, undefined ones left out.
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_name, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(
          // No two names are equal.
          Object.entries(part).sort(([left], [right]) => (left < right ? -1 : 1)),
        )
      : part,
  );
}
