/** A claim's value that can stand in an id. */
export type IdentifyingClaim = string | number;

/**
 * A claim's value as text that stands in a template, so that the whole text can be read back into
 * the claims it came from. That is what keeps two callers from getting one id, and it rests on:
 *
 * - `%` is always encoded, so a `%` in the result always starts one of our own escapes;
 * - `nextCharacter`, the first character of the literal text after the placeholder, is encoded, so
 *   a reader going left to right and skipping escapes finds where the value ends;
 * - a number starts with `%n`, which no text gives: the number 1 and the text "1" stay two values.
 *
 * Everything else stays as it is, for Cosmos DB compares ids character by character: case counts,
 * and Unicode is not normalized.
 */
export function encodeClaim(
  value: IdentifyingClaim,
  options: {
    /** First character after the placeholder; undefined at the template's end. */
    readonly nextCharacter: string | undefined;
    /** Further characters that must not stand in the result. */
    readonly forbidden: RegExp | undefined;
  },
): string {
  const marker = typeof value === "number" ? "%n" : "";
  const encoded = Array.from(String(value), (character) =>
    character === "%" ||
    character === options.nextCharacter ||
    options.forbidden?.test(character) === true
      ? percentEncode(character)
      : character,
  );
  return marker + encoded.join("");
}

/** Upper-case percent escapes of a character's UTF-8 bytes. */
export function percentEncode(character: string): string {
  return Array.from(
    new TextEncoder().encode(character),
    (byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`,
  ).join("");
}
