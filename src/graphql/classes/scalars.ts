import {
  GraphQLBoolean,
  GraphQLError,
  GraphQLFloat,
  GraphQLID,
  GraphQLInt,
  GraphQLScalarType,
  GraphQLString,
  Kind,
  type GraphQLScalarType as Scalar,
} from "graphql";
import { GraphQLLocalDate, GraphQLSafeInt } from "graphql-scalars";
import type { ModelScalar } from "../../model/model.ts";
import { jsonScalar } from "./json-scalar.ts";

/** RFC 3339: date, `T`, time, and `Z` or an offset. */
const DATE_TIME =
  /^(\d{4})-(\d{2})-(\d{2})T([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(\.\d{1,9})?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/;

/**
 * A stored date-time goes out as it is stored, to the last digit. One that comes in with an offset
 * is written in UTC: Cosmos DB compares date-times as texts, so all of them must be in one zone.
 */
const dateTime = new GraphQLScalarType<string, string>({
  name: "DateTime",
  description:
    "A date and time as in RFC 3339, such as `2026-03-01T09:30:00Z`. It is read exactly as it is stored. On the way in, a time with an offset is converted to UTC; its fraction of a second is kept. Date-times are compared as texts, so write them all with the same number of decimals.",
  specifiedByURL: "https://www.rfc-editor.org/rfc/rfc3339",
  serialize: (value) => storedText("DateTime", value),
  parseValue: parseDateTime,
  parseLiteral(node) {
    if (node.kind !== Kind.STRING) {
      throw new GraphQLError("DateTime must be a string.", { nodes: node });
    }
    return parseDateTime(node.value);
  },
  extensions: { codegenScalarType: "string" },
});

function storedText(scalar: string, value: unknown): string {
  if (typeof value !== "string") {
    throw new GraphQLError(`${scalar} cannot represent a stored ${typeof value}.`);
  }
  return value;
}

function parseDateTime(value: unknown): string {
  const parts = typeof value === "string" ? DATE_TIME.exec(value) : null;
  const [text, year, month, day, , , , fraction = "", zone] = parts ?? [];
  if (text === undefined || !isCalendarDay(Number(year), Number(month), Number(day))) {
    throw new GraphQLError(
      "DateTime must be like 2026-03-01T09:30:00Z: a date, a time, and Z or an offset.",
    );
  }
  if (zone === "Z") {
    return text;
  }
  // An offset is whole minutes, so the fraction of the second stays as it is.
  const utc = new Date(`${text.slice(0, 19)}${zone}`).toISOString();
  return `${utc.slice(0, -".000Z".length)}${fraction}Z`;
}

function isCalendarDay(year: number, month: number, day: number): boolean {
  const date = new Date(Date.UTC(2000, month - 1, day));
  date.setUTCFullYear(year, month - 1, day);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

function wholeNumber(name: string): Scalar {
  return new GraphQLScalarType({
    ...GraphQLSafeInt.toConfig(),
    name,
    description:
      "A whole number from -(2^53 - 1) to 2^53 - 1, beyond Int. Cosmos DB keeps numbers as JSON does, so larger ones would lose digits and are refused: store them as String.",
    specifiedByURL: null,
  });
}

/** The scalars of models as GraphQL types. All of them travel and are stored as plain JSON. */
export const API_SCALARS: Readonly<Record<ModelScalar, Scalar>> = {
  ID: GraphQLID,
  String: GraphQLString,
  Int: GraphQLInt,
  Float: GraphQLFloat,
  Boolean: GraphQLBoolean,
  DateTime: dateTime,
  Date: new GraphQLScalarType({
    ...GraphQLLocalDate.toConfig(),
    name: "Date",
    description:
      "A calendar day such as `2026-03-01`, without a time and a time zone. It is read exactly as it is stored.",
    serialize: (value) => storedText("Date", value),
  }),
  JSON: jsonScalar,
  BigInt: wholeNumber("BigInt"),
  Long: wholeNumber("Long"),
};
