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

/** Longest sort values that a continuation token carries; beyond, it counts items, since headers are short. */
const maxPositionCharacters = 1500;

/** A page of a query whose rows each come from one item: it reads no further than the page needs. */
export function streamPage(options: PageOptions): ResultPage {
  const { body, row, maxItemCount, continuation } = options;
  const after = startPosition(options);
  const alreadyDone = continuation?.done ?? 0;
  const progress = createProgress(options);
  if (progress.left().limit === 0) {
    return { rows: [], itemsRead: 0 };
  }
  const stream = openItemStream({
    body,
    row,
    source: options.source,
    // what DISTINCT has seen on the pages before is found again by going through them
    ...(after && !body.distinct && { after }),
    wanted:
      alreadyDone + progress.left().offset + Math.min(progress.left().limit, maxItemCount) + 1,
  });
  const isReplayed = (position: ItemPosition, index: number): boolean =>
    index < alreadyDone ||
    (after !== undefined && comparePositions(body.sortKeys, position, after) <= 0);

  let last = after;
  let index = 0;
  let ahead = 0;
  let ended = !stream.wasCut();
  for (const item of stream.items) {
    const position = stream.position(item);
    const outcome = progress.take(item, position, isReplayed(position, index));
    if (outcome === "done") {
      return { rows: progress.rows, itemsRead: stream.itemsRead() };
    }
    ended = outcome === "next";
    if (!ended) {
      break;
    }
    last = position;
    index += 1;
    ahead += progress.rows.length >= maxItemCount ? 1 : 0;
    if (ahead > maxLookAhead) {
      ended = false;
      break;
    }
    ended = !stream.wasCut();
  }
  const page = { rows: progress.rows, itemsRead: stream.itemsRead() };
  return ended ? page : { ...page, continuation: { ...placeOf(last, index), ...progress.rest() } };
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

function placeOf(
  last: ItemPosition | undefined,
  index: number,
): Pick<Continuation, "values" | "rid" | "done"> {
  if (last === undefined) {
    return { values: [] };
  }
  return JSON.stringify(last.values).length > maxPositionCharacters
    ? { values: [], done: index }
    : { values: last.values, rid: last.rid };
}

/** What became of an item: all its rows used, no room for the next row, or LIMIT reached. */
type Outcome = "next" | "full" | "done";

function createProgress({ body, row, maxItemCount, continuation }: PageOptions) {
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

  /** Uses one row of an item, the `made`th. */
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

  const take = (item: JsonObject, position: ItemPosition, isReplayed: boolean): Outcome => {
    const alreadyTaken = partial?.rid === position.rid ? partial.rows : 0;
    let made = 0;
    let outcome: Outcome = "next";
    row[itemSlot] = item;
    body.bind(row, () => {
      const accepted = body.where === undefined || body.where(row) === true;
      const result = accepted ? body.project(row) : undefined;
      if (result === undefined || !isNew(result) || isReplayed) {
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
    left: () => ({ offset, limit }),
    rest: (): Pick<Continuation, "partial" | "offset" | "limit"> => ({
      ...(cutItem && { partial: cutItem }),
      offset,
      ...(Number.isFinite(limit) && { limit }),
    }),
  };
}
