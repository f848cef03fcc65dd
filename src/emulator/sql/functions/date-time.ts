import type { SqlValue } from "../values/sql-value.ts";

/** 100 ns: what the query language counts time in. */
const TICKS_PER_MS = 10_000n;

/** The years that a date can have are 1 to 9999. */
const MIN_TICKS = BigInt(Date.parse("0001-01-01T00:00:00Z")) * TICKS_PER_MS;
const MAX_TICKS = BigInt(Date.parse("9999-12-31T23:59:59.999Z")) * TICKS_PER_MS + TICKS_PER_MS - 1n;

const DATE_TIME = /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,7}))?)?Z?)?$/;

/** A date and time taken apart. */
export interface DateTimeParts {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  /** Within the second, in 100 ns. */
  readonly fraction: number;
}

/**
 * Ticks since 1970 of `2020-07-03T00:00:00.0000000Z`; undefined for anything else, such as a date
 * that is none.
 */
export function parseDateTime(value: SqlValue): bigint | undefined {
  const found = typeof value === "string" ? DATE_TIME.exec(value) : null;
  if (found === null) {
    return undefined;
  }
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = found
    .slice(1, 7)
    .map((digits) => Number(digits ?? 0));
  const fraction = Number((found[7] ?? "").padEnd(7, "0"));
  return ticksOf({ year, month, day, hour, minute, second, fraction });
}

/** Ticks since 1970; undefined where a part is beyond its range, such as a 30th of February. */
export function ticksOf(parts: DateTimeParts): bigint | undefined {
  const { year, month, day, hour, minute, second, fraction } = parts;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day); // Takes years below 100 as they are
  date.setUTCHours(hour, minute, second);
  const fits =
    year >= 1 &&
    year <= 9999 &&
    date.getUTCFullYear() === year &&
    date.getUTCMonth() === month - 1 &&
    date.getUTCDate() === day &&
    date.getUTCHours() === hour &&
    date.getUTCMinutes() === minute &&
    date.getUTCSeconds() === second &&
    Number.isInteger(fraction) &&
    fraction >= 0 &&
    fraction < 10_000_000;
  return fits ? BigInt(date.getTime()) * TICKS_PER_MS + BigInt(fraction) : undefined;
}

/** The parts of a time within the years 1 to 9999. */
export function partsOf(ticks: bigint): DateTimeParts {
  const fraction = ((ticks % 10_000_000n) + 10_000_000n) % 10_000_000n;
  const date = new Date(Number((ticks - fraction) / TICKS_PER_MS));
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    fraction: Number(fraction),
  };
}

/** As `2020-07-03T00:00:00.0000000Z`; undefined outside of the years 1 to 9999. */
export function formatDateTime(ticks: bigint | undefined): string | undefined {
  if (ticks === undefined || ticks < MIN_TICKS || ticks > MAX_TICKS) {
    return undefined;
  }
  const { fraction } = partsOf(ticks);
  const seconds = new Date(Number((ticks - BigInt(fraction)) / TICKS_PER_MS)).toISOString();
  return `${seconds.slice(0, 19)}.${String(fraction).padStart(7, "0")}Z`;
}

export function ticksFromMs(ms: number): bigint {
  return BigInt(Math.trunc(ms)) * TICKS_PER_MS;
}

/** Whole milliseconds, downwards. */
export function msFromTicks(ticks: bigint): number {
  return Number(floorDivide(ticks, TICKS_PER_MS));
}

export function floorDivide(value: bigint, divisor: bigint): bigint {
  const quotient = value / divisor;
  return value % divisor !== 0n && value < 0n !== divisor < 0n ? quotient - 1n : quotient;
}
