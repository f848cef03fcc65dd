import type { Json } from "../../json.ts";
import { assertArrayLength } from "../limits.ts";
import { compareValues, type SqlValue } from "../values/sql-value.ts";
import { valueKey } from "../values/value-key.ts";
import { isPrimitive } from "../values/value-types.ts";

/** Takes the values of one group, one by one. */
export interface Accumulator {
  add(value: SqlValue): void;
  result(): SqlValue;
}

/** Aggregate functions by name, each as a factory of what takes the values of one group. */
export const AGGREGATE_FUNCTIONS: ReadonlyMap<string, () => Accumulator> = new Map([
  ["COUNT", () => countAccumulator((value) => value !== undefined)],
  ["COUNTIF", () => countAccumulator((value) => value === true)],
  ["MAKELIST", listAccumulator],
  ["MAKESET", setAccumulator],
  ["SUM", sumAccumulator],
  ["AVG", averageAccumulator],
  ["MIN", () => extremeAccumulator((difference) => difference < 0)],
  ["MAX", () => extremeAccumulator((difference) => difference > 0)],
]);

function countAccumulator(counts: (value: SqlValue) => boolean): Accumulator {
  let count = 0;
  return {
    add: (value) => {
      count += counts(value) ? 1 : 0;
    },
    result: () => count,
  };
}

/** Values that are defined, in the order in which they come. */
function listAccumulator(): Accumulator {
  const values: Json[] = [];
  return {
    add: (value) => {
      if (value !== undefined) {
        assertArrayLength(values.length + 1);
        values.push(value);
      }
    },
    result: () => values,
  };
}

/** Different values, each where it came first. */
function setAccumulator(): Accumulator {
  const values = new Map<string, Json>();
  return {
    add: (value) => {
      const key = valueKey(value);
      if (value !== undefined && !values.has(key)) {
        assertArrayLength(values.size + 1);
        values.set(key, value);
      }
    },
    result: () => [...values.values()],
  };
}

/** Undefined values are passed over; any other value that is no number makes the sum undefined. */
function sumAccumulator(): Accumulator {
  let sum = 0;
  let valid = true;
  return {
    add: (value) => {
      if (typeof value === "number") {
        sum += value;
      } else if (value !== undefined) {
        valid = false;
      }
    },
    result: () => (valid && Number.isFinite(sum) ? sum : undefined),
  };
}

/** As SUM; undefined too where there is nothing to average. */
function averageAccumulator(): Accumulator {
  const sum = sumAccumulator();
  let count = 0;
  return {
    add: (value) => {
      sum.add(value);
      count += value === undefined ? 0 : 1;
    },
    result: () => {
      const total = sum.result();
      return typeof total === "number" && count > 0 ? total / count : undefined;
    },
  };
}

/** In the order of types and values; an array or object makes the result undefined. */
function extremeAccumulator(better: (difference: number) => boolean): Accumulator {
  let extreme: SqlValue;
  let valid = true;
  return {
    add: (value) => {
      if (value === undefined) {
        return;
      }
      valid &&= isPrimitive(value);
      if (extreme === undefined || better(compareValues(value, extreme))) {
        extreme = value;
      }
    },
    result: () => (valid ? extreme : undefined),
  };
}
