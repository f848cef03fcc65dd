import type { JsonObject } from "../../../src/emulator/json.ts";
import type { ItemSource, RangeBounds } from "../../../src/emulator/sql/item-source.ts";
import { compareRids } from "../../../src/emulator/sql/values/compare-rids.ts";
import { pathValue } from "../../../src/emulator/sql/values/member-value.ts";
import { compareValues } from "../../../src/emulator/sql/values/sql-value.ts";

/** The `_rid` of the item with this number, as the service makes them. */
export function ridOf(number: number): string {
  const bytes = Buffer.alloc(16);
  bytes.write("shop", 0);
  bytes.writeUInt32BE(1, 4);
  bytes.writeBigUInt64LE(BigInt(number), 8);
  return bytes.toString("base64").replaceAll("/", "-");
}

/** Items in an array, each with a `_rid` of its own, with ordered indexes if asked for. */
export function arraySource(
  items: readonly JsonObject[],
  options: { readonly indexed?: boolean } = {},
): ItemSource {
  const stored = items
    .map((item, index) => ({
      ...item,
      _rid: typeof item._rid === "string" ? item._rid : ridOf(index + 1),
    }))
    .sort((left, right) => compareRids(left._rid, right._rid));
  const scan = function* (afterRid?: string): Iterable<JsonObject> {
    for (const item of stored) {
      if (afterRid === undefined || compareRids(item._rid, afterRid) > 0) {
        yield item;
      }
    }
  };
  if (!options.indexed) {
    return { scan };
  }
  return {
    scan,
    range: (path, bounds, direction) => {
      const found = stored
        .map((item) => ({ item, value: pathValue(item, path) }))
        .filter(({ value }) => isWithin(value, bounds))
        .sort((left, right) => compareValues(left.value, right.value))
        .map(({ item }) => item);
      return direction === "ascending" ? found : found.reverse();
    },
  };
}

function isWithin(
  value: Parameters<typeof compareValues>[0],
  { lower, upper }: RangeBounds,
): boolean {
  const above = lower ? compareValues(value, lower.value) : 1;
  const below = upper ? compareValues(value, upper.value) : -1;
  return (
    (above > 0 || (above === 0 && lower?.inclusive === true)) &&
    (below < 0 || (below === 0 && upper?.inclusive === true))
  );
}
