import type { QueryBody } from "../body/query-body.ts";
import type { ItemSource } from "../item-source.ts";
import type { Row } from "../row.ts";
import { ITEM_SLOT } from "../row.ts";
import { type Continuation, invalidContinuation, isShort } from "./continuation.ts";
import { comparePositions, type ItemPosition } from "./item-position.ts";
import { openItemStream } from "./item-stream.ts";
import { createPageProgress, type PageProgress, type RowOutcome } from "./page-progress.ts";
import type { ResultPage } from "./result-page.ts";

export interface PageOptions {
  readonly body: QueryBody;
  readonly row: Row;
  readonly source: ItemSource;
  readonly maxItemCount: number;
  readonly continuation?: Continuation;
}

/**
 * With the page full, this many more items are looked at for another row, so that few last pages
 * are empty.
 */
const MAX_LOOK_AHEAD = 1000;

/**
 * A page of a query whose rows each come from one item: it reads no further than the page needs.
 */
export function streamPage(options: PageOptions): ResultPage {
  const { body, row, maxItemCount, continuation } = options;
  const after = startPosition(options);
  const alreadyDone = continuation?.done ?? 0;
  const progress = createPageProgress(body, maxItemCount, continuation);
  if (progress.left().limit === 0) {
    return { rows: [], itemsRead: 0 };
  }
  const stream = openItemStream({
    body,
    row,
    source: options.source,
    // What DISTINCT has seen on the pages before is found again by going through them
    ...(after && !body.distinct && { after }),
    wanted:
      alreadyDone + progress.left().offset + Math.min(progress.left().limit, maxItemCount) + 1,
  });
  const isBehind = (position: ItemPosition): boolean =>
    after === undefined || comparePositions(body.sortKeys, position, after) > 0;

  let last = after;
  let behind = 0;
  let ahead = 0;
  const page = (end: "last" | "more", partial?: Continuation["partial"]): ResultPage => {
    const result = { rows: progress.rows, itemsRead: stream.itemsRead() };
    const place = { ...placeOf(last, after, behind), ...(partial && { partial }) };
    return end === "last" ? result : { ...result, continuation: { ...place, ...progress.rest() } };
  };
  for (const item of stream.items) {
    const position = stream.position(item);
    const replayed = !isBehind(position) || behind < alreadyDone;
    row[ITEM_SLOT] = item;
    const { outcome, partial } = takeItem(options, progress, position, replayed);
    if (outcome === "full" && partial === undefined) {
      stream.putBack();
    }
    if (outcome !== "next") {
      return page(outcome === "done" ? "last" : "more", partial);
    }
    last = position;
    behind += isBehind(position) ? 1 : 0;
    ahead += progress.isFull() ? 1 : 0;
    if (ahead > MAX_LOOK_AHEAD) {
      return page("more");
    }
  }
  return page(stream.wasCut() ? "more" : "last");
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

/**
 * Where the next page goes on: behind the last item that is done. If its sort values are too long
 * for a token, the last place that fits, and how many items behind it are done.
 */
function placeOf(
  last: ItemPosition | undefined,
  after: ItemPosition | undefined,
  behind: number,
): Pick<Continuation, "values" | "rid" | "done"> {
  if (last === undefined) {
    return { values: [] };
  }
  return isShort(last.values)
    ? { values: last.values, rid: last.rid }
    : { values: [], ...after, done: behind };
}

/** Puts the rows of one item on the page. */
function takeItem(
  { body, row, continuation }: PageOptions,
  progress: PageProgress,
  position: ItemPosition,
  isReplayed: boolean,
): { readonly outcome: RowOutcome; readonly partial?: Continuation["partial"] } {
  const partial = continuation?.partial;
  const alreadyTaken = partial?.rid === position.rid ? partial.rows : 0;
  let made = 0;
  let outcome: RowOutcome = "next";
  body.bind(row, () => {
    const accepted = body.where === undefined || body.where(row) === true;
    const result = accepted ? body.project(row) : undefined;
    if (result === undefined || !progress.isNew(result) || isReplayed) {
      return true;
    }
    made += 1;
    outcome = made <= alreadyTaken ? "next" : progress.use(result);
    return outcome === "next";
  });
  return made > 1 ? { outcome, partial: { rid: position.rid, rows: made - 1 } } : { outcome };
}
