import type { SqlValue } from "../values/sql-value.ts";
import { type Builtin, builtin } from "./builtin.ts";
import {
  floorDivide,
  formatDateTime,
  msFromTicks,
  parseDateTime,
  partsOf,
  ticksFromMs,
  ticksOf,
} from "./date-time.ts";
import { dateTimeUnit, TICKS_PER_UNIT } from "./date-time-unit.ts";

/** A function of the time that the query runs at. */
function ofNow(compute: (nowMs: number) => SqlValue): Builtin {
  return {
    minArguments: 0,
    maxArguments: 0,
    create: ({ nowMs }) => {
      const value = compute(nowMs);
      return () => value;
    },
  };
}

const currentDateTime = ofNow((nowMs) => formatDateTime(ticksFromMs(nowMs)));
const currentTicks = ofNow((nowMs) => Math.trunc(nowMs) * 10_000);
const currentTimestamp = ofNow((nowMs) => Math.trunc(nowMs));

/** One part of a date and time. */
function ofPart(unit: string): Builtin {
  return builtin(1, 1, (value) => dateTimePart(unit, value));
}

/**
 * Date and time functions. Times are texts such as `2020-07-03T00:00:00.0000000Z`, ticks are 100 ns
 * since 1970.
 */
export const DATE_TIME_FUNCTIONS: Readonly<Record<string, Builtin>> = {
  DATETIMEADD: builtin(3, 3, dateTimeAdd),
  DATETIMEBIN: builtin(2, 4, dateTimeBin),
  DATETIMEDIFF: builtin(3, 3, dateTimeDiff),
  DATETIMEFROMPARTS: builtin(3, 7, dateTimeFromParts),
  DATETIMEPART: builtin(2, 2, dateTimePart),
  DATETIMETOTICKS: builtin(1, 1, (value) => {
    const ticks = parseDateTime(value);
    return ticks === undefined ? undefined : Number(ticks);
  }),
  DATETIMETOTIMESTAMP: builtin(1, 1, (value) => {
    const ticks = parseDateTime(value);
    return ticks === undefined ? undefined : msFromTicks(ticks);
  }),
  DAY: ofPart("day"),
  GETCURRENTDATETIME: currentDateTime,
  GETCURRENTDATETIMESTATIC: currentDateTime,
  GETCURRENTTICKS: currentTicks,
  GETCURRENTTICKSSTATIC: currentTicks,
  GETCURRENTTIMESTAMP: currentTimestamp,
  GETCURRENTTIMESTAMPSTATIC: currentTimestamp,
  MONTH: ofPart("month"),
  TICKSTODATETIME: builtin(1, 1, (ticks) =>
    isSafe(ticks) ? formatDateTime(BigInt(Math.trunc(ticks))) : undefined,
  ),
  TIMESTAMPTODATETIME: builtin(1, 1, (ms) =>
    isSafe(ms) ? formatDateTime(ticksFromMs(ms)) : undefined,
  ),
  YEAR: ofPart("year"),
};

/** Whether the number can be a time. Far beyond, arithmetic would only get slower. */
function isSafe(value: SqlValue): value is number {
  return typeof value === "number" && Math.abs(value) < 1e18;
}

function dateTimeAdd(unitName: SqlValue, count: SqlValue, value: SqlValue): SqlValue {
  const unit = dateTimeUnit(unitName);
  const ticks = parseDateTime(value);
  if (unit === undefined || ticks === undefined || !isSafe(count) || !Number.isInteger(count)) {
    return undefined;
  }
  switch (unit) {
    case "year":
      return formatDateTime(addMonths(ticks, count * 12));
    case "month":
      return formatDateTime(addMonths(ticks, count));
    case "nanosecond":
      return formatDateTime(ticks + BigInt(Math.trunc(count / 100)));
    default:
      return formatDateTime(ticks + BigInt(count) * (TICKS_PER_UNIT[unit] ?? 0n));
  }
}

/** The same day of another month, or its last. */
function addMonths(ticks: bigint, count: number): bigint | undefined {
  const parts = partsOf(ticks);
  const months = parts.year * 12 + parts.month - 1 + count;
  const year = Math.floor(months / 12);
  const month = (months % 12) + 1;
  if (year < 1 || year > 9999) {
    return undefined;
  }
  // The calendar repeats every 400 years.
  const lastDay = new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();
  return ticksOf({ ...parts, year, month, day: Math.min(parts.day, lastDay) });
}

function dateTimePart(unitName: SqlValue, value: SqlValue): SqlValue {
  const unit = dateTimeUnit(unitName);
  const ticks = parseDateTime(value);
  if (unit === undefined || ticks === undefined) {
    return undefined;
  }
  const parts = partsOf(ticks);
  switch (unit) {
    case "millisecond":
      return Math.floor(parts.fraction / 10_000);
    case "microsecond":
      return Math.floor(parts.fraction / 10);
    case "nanosecond":
      return parts.fraction * 100;
    default:
      return parts[unit];
  }
}

/** How many borders of the unit lie between the two times. */
function dateTimeDiff(unitName: SqlValue, from: SqlValue, to: SqlValue): SqlValue {
  const unit = dateTimeUnit(unitName);
  const start = parseDateTime(from);
  const end = parseDateTime(to);
  if (unit === undefined || start === undefined || end === undefined) {
    return undefined;
  }
  const [first, last] = [partsOf(start), partsOf(end)];
  switch (unit) {
    case "year":
      return last.year - first.year;
    case "month":
      return (last.year - first.year) * 12 + last.month - first.month;
    case "nanosecond":
      return Number(end - start) * 100;
    default: {
      const length = TICKS_PER_UNIT[unit] ?? 1n;
      return Number(floorDivide(end, length) - floorDivide(start, length));
    }
  }
}

/** Down to a multiple of so many units since the origin. */
function dateTimeBin(
  value: SqlValue,
  unitName: SqlValue,
  size: SqlValue = 1,
  origin: SqlValue = "1970-01-01T00:00:00.0000000Z",
): SqlValue {
  const unit = dateTimeUnit(unitName);
  const ticks = parseDateTime(value);
  const start = parseDateTime(origin);
  if (unit === undefined || ticks === undefined || start === undefined) {
    return undefined;
  }
  if (!isSafe(size) || !Number.isInteger(size) || size < 1) {
    return undefined;
  }
  const length =
    unit === "nanosecond" ? BigInt(size) / 100n : (TICKS_PER_UNIT[unit] ?? 0n) * BigInt(size);
  if (length < 1n) {
    return unit === "nanosecond" ? formatDateTime(ticks) : undefined;
  }
  return formatDateTime(start + floorDivide(ticks - start, length) * length);
}

function dateTimeFromParts(...values: readonly SqlValue[]): SqlValue {
  if (!values.every((value) => Number.isInteger(value))) {
    return undefined;
  }
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, fraction = 0] =
    values.map(Number);
  return formatDateTime(ticksOf({ year, month, day, hour, minute, second, fraction }));
}
