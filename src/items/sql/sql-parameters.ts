import type { SqlQuery } from "./sql-query.ts";

/** Collects the values of one query. */
export interface SqlParameters {
  /** Gives the value's placeholder, such as `@p0`. */
  add(value: unknown): string;
  list(): SqlQuery["parameters"];
}

export function createSqlParameters(): SqlParameters {
  const parameters: { readonly name: `@${string}`; readonly value: unknown }[] = [];
  return {
    add(value) {
      const name = `@p${parameters.length}` as const;
      parameters.push({ name, value });
      return name;
    },
    list: () => parameters,
  };
}
