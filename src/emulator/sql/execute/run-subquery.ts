import type { Json } from "../../json.ts";
import type { Row } from "../compile/compile-context.ts";
import type { QueryBody } from "../compile/query-body.ts";
import { collectRows } from "./collect-rows.ts";

/** All results of a correlated sub-query for this row, or the first `atMost`. */
export function runSubquery(
  body: QueryBody,
  row: Row,
  atMost = Number.POSITIVE_INFINITY,
): readonly Json[] {
  return collectRows(body, row, (onRow) => body.bind(row, onRow), atMost);
}
