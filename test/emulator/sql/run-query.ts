import type { Json, JsonObject } from "../../../src/emulator/json.ts";
import {
  type CompileOptions,
  compileQuery,
  type QueryParameter,
} from "../../../src/emulator/sql/compile-query.ts";
import type { ItemSource } from "../../../src/emulator/sql/item-source.ts";
import { arraySource } from "./array-source.ts";

export interface RunOptions extends CompileOptions {
  readonly parameters?: readonly QueryParameter[];
  /** Rows in a page; all pages are put together. Default: one page. */
  readonly pageSize?: number;
}

/** All rows of a query over these items, or over a source. */
export function runQuery(
  text: string,
  items: readonly JsonObject[] | ItemSource = [{ id: "1" }],
  options: RunOptions = {},
): readonly Json[] {
  const source = "scan" in items ? items : arraySource(items);
  return runPages(text, source, options).flat();
}

/** The pages of a query. */
export function runPages(
  text: string,
  source: ItemSource,
  { parameters = [], pageSize = -1, ...options }: RunOptions = {},
): readonly (readonly Json[])[] {
  const query = compileQuery(text, parameters, options);
  const pages: (readonly Json[])[] = [];
  let continuation: string | undefined;
  do {
    const page = query.execute(source, {
      maxItemCount: pageSize,
      ...(continuation !== undefined && { continuation }),
    });
    pages.push(page.rows);
    continuation = page.continuation;
  } while (continuation !== undefined && pages.length < 10_000);
  return pages;
}

/** The value of an expression without any item; undefined for the language's undefined. */
export function evaluate(
  expression: string,
  item: JsonObject = { id: "1" },
  options: RunOptions = {},
): Json | undefined {
  return runQuery(`SELECT VALUE ${expression} FROM c`, [item], options)[0];
}
