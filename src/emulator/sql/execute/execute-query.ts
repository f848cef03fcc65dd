import { collectAll } from "./drive-rows.ts";
import { groupPage } from "./group-page.ts";
import type { ResultPage } from "./result-page.ts";
import { type PageOptions, streamPage } from "./stream-page.ts";

/** One page of a query. */
export function executeQuery(options: PageOptions): ResultPage {
  const { body } = options;
  if (body.grouping) {
    return groupPage(options, body.grouping);
  }
  return body.root === "item" ? streamPage(options) : listPage(options);
}

/**
 * A page of a query over another one: nothing in its rows tells where it has come to but their
 * number.
 */
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
