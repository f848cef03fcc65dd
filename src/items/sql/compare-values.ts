/** Cosmos DB's order of types in ORDER BY, from what is missing to objects. */
export function typeRank(value: unknown): number {
  switch (typeof value) {
    case "undefined":
      return 0;
    case "boolean":
      return 2;
    case "number":
      return 3;
    case "string":
      return 4;
    default:
      return value === null ? 1 : Array.isArray(value) ? 5 : 6;
  }
}

/**
 * The order in which ORDER BY gives two scalar values: types first, then `false` before `true`,
 * numbers by size, strings by code point. Negative if `left` comes first. Two arrays or two
 * objects count as equal.
 */
export function compareValues(left: unknown, right: unknown): number {
  if (typeof left === "string" && typeof right === "string") {
    return compareStrings(left, right);
  }
  if (typeof left === "number" && typeof right === "number") {
    return Math.sign(left - right);
  }
  if (typeof left === "boolean" && typeof right === "boolean") {
    return Number(left) - Number(right);
  }
  return typeRank(left) - typeRank(right);
}

/** By code point: JavaScript's own `<` goes by UTF-16 unit, which puts an emoji before U+FFFD. */
function compareStrings(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index += 1) {
    const a = left.charCodeAt(index);
    const b = right.charCodeAt(index);
    if (a !== b) {
      return isSurrogate(a) === isSurrogate(b) ? a - b : isSurrogate(a) ? 1 : -1;
    }
  }
  return left.length - right.length;
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff;
}
