/** A claim that was looked up, or why it can't be used. */
export type ClaimLookup<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly reason: string };

/**
 * A claim as text or number. Looks at the claims' own properties only, so `{constructor}` finds
 * nothing. An empty text is refused: an issuer that writes one has no value for the claim.
 *
 * Whole numbers beyond 2^53 are refused: JSON parsing has rounded them already, and two different
 * ids of an issuer would become one.
 */
export function identifyingClaim(
  claims: Readonly<Record<string, unknown>>,
  name: string,
): ClaimLookup<string | number> {
  const found = scalarClaim(claims, name);
  if (found.ok && typeof found.value === "boolean") {
    return refused(name, "is not a string or number");
  }
  // The cast restates what the line above established; narrowing doesn't reach into a property.
  return found as ClaimLookup<string | number>;
}

/** The same for the level of a partition key, where true and false count too. */
export function scalarClaim(
  claims: Readonly<Record<string, unknown>>,
  name: string,
): ClaimLookup<string | number | boolean> {
  if (!Object.hasOwn(claims, name) || claims[name] === null || claims[name] === undefined) {
    return refused(name, "is missing");
  }
  const value = claims[name];
  switch (typeof value) {
    case "boolean":
      return { ok: true, value };
    case "string":
      if (value === "") {
        return refused(name, "is empty");
      }
      if (!value.isWellFormed()) {
        return refused(name, "holds half of a character (a lone surrogate)");
      }
      return { ok: true, value };
    case "number":
      if (!Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value))) {
        return refused(name, "is a number that JSON doesn't carry exactly");
      }
      // -0 and 0 are one number to Cosmos DB.
      return { ok: true, value: value === 0 ? 0 : value };
    default:
      return refused(name, "is not a string or number");
  }
}

function refused(name: string, reason: string): { readonly ok: false; readonly reason: string } {
  return { ok: false, reason: `claim "${name}" ${reason}` };
}
