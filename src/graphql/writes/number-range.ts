import { ALWAYS, all, type Condition, isAlways, not } from "../../items/sql/condition.ts";
import type { PropertyPath } from "../../items/sql/property-path.ts";
import type { FieldType } from "../../model/model.ts";

/** The numbers that a scalar holds: those that can be written and read as it. */
interface NumberRange {
  readonly least: number;
  readonly most: number;
  readonly isWhole: boolean;
  /** In words, as the end of "A … is". */
  readonly text: string;
}

const WHOLE_TO_2_53: NumberRange = {
  least: Number.MIN_SAFE_INTEGER,
  most: Number.MAX_SAFE_INTEGER,
  isWhole: true,
  text: "a whole number from -(2^53 - 1) to 2^53 - 1",
};

const RANGES: Readonly<Record<string, NumberRange>> = {
  Int: {
    least: -(2 ** 31),
    most: 2 ** 31 - 1,
    isWhole: true,
    text: "a whole number from -2147483648 to 2147483647",
  },
  BigInt: WHOLE_TO_2_53,
  Long: WHOLE_TO_2_53,
  Float: {
    least: -Number.MAX_VALUE,
    most: Number.MAX_VALUE,
    isWhole: false,
    text: "a number in the range of a double",
  },
};

/**
 * The numbers of a field's type to which `amount` can be added, so that the sum is of that type,
 * too. What is stored may be any number: Cosmos DB knows no Int.
 */
export function summands(type: FieldType, amount: number): NumberRange {
  const range = RANGES[type.name];
  if (range === undefined) {
    throw new Error(`${type.name} is no type of numbers.`);
  }
  return {
    ...range,
    least: amount < 0 ? -summandsUpTo(-range.least, -amount) : range.least,
    most: amount > 0 ? summandsUpTo(range.most, amount) : range.most,
  };
}

/** Whole numbers are exact here: both are at most 2^53, and the difference is smaller. */
function summandsUpTo(most: number, amount: number): number {
  const difference = most - amount;
  // A double's difference may be rounded up, to where the sum is rounded to Infinity.
  return Number.isFinite(difference + amount) ? difference : difference * (1 - Number.EPSILON);
}

export function isInRange(value: number, { least, most, isWhole }: NumberRange): boolean {
  return value >= least && value <= most && (!isWhole || Number.isInteger(value));
}

/**
 * Whether a property that is a number is one to which `amount` can be added; true of any other,
 * which Cosmos DB refuses to increment by itself.
 */
export function summandCondition(path: PropertyPath, type: FieldType, amount: number): Condition {
  const { least, most, isWhole } = summands(type, amount);
  const bounds = all(
    ...(least === -Number.MAX_VALUE
      ? []
      : [{ kind: "compare", path, operator: ">=", value: least } as const]),
    ...(most === Number.MAX_VALUE
      ? []
      : [{ kind: "compare", path, operator: "<=", value: most } as const]),
    ...(isWhole ? [{ kind: "type", path, test: "IS_INTEGER" } as const] : []),
  );
  return isAlways(bounds)
    ? ALWAYS
    : not(all({ kind: "type", path, test: "IS_NUMBER" }, not(bounds)));
}
