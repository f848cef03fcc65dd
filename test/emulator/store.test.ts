import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Json, JsonObject } from "../../src/emulator/json.ts";
import {
  effectivePartitionKey,
  rangeBoundary,
} from "../../src/emulator/partition-keys/effective-partition-key.ts";
import {
  type PartitionKeyComponent,
  type PartitionKeyDefinition,
  partitionKeyText,
  propertyAt,
  splitPropertyPath,
} from "../../src/emulator/partition-keys/stored-partition-key.ts";
import {
  containerResourceId,
  databaseResourceId,
  decodeResourceId,
  itemNumber,
  itemResourceId,
  requireBytes,
} from "../../src/emulator/resources/resource-id.ts";
import { compareValues } from "../../src/emulator/sql/values/sql-value.ts";
import { createOrderedIndex } from "../../src/emulator/store/ordered-index.ts";
import {
  createPhysicalPartitions,
  partitionAt,
} from "../../src/emulator/store/physical-partition.ts";
import type { StoredItem } from "../../src/emulator/store/stored-item.ts";

const version1: PartitionKeyDefinition = { paths: ["/a"], kind: "Hash", version: 1 };
const version2: PartitionKeyDefinition = { paths: ["/a"], kind: "Hash", version: 2 };
const hierarchical: PartitionKeyDefinition = { paths: ["/a", "/b"], kind: "MultiHash", version: 2 };

// values: what hashPartitionKey of @azure/cosmos 4.10.1 gives
const version1Keys: readonly [PartitionKeyComponent, string][] = [
  ["", "05C1CF33970FF80800"],
  ["a", "05C1D78593652C086200"],
  ["partition key", "05C1ED41F7A98208716273756A756A706F216C667A00"],
  ["ü😀", "05C1D50B0BD7E408C4BDF1A0998100"],
  [
    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    "05C1DD45A3938C087979797979797979797979797979797979797979797979797979797979797979797979797979797979797979797979797979797979797979797979797979797979797979797979797979797979797979797979797979797979797979797979797979797900",
  ],
  [
    "yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy",
    "05C1E3136DF128087A7A7A7A7A7A7A7A7A7A7A7A7A7A7A7A7A7A7A7A7A7A7A7A7A7A7A7A7A7A7A7A7A7A7A7A7A7A7A7A7A7A7A7A7A7A7A7A7A7A7A7A7A7A7A7A7A7A7A7A7A7A7A7A7A7A7A7A7A7A7A7A7A7A7A7A7A7A7A7A7A7A7A7A7A7A7A7A7A7A7A7A7A7A7A7A7A7A7A7A00",
  ],
  [0, "05C1BF6DA115600580"],
  [-0, "05C1E703ED99A00580"],
  [1, "05C1ED172B6B2605BFF0"],
  [-1.5, "05C1E901090F44054008"],
  [1e300, "05C1AB5FCFAF8005FE37F30F918103D738"],
  [123456789, "05C1D9E1A5311C05C19DB7CD8B40"],
  [true, "05C1D7C5A903D803"],
  [false, "05C1DB857D857C02"],
  [null, "05C1ED45D7475601"],
  [undefined, "05C1D529E345DC00"],
];

const version2Keys: readonly [PartitionKeyComponent, string][] = [
  ["", "32E9366E637A71B4E710384B2F4970A0"],
  ["a", "3A5381E1114EB8D3FCC90795045B49B7"],
  ["partition key", "21EB91DD75ADDEE85AE82360441A8FA6"],
  ["ü😀", "0A60929340008FCE262A7F3605A2AAE2"],
  [
    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    "3F35F33CA8F8DA98DB46E18CDC66A245",
  ],
  [
    "yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy",
    "33BF32569A9234E82C4B0A5B19B21BCF",
  ],
  [0, "155B95BEDAC4B1E9EC1CDC9BB0DDDE58"],
  [-0, "3D018BB1DF3DB27235766E81FD10406E"],
  [1, "20CD98B339BA78A5D0CF6953B87070B0"],
  [-1.5, "151793206780805FF6E1DCAE6C787B6A"],
  [1e300, "1234CB21048B20039B22F11DBB13CD7B"],
  [123456789, "1F56D2538088EBA82CCF988F36E16760"],
  [true, "0E711127C5B5A8E4726AC6DD306A3E59"],
  [false, "2FE1BE91E90A3439635E0E9E37361EF2"],
  [null, "378867E4430E67857ACE5C908374FE16"],
  [undefined, "11622DAA78F835834610ABE56EFF5CB5"],
];

