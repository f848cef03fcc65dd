import type { Leak, LeakSearch } from "./leak-search.ts";
import type { SearchContext } from "./search-context.ts";

/** What an HTTP client got. */
export interface ReceivedResponse {
  readonly statusText?: string;
  readonly headers: Iterable<readonly [string, string]>;
  readonly body: string;
}

/** Searches everything of a response: each header with its name, the status line, the body. */
export function searchResponse(
  { search }: Pick<LeakSearch, "search">,
  { statusText = "", headers, body }: ReceivedResponse,
  context: Omit<SearchContext, "where">,
): readonly Leak[] {
  const head = [statusText, ...[...headers].map(([name, value]) => `${name}: ${value}`)];
  return [
    ...search(head.join("\n"), { ...context, where: "header" }),
    ...search(body, { ...context, where: "answer" }),
  ];
}
