import type { Json, JsonObject } from "../../json.ts";
import type { Row } from "../compile/compile-context.ts";
import { itemSlot } from "../compile/item-slot.ts";
import type { QueryBody } from "../compile/query-body.ts";
import type { ItemSource } from "../item-source.ts";
import { valueKey } from "../value-key.ts";
import { type Continuation, invalidContinuation } from "./continuation.ts";
import { comparePositions, type ItemPosition } from "./item-position.ts";
import { openItemStream } from "./item-stream.ts";
import type { ResultPage } from "./result-page.ts";

export interface PageOptions {
  readonly body: QueryBody;
  readonly row: Row;
  readonly source: ItemSource;
  readonly maxItemCount: number;
  readonly continuation?: Continuation;
}

/** With the page full, this many more items are looked at for another row, so that few last pages are empty. */
const maxLookAhead = 1000;

/** A page of a query whose rows each come from one item: it reads no further than the page needs. */
export function streamPage(options: PageOptions): ResultPage {
  const { body, row, maxItemCount } = options;
  const after = startPosition(options);
  const progress = createProgress(options, after);
  if (progress.limit === 0) {
    return { rows: [], itemsRead: 0 };
  }
  const stream = openItemStream({
    ...options,
    // what DISTINCT has seen on the pages before is found again by going through them
    ...(after && !body.distinct && { after }),
    wanted: progress.offset + Math.min(progress.limit, maxItemCount) + 1,
  });
  let last = after;
  let ahead = 0;
  const next = (): Continuation => progress.continuation(last);
  for (const item of stream.items) {
    const position = stream.position(item);
    const outcome = progress.take(item, position);
    row[itemSlot] = undefined;
    if (outcome === "done") {
      return { rows: progress.rows, itemsRead: stream.itemsRead() };
    }
    ahead += progress.rows.length >= maxItemCount ? 1 : 0;
    if (outcome === "full") {
      return { rows: progress.rows, continuation: next(), itemsRead: stream.itemsRead() };
    }
    last = position;
    if (ahead > maxLookAhead) {
      return { rows: progress.rows, continuation: next(), itemsRead: stream.itemsRead() };
    }
  }
  return stream.wasCut()
    ? { rows: progress.rows, continuation: next(), itemsRead: stream.itemsRead() }
    : { rows: progress.rows, itemsRead: stream.itemsRead() };
}

function startPosition({ body, continuation }: PageOptions): ItemPosition | undefined {
  if (continuation?.rid === undefined) {
    return undefined;
  }
  if (continuation.values.length !== body.sortKeys.length) {
    throw invalidContinuation();
  }
  return { values: continuation.values, rid: continuation.rid };
}

/** What became of an item: all its rows used, no room for the next row, or LIMIT reached. */
type Outcome = "next" | "full" | "done";

function createProgress(options: PageOptions, after: ItemPosition | undefined) {
  const { body, row, maxItemCount, continuation } = options;
  const rows: Json[] = [];
  const seen = new Set<string>();
  const partial = continuation?.partial;
  let offset = continuation?.offset ?? body.offset;
  let limit = continuation?.limit ?? body.limit;
  let cutItem: Continuation["partial"];

  const isNew = (result: Json): boolean => {
    if (!body.distinct) {
      return true;
    }
    const key = valueKey(result);
    const known = seen.has(key);
    seen.add(key);
    return !known;
  };

  /** Uses one row of an item, the `made`th; false: no more rows are wanted. */
  const useRow = (result: Json, made: number, rid: string): Outcome => {
    if (offset > 0) {
      offset -= 1;
      return "next";
    }
    if (rows.length >= maxItemCount) {
      cutItem = made > 1 ? { rid, rows: made - 1 } : undefined;
      return "full";
    }
    rows.push(result);
    limit -= 1;
    return limit > 0 ? "next" : "done";
  };

  const take = (item: JsonObject, position: ItemPosition): Outcome => {
    const replayed = after !== undefined && comparePositions(body.sortKeys, position, after) <= 0;
    const alreadyTaken = partial?.rid === position.rid ? partial.rows : 0;
    let made = 0;
    let outcome: Outcome = "next";
    row[itemSlot] = item;
    body.bind(row, () => {
      const result =
        body.where === undefined || body.where(row) === true ? body.project(row) : undefined;
      if (result === undefined || !isNew(result) || replayed) {
        return true;
      }
      made += 1;
      outcome = made <= alreadyTaken ? "next" : useRow(result, made, position.rid);
      return outcome === "next";
    });
    return outcome;
  };

  return {
    rows,
    take,
    get offset() {
      return offset;
    },
    get limit() {
      return limit;
    },
    continuation: (last: ItemPosition | undefined): Continuation => ({
      values: last?.values ?? [],
      ...(last && { rid: last.rid }),
      ...(cutItem && { partial: cutItem }),
      offset,
      ...(Number.isFinite(limit) && { limit }),
    }),
  };
}
