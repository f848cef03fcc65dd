import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Json, JsonObject } from "../../../src/emulator/json.ts";
import { effectivePartitionKey } from "../../../src/emulator/partition-keys/effective-partition-key.ts";
import {
  type PartitionKeyDefinition,
  partitionKeyOf,
  splitPropertyPath,
} from "../../../src/emulator/partition-keys/stored-partition-key.ts";
import type { QueryParameter } from "../../../src/emulator/sql/compile-query.ts";
import type { QueryPlanRange } from "../../../src/emulator/sql/plan/plan-ranges.ts";
import { createQueryPlan } from "../../../src/emulator/sql/query-plan.ts";
import { runQuery } from "./run-query.ts";

// few values, so that filters are often true
const key = fc.constantFrom<Json | undefined>(
  undefined,
  null,
  true,
  false,
  0,
  -0,
  1,
  -1,
  "",
  "a",
  {},
);
const value = fc.oneof(
  { weight: 4, arbitrary: key.filter((one) => one !== undefined) },
  fc.constantFrom<Json>([], [1], { x: 1 }, "b", 2),
) as fc.Arbitrary<Json>;

const item = fc.record({ a: key, b: key, n: fc.integer({ min: 0, max: 2 }) });

/** A condition with `?` for each of its values. */
interface Condition {
  readonly text: string;
  readonly values: readonly Json[];
}

const path = fc.constantFrom("c.a", "c.o.b", "c['a']", "c.n");

const { condition } = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc
      .tuple(path, fc.constantFrom("=", "=", "=", "!=", "<", ">="), value, fc.boolean())
      .map(([left, operator, right, turned]) => ({
        text: turned ? `? ${operator} ${left}` : `${left} ${operator} ?`,
        values: [right],
      })),
    fc
      .tuple(path, fc.array(value, { minLength: 1, maxLength: 3 }), fc.constantFrom("", "NOT "))
      .map(([left, values, not]) => ({
        text: `${left} ${not}IN (${values.map(() => "?").join()})`,
        values,
      })),
    fc
      .tuple(path, fc.array(value, { maxLength: 3 }), fc.constantFrom("", ", true"))
      .map(([left, list, partial]) => ({
        text: `ARRAY_CONTAINS(?, ${left}${partial})`,
        values: [list],
      })),
    fc.tuple(path, fc.array(value, { maxLength: 3 })).map(([left, values]) => ({
      text: `ARRAY_CONTAINS([${values.map(() => "?").join()}, c.n], ${left})`.replace("[,", "["),
      values,
    })),
    fc
      .tuple(path, fc.constantFrom("IS_NULL", "IS_BOOL", "IS_DEFINED", "IS_OBJECT"))
      .map(([left, name]) => ({ text: `${name}(${left})`, values: [] })),
    fc.tuple(path, value).map(([left, right]) => ({ text: `ABS(${left}) = ?`, values: [right] })),
    fc
      .tuple(path, fc.constantFrom("[]", "{}", "[1]", "undefined", "c.n", "-1"))
      .map(([left, right]) => ({ text: `${left} IN (${right}, 1)`, values: [] })),
    fc.constantFrom("true", "false", "c.a", "undefined").map((text) => ({ text, values: [] })),
    fc
      .tuple(tie("condition"), fc.constantFrom("AND", "AND", "OR", "=", "??"), tie("condition"))
      .map(([left, operator, right]) => ({
        text: `(${left.text}) ${operator} (${right.text})`,
        values: [...left.values, ...right.values],
      })),
    tie("condition").map(({ text, values }) => ({ text: `NOT (${text})`, values })),
  ),
}));

const definitions: readonly PartitionKeyDefinition[] = [
  { paths: ["/a"], kind: "Hash", version: 1 },
  { paths: ["/a"], kind: "Hash", version: 2 },
  { paths: ["/o/b"], kind: "Hash", version: 2 },
  { paths: ["/a", "/o/b"], kind: "MultiHash", version: 2 },
  { paths: ["/o/b", "/missing", "/a"], kind: "MultiHash", version: 2 },
];

function contains(range: QueryPlanRange, place: string): boolean {
  return range.min <= place && (range.isMaxInclusive ? place <= range.max : place < range.max);
}

describe("the ranges of a plan, for any filter over the partition key", () => {
  test("hold every item that the filter keeps, in order and apart", () => {
    let narrowed = 0;
    fc.assert(
      fc.property(
        fc.array(item, { minLength: 1, maxLength: 12 }),
        condition,
        fc.constantFrom(...definitions),
        (list, { text, values }, definition) => {
          const items: readonly JsonObject[] = list.map(({ a, b, n }, index) => ({
            id: String(index),
            n,
            ...(a !== undefined && { a }),
            ...(b !== undefined && { o: { b } }),
          }));
          const names = values.map((_, index) => `@p${index}`);
          const parameters: readonly QueryParameter[] = values.map((one, index) => ({
            name: `@p${index}`,
            value: one,
          }));
          let used = 0;
          const where = text.replaceAll("?", (mark, at: number) =>
            text[at + 1] === "?" || text[at - 1] === "?" ? mark : (names[used++] ?? mark),
          );
          const query = `SELECT VALUE c.id FROM c WHERE ${where}`;
          const { queryRanges } = createQueryPlan(query, parameters, {
            partitionKeyPaths: definition.paths,
            effectivePartitionKey: (components) => effectivePartitionKey(components, definition),
          });
          const paths = definition.paths.map(splitPropertyPath);
          for (const id of runQuery(query, items, { parameters })) {
            const place = effectivePartitionKey(
              partitionKeyOf(items[Number(id)] ?? {}, paths),
              definition,
            );
            expect(queryRanges.filter((range) => contains(range, place))).toHaveLength(1);
          }
          queryRanges.slice(1).forEach((range, index) => {
            expect(range.min > (queryRanges[index]?.max ?? "")).toBe(true);
          });
          narrowed += queryRanges[0]?.max === "FF" ? 0 : 1;
        },
      ),
      { numRuns: 3000 },
    );
    expect(narrowed).toBeGreaterThan(300);
  });
});
