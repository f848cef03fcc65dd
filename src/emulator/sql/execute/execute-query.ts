import type { Json } from "../../json.ts";
import type { Row } from "../compile/compile-context.ts";
import { itemSlot } from "../compile/item-slot.ts";
import type { QueryBody } from "../compile/query-body.ts";
import type { ItemSource } from "../item-source.ts";
import { collectRows } from "./collect-rows.ts";
import { openItemStream } from "./item-stream.ts";
import type { ResultPage } from "./result-page.ts";
import { type PageOptions, streamPage } from "./stream-page.ts";

/** One page of a query. */
export function executeQuery(options: PageOptions): ResultPage {
  const { body } = options;
  return body.root === "item" && !body.grouping ? streamPage(options) : listPage(options);
}

/** A page of a query whose results must all be known before the first is: groups, aggregates, queries over queries. */
function listPage(options: PageOptions): ResultPage {
  const { maxItemCount, continuation } = options;
  let itemsRead = 0;
  const all = collectAll(options, (count) => {
    itemsRead += count;
  });
  const done = continuation?.done ?? 0;
  const rows = all.slice(done, done + maxItemCount);
  const end = done + rows.length;
  return end < all.length
    ? { rows, continuation: { values: [], done: end, offset: 0 }, itemsRead }
    : { rows, itemsRead };
}

type Charge = (itemsRead: number) => void;

function collectAll(options: PageOptions, charge: Charge): readonly Json[] {
  const { body, row } = options;
  return collectRows(body, row, (onRow) => driveRoot(options, charge, onRow));
}

function driveRoot(options: PageOptions, charge: Charge, onRow: () => boolean): void {
  const { body, row, source } = options;
  if (body.root === "row") {
    body.bind(row, onRow);
  } else if (body.root === "item") {
    driveItems({ body, row, source }, charge, onRow);
  } else {
    const inner = { ...options, body: body.root.body };
    for (const result of collectAll(inner, charge)) {
      row[body.root.slot] = result;
      if (!body.bind(row, onRow)) {
        return;
      }
    }
  }
}

function driveItems(
  options: { body: QueryBody; row: Row; source: ItemSource },
  charge: Charge,
  onRow: () => boolean,
): void {
  const { body, row } = options;
  // the order of items does not matter to groups, and the collected rows are sorted by themselves
  const unordered = { ...body, sortKeys: [] };
  const stream = openItemStream({ ...options, body: unordered, wanted: Number.POSITIVE_INFINITY });
  for (const item of stream.items) {
    row[itemSlot] = item;
    if (!body.bind(row, onRow)) {
      break;
    }
  }
  charge(stream.itemsRead());
}
