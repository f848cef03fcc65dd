import type { SqlValue } from "../values/sql-value.ts";
import { finite } from "../values/value-types.ts";
import { type Builtin, builtin, ofNumber } from "./builtin.ts";

/** A function of two numbers. */
function ofNumbers(compute: (left: number, right: number) => number): Builtin {
  return builtin(2, 2, (left, right) =>
    typeof left === "number" && typeof right === "number"
      ? finite(compute(left, right))
      : undefined,
  );
}

/**
 * Mathematical functions. What is no number, or has no finite result, is undefined: `SQRT(-1)`
 * fails no query, and `IS_FINITE_NUMBER(SQRT(-1.0))` is false.
 */
export const MATH_FUNCTIONS: Readonly<Record<string, Builtin>> = {
  ABS: ofNumber(Math.abs),
  ACOS: ofNumber(Math.acos),
  ASIN: ofNumber(Math.asin),
  ATAN: ofNumber(Math.atan),
  ATN2: ofNumbers(Math.atan2),
  CEILING: ofNumber(Math.ceil),
  COS: ofNumber(Math.cos),
  COT: ofNumber((value) => 1 / Math.tan(value)),
  DEGREES: ofNumber((value) => (value * 180) / Math.PI),
  EXP: ofNumber(Math.exp),
  FLOOR: ofNumber(Math.floor),
  LOG: builtin(1, 2, logarithm),
  LOG10: ofNumber(Math.log10),
  NUMBERBIN: builtin(1, 2, numberBin),
  PI: builtin(0, 0, () => Math.PI),
  POWER: ofNumbers((base, exponent) => base ** exponent),
  RADIANS: ofNumber((value) => (value * Math.PI) / 180),
  RAND: builtin(0, 0, () => Math.random()),
  ROUND: ofNumber((value) => Math.sign(value) * Math.round(Math.abs(value))),
  SIGN: ofNumber(Math.sign),
  SIN: ofNumber(Math.sin),
  SQRT: ofNumber(Math.sqrt),
  SQUARE: ofNumber((value) => value * value),
  TAN: ofNumber(Math.tan),
  TRUNC: ofNumber(Math.trunc),
};

function logarithm(value: SqlValue, base: SqlValue = Math.E): SqlValue {
  if (typeof value !== "number" || typeof base !== "number") {
    return undefined;
  }
  return finite(base === Math.E ? Math.log(value) : Math.log(value) / Math.log(base));
}

/**
 * Down to a multiple of the bin size. Divided once more, so that 37.752 in bins of 0.1 is 37.7 and
 * not 37.7000…01.
 */
function numberBin(value: SqlValue, size: SqlValue = 1): SqlValue {
  if (typeof value !== "number" || typeof size !== "number" || size === 0) {
    return undefined;
  }
  const bins = Math.floor(value / size);
  const perUnit = Math.round(1 / size);
  return finite(perUnit > 1 && 1 / perUnit === size ? bins / perUnit : bins * size);
}
