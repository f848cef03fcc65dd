import { z } from "zod";

// Building blocks of the configuration's schema. The error of each is what was expected.

/** A whole number between the two, both included. */
export const wholeNumber = (min: number, max: number) => {
  const error = `a whole number from ${min} to ${max}`;
  return z.int({ error }).min(min, { error }).max(max, { error });
};

/** True or false. */
export const flag = () => z.boolean({ error: "true or false" });

/** Text that is not empty. */
export const text = (error: string) => z.string({ error }).min(1, { error });

/** One of these words. */
export const choice = <const T extends readonly [string, ...string[]]>(values: T) =>
  z.enum(values, { error: values.map((value) => `"${value}"`).join(" or ") });

/** A mapping with these keys and no others. */
export const section = <T extends z.core.$ZodLooseShape>(shape: T) => {
  const error = `a mapping with keys such as ${Object.keys(shape).slice(0, 3).join(", ")}`;
  return z.strictObject(shape, {
    error: ({ code }) => (code === "invalid_type" ? error : undefined),
  });
};

/** A list that is not empty. */
export const list = <T extends z.ZodType>(of: T, error: string) =>
  z.array(of, { error }).min(1, { error });

/** Adds a check whose function says what was expected, or nothing if the value is fine. */
export const checked = (schema: z.ZodString, fault: (value: string) => string | undefined) =>
  schema.check(({ value, issues }) => {
    const message = fault(value);
    if (message !== undefined) {
      issues.push({ code: "custom", message, input: value });
    }
  });
