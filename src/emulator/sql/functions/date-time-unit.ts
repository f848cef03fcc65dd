import type { SqlValue } from "../values/sql-value.ts";

export type DateTimeUnit =
  | "year"
  | "month"
  | "day"
  | "hour"
  | "minute"
  | "second"
  | "millisecond"
  | "microsecond"
  | "nanosecond";

const UNITS: ReadonlyMap<string, DateTimeUnit> = new Map([
  ...names("year", "year", "yyyy", "yy"),
  ...names("month", "month", "mm", "m"),
  ...names("day", "day", "dd", "d"),
  ...names("hour", "hour", "hh"),
  ...names("minute", "minute", "mi", "n"),
  ...names("second", "second", "ss", "s"),
  ...names("millisecond", "millisecond", "ms"),
  ...names("microsecond", "microsecond", "mcs"),
  ...names("nanosecond", "nanosecond", "ns"),
]);

function names(unit: DateTimeUnit, ...texts: readonly string[]): [string, DateTimeUnit][] {
  return texts.map((text) => [text, unit]);
}

/** The unit that a text such as "mm" names, in any case. */
export function dateTimeUnit(name: SqlValue): DateTimeUnit | undefined {
  return typeof name === "string" ? UNITS.get(name.toLowerCase()) : undefined;
}

/**
 * Ticks of 100 ns in a unit of fixed length; undefined for years and months, and for nanoseconds,
 * which are shorter.
 */
export const TICKS_PER_UNIT: Readonly<Partial<Record<DateTimeUnit, bigint>>> = {
  day: 864_000_000_000n,
  hour: 36_000_000_000n,
  minute: 600_000_000n,
  second: 10_000_000n,
  millisecond: 10_000n,
  microsecond: 10n,
};
