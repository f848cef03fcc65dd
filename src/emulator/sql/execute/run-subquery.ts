import type { Json } from "../../json.ts";
import type { QueryBody } from "../body/query-body.ts";
import type { Row } from "../row.ts";
import { collectRows } from "./collect-rows.ts";

/** All results of a correlated sub-query for this row, or the first `atMost`. */
export function runSubquery(
  body: QueryBody,
  row: Row,
  atMost = Number.POSITIVE_INFINITY,
): readonly Json[] {
  return collectRows(body, row, (onRow) => body.bind(row, onRow), atMost);
}
