import fc from "fast-check";
import { GraphQLError, parseValue } from "graphql";
import { expect, test } from "vitest";
import { API_SCALARS } from "../../../src/graphql/classes/scalars.ts";

const { DateTime, Date: day, Long, JSON: json } = API_SCALARS;

test.each([
  ["2026-03-01T09:30:00Z", "2026-03-01T09:30:00Z"],
  ["2026-03-01T09:30:00.1Z", "2026-03-01T09:30:00.1Z"],
  ["2026-03-01T09:30:00.123456789+02:00", "2026-03-01T07:30:00.123456789Z"],
  ["2026-01-01T00:30:00+01:00", "2025-12-31T23:30:00Z"],
  ["2024-02-29T23:59:59-23:59", "2024-03-01T23:58:59Z"],
])("a DateTime %s comes in as %s", (given, taken) => {
  expect(DateTime.parseValue(given)).toBe(taken);
  expect(DateTime.parseLiteral(parseValue(JSON.stringify(given)))).toBe(taken);
});

test.each([
  "2026-03-01",
  "2026-03-01T09:30:00",
  "2026-03-01 09:30:00Z",
  "2026-13-01T09:30:00Z",
  "2026-02-29T09:30:00Z",
  "2026-03-01T24:00:00Z",
  "2026-03-01T09:30:60Z",
  "2026-03-01T09:30:00+24:00",
  "tomorrow",
  "",
  0,
  null,
])("a DateTime can't be %j", (given) => {
  expect(() => DateTime.parseValue(given)).toThrow(GraphQLError);
});

test("a stored DateTime goes out as it is stored", () => {
  for (const stored of ["2026-03-01T09:30:00.1234567Z", "2026-03-01T09:30:00+02:00", "soon"]) {
    expect(DateTime.serialize(stored)).toBe(stored);
  }
  expect(() => DateTime.serialize(12)).toThrow("stored number");
});

test("a DateTime names the same moment as it came in with", () => {
  fc.assert(
    fc.property(
      fc.date({ min: new Date("0001-01-02"), max: new Date("9998-12-30"), noInvalidDate: true }),
      fc.integer({ min: -14 * 60, max: 14 * 60 }),
      (date, offset) => {
        const sign = offset < 0 ? "-" : "+";
        const minutes = Math.abs(offset);
        const pad = (value: number) => String(value).padStart(2, "0");
        const local = new Date(date.getTime() + offset * 60_000).toISOString().slice(0, -1);
        const given = `${local}${sign}${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`;
        fc.pre(/^\d{4}-/.test(given));
        expect(DateTime.parseValue(given)).toBe(date.toISOString());
      },
    ),
  );
});

test("a Date is a calendar day as text", () => {
  expect(day.parseValue("2026-02-28")).toBe("2026-02-28");
  expect(() => day.parseValue("2026-02-29")).toThrow();
});

test("a Long is a whole number that JSON can hold", () => {
  expect(Long.parseValue(Number.MAX_SAFE_INTEGER)).toBe(Number.MAX_SAFE_INTEGER);
  for (const given of [Number.MAX_SAFE_INTEGER + 1, 1.5, "1"]) {
    expect(() => Long.parseValue(given)).toThrow();
  }
});

test("JSON is any value", () => {
  expect(json.parseLiteral(parseValue('{ a: [1, "b", null], c: true }'))).toEqual({
    a: [1, "b", null],
    c: true,
  });
});
