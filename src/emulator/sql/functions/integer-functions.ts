import type { SqlValue } from "../values/sql-value.ts";
import { type Builtin, builtin } from "./builtin.ts";

/** A function of two 64-bit integers. What is no integer, or beyond 64 bits, is undefined. */
function ofIntegers(compute: (left: bigint, right: bigint) => bigint | undefined): Builtin {
  return builtin(2, 2, (left, right) => {
    const first = toInteger(left);
    const second = toInteger(right);
    return first === undefined || second === undefined
      ? undefined
      : toNumber(compute(first, second));
  });
}

function toInteger(value: SqlValue): bigint | undefined {
  if (typeof value !== "number" || !Number.isInteger(value)) {
    return undefined;
  }
  const integer = BigInt(value);
  return BigInt.asIntN(64, integer) === integer ? integer : undefined;
}

/** Wraps around at 64 bits. */
function toNumber(value: bigint | undefined): number | undefined {
  return value === undefined ? undefined : Number(BigInt.asIntN(64, value));
}

function isShift(places: bigint): boolean {
  return places >= 0n && places < 64n;
}

/** Arithmetic and bit operations on 64-bit integers. */
export const INTEGER_FUNCTIONS: Readonly<Record<string, Builtin>> = {
  INTADD: ofIntegers((left, right) => left + right),
  INTBITAND: ofIntegers((left, right) => left & right),
  INTBITLEFTSHIFT: ofIntegers((value, places) => (isShift(places) ? value << places : undefined)),
  INTBITNOT: builtin(1, 1, (value) => {
    const integer = toInteger(value);
    return integer === undefined ? undefined : toNumber(~integer);
  }),
  INTBITOR: ofIntegers((left, right) => left | right),
  INTBITRIGHTSHIFT: ofIntegers((value, places) => (isShift(places) ? value >> places : undefined)),
  INTBITXOR: ofIntegers((left, right) => left ^ right),
  INTDIV: ofIntegers((left, right) => (right === 0n ? undefined : left / right)),
  INTMOD: ofIntegers((left, right) => (right === 0n ? undefined : left % right)),
  INTMUL: ofIntegers((left, right) => left * right),
  INTSUB: ofIntegers((left, right) => left - right),
};
