import type { Json } from "../../json.ts";
import type { QueryBody } from "../body/query-body.ts";
import { assertValueSize } from "../limits.ts";
import { ITEM_SLOT } from "../row.ts";
import { collectRows } from "./collect-rows.ts";
import { openItemStream } from "./item-stream.ts";
import type { PageOptions } from "./stream-page.ts";

/** What a walk over all rows needs of a page's options. */
export type WalkOptions = Pick<PageOptions, "body" | "row" | "source">;

/** Is told how many items a walk has read. */
export type Charge = (itemsRead: number) => void;

/** All results of a query at once. */
export function collectAll(options: WalkOptions, charge: Charge): readonly Json[] {
  const { body, row } = options;
  return collectRows(body, row, (onRow) => driveRows(options, charge, onRow));
}

/** Calls back with each row that the FROM clause makes, until that returns false. */
export function driveRows(options: WalkOptions, charge: Charge, onRow: () => boolean): void {
  const { body, row } = options;
  if (body.root === "row") {
    body.bind(row, onRow);
  } else if (body.root === "item") {
    driveItems(options, charge, onRow);
  } else {
    const { slot, body: inner } = body.root;
    for (const result of collectAll({ ...options, body: inner }, charge)) {
      assertValueSize(result);
      row[slot] = result;
      if (!body.bind(row, onRow)) {
        return;
      }
    }
  }
}

function driveItems(options: WalkOptions, charge: Charge, onRow: () => boolean): void {
  const { body, row, source } = options;
  // The order of items does not matter to groups, and the collected rows are sorted by themselves
  const unordered: QueryBody = { ...body, sortKeys: [] };
  const wanted = Number.POSITIVE_INFINITY;
  const stream = openItemStream({ body: unordered, row, source, wanted });
  for (const item of stream.items) {
    row[ITEM_SLOT] = item;
    if (!body.bind(row, onRow)) {
      break;
    }
  }
  charge(stream.itemsRead());
}