describe("effective partition keys", () => {
  test.each(version1Keys)("version 1 of %j", (value, expected) => {
    expect(effectivePartitionKey([value], version1)).toBe(expected);
  });

  test.each(version2Keys)("version 2 of %j, alone and as the first level", (value, expected) => {
    expect(effectivePartitionKey([value], version2)).toBe(expected);
    expect(effectivePartitionKey([value, "z"], hierarchical)).toBe(
      expected + effectivePartitionKey(["z"], version2),
    );
  });

  test.each([version1, version2, hierarchical])(
    "ranges cover the ring evenly: %j",
    (definition) => {
      const partitions = createPhysicalPartitions(4, definition);
      expect(partitions[0]?.minInclusive).toBe("");
      expect(partitions.at(-1)?.maxExclusive).toBe("FF");
      const counts = new Map<string, number>();
      for (let index = 0; index < 2000; index++) {
        const key = effectivePartitionKey(
          [`key ${index}`, index].slice(0, definition.paths.length),
          definition,
        );
        const found = partitions.filter(
          ({ minInclusive, maxExclusive }) => minInclusive <= key && key < maxExclusive,
        );
        expect(found).toHaveLength(1);
        expect(partitionAt(partitions, key)).toBe(found[0]);
        counts.set(found[0]?.id ?? "", (counts.get(found[0]?.id ?? "") ?? 0) + 1);
      }
      expect(Math.min(...counts.values())).toBeGreaterThan(400);
    },
  );

  test("the boundaries of four ranges are the service's", () => {
    expect([0, 1, 2, 3, 4].map((index) => rangeBoundary(index, 4, version2))).toEqual([
      "",
      "0FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF",
      "1FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF",
      "2FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF",
      "FF",
    ]);
  });
});

