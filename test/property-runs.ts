/**
 * How many cases a property is tried with: fewer where the tests run once for each mutant of the
 * code, which plain examples should kill anyway.
 */
export function propertyRuns(usual: number): number {
  return process.env.FEWER_PROPERTY_RUNS === undefined ? usual : Math.ceil(usual / 20);
}
