import { compareValues, type SqlValue } from "../compare-values.ts";
import type { Accumulator } from "../compile/aggregate-calls.ts";
import { isPrimitive } from "../value-types.ts";

/** Aggregate functions by name, each as a factory of what takes the values of one group. */
export const aggregateFunctions: ReadonlyMap<string, () => Accumulator> = new Map([
  ["COUNT", countAccumulator],
  ["SUM", sumAccumulator],
  ["AVG", averageAccumulator],
  ["MIN", () => extremeAccumulator((difference) => difference < 0)],
  ["MAX", () => extremeAccumulator((difference) => difference > 0)],
]);

/** Values that are defined. */
function countAccumulator(): Accumulator {
  let count = 0;
  return {
    add: (value) => {
      count += value === undefined ? 0 : 1;
    },
    result: () => count,
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