describe("partition keys", () => {
  const component = fc.oneof(
    fc.string(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc.constant(null),
    fc.constant(undefined),
  );

  test("texts are equal exactly where keys are", () => {
    const key = fc.array(component, { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(key, key, (left, right) => {
        const isSame =
          left.length === right.length && left.every((value, level) => value === right[level]);
        expect(partitionKeyText(left) === partitionKeyText(right)).toBe(isSame);
        expect(partitionKeyText([...left])).toBe(partitionKeyText(left));
      }),
    );
  });

  test("paths lead through nested and quoted names, and never into a prototype", () => {
    expect(splitPropertyPath('/a/"b/c"/d')).toEqual(["a", "b/c", "d"]);
    expect(propertyAt({ a: { "b/c": 1 } }, ["a", "b/c"])).toBe(1);
    expect(propertyAt({ a: "text" }, ["a", "length"])).toBeUndefined();
    expect(propertyAt({}, ["constructor", "name"])).toBeUndefined();
    expect(propertyAt({ a: [1] }, ["a", "0"])).toBeUndefined();
  });
});

describe("resource ids", () => {
  test("have 4, 8 and 16 bytes, begin with their owner's and never repeat", () => {
    const database = databaseResourceId(1);
    const container = containerResourceId(database, 1);
    const item = itemResourceId(requireBytes(container), 5_000_000_000);
    expect([database, container, item].map((rid) => requireBytes(rid).length)).toEqual([4, 8, 16]);
    expect(requireBytes(item).subarray(0, 8)).toEqual(requireBytes(container));
    expect(itemNumber(item)).toBe(5_000_000_000);
    const many = new Set(
      Array.from({ length: 10_000 }, (_, index) => databaseResourceId(index + 1)),
    );
    expect(many.size).toBe(10_000);
  });

  test.each(["", "a", "shop", "AAAA/AAA", "AQAAAAAAAAA", "ü", "=="])(
    "%j is none of an item",
    (text) => {
      expect(itemNumber(text)).toBeUndefined();
    },
  );

  test("texts that only look alike are refused", () => {
    expect(decodeResourceId("AQAAAA==")).toBeDefined();
    expect(decodeResourceId("AQAAAB==")).toBeUndefined();
  });
});

describe("ordered indexes", () => {
  const value = fc.option(
    fc.oneof(
      fc.integer({ min: -3, max: 3 }),
      fc.constantFrom("", "a", "b", "😀", "\uffee", "Z"),
      fc.boolean(),
      fc.constant(null),
      fc.constant([1]),
      fc.constant({ x: 1 }),
    ),
    { nil: undefined },
  );
  const bound = fc.option(
    fc.record({ value: value.map((one) => one ?? null), inclusive: fc.boolean() }),
    {
      nil: undefined,
    },
  );
  const writes = fc.array(
    fc.record({ number: fc.integer({ min: 1, max: 30 }), value, remove: fc.boolean() }),
    { maxLength: 120 },
  );

  const itemOf = (number: number, property: Json | undefined, lsn: number): StoredItem => {
    const body: JsonObject = {
      id: String(number),
      ...(property === undefined ? {} : { v: property }),
    };
    const rid = itemResourceId(Buffer.alloc(8), number);
    // an index looks at no more of an item than this
    return { number, body, rid, lsn } as StoredItem;
  };

  test("give what sorting gives, after any writes, within any bounds, from any place", () => {
    fc.assert(
      fc.property(
        fc.array(writes, { minLength: 1, maxLength: 4 }),
        bound,
        bound,
        fc.boolean(),
        fc.option(fc.record({ value, number: fc.integer({ min: 1, max: 30 }) }), {
          nil: undefined,
        }),
        (rounds, lower, upper, descending, after) => {
          const items = new Map<number, StoredItem>();
          let lsn = 0;
          const apply = (
            round: (typeof rounds)[number],
            note: (before?: StoredItem, now?: StoredItem) => void,
          ) => {
            for (const write of round) {
              const before = items.get(write.number);
              if (write.remove) {
                items.delete(write.number);
                note(before, undefined);
              } else {
                lsn += 1;
                const item = itemOf(write.number, write.value, lsn);
                items.set(write.number, item);
                note(before, item);
              }
            }
          };
          const [first = [], ...later] = rounds;
          apply(first, () => {});
          const index = createOrderedIndex(["v"], items.values());
          for (const round of later) {
            apply(round, index.note);
            const inBounds = [...items.values()]
              .filter(({ body }) => {
                const low = lower === undefined ? 1 : compareValues(body.v, lower.value);
                const high = upper === undefined ? -1 : compareValues(body.v, upper.value);
                return (
                  (low > 0 || (low === 0 && lower?.inclusive === true)) &&
                  (high < 0 || (high === 0 && upper?.inclusive === true))
                );
              })
              .sort((a, b) => compareValues(a.body.v, b.body.v) || a.number - b.number);
            if (descending) {
              inBounds.reverse();
            }
            const expected = inBounds.filter((item) => {
              if (after === undefined) {
                return true;
              }
              const order = compareValues(item.body.v, after.value) || item.number - after.number;
              return descending ? order < 0 : order > 0;
            });
            const position = after && {
              value: after.value,
              rid: itemResourceId(Buffer.alloc(8), after.number),
            };
            const bounds = { ...(lower && { lower }), ...(upper && { upper }) };
            const found = [
              ...index.range(bounds, descending ? "descending" : "ascending", position),
            ];
            expect(found).toEqual(expected);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
