import type { Json, Operation } from "../../model/terms.ts";
import type { Random } from "../random.ts";
import type { Form } from "./form.ts";
import {
  asAnswer,
  cursorsIn,
  nextCursor,
  type Observed,
  type ObservedError,
  type Reply,
  readReply,
} from "./observed.ts";
import type { Etags } from "./operation-arguments.ts";
import { readForm } from "./read-form.ts";
import { renderOperation } from "./render-operation.ts";

export interface AskOptions {
  /** Of `/graphql`. */
  readonly url: string;
  /** Absent: without a bearer token. */
  readonly bearer?: string | undefined;
  /** Chooses among ways to write the same operation. */
  readonly random?: Random;
  readonly etags?: Etags;
  /** Default: `typed`. */
  readonly form?: Form | undefined;
  /** How long one HTTP request may take, in milliseconds. Default 30,000. */
  readonly timeoutMs?: number;
}

/** More pages than any list of a world has: beyond it a list goes round in circles. */
const MAX_PAGES = 400;

/** Asks the gateway, a list page by page, and returns all that came. Never throws. */
export async function ask(operation: Operation, options: AskOptions): Promise<Observed> {
  const { random, etags, form } = options;
  const replies: Reply[] = [];
  const cursors: string[] = [];
  const errors: ObservedError[] = [];
  let answer: Json | undefined;
  let after: string | undefined;
  // The same way of writing for every page: a cursor belongs to its operation
  const seed = random?.int(0, 0x7fffffff);
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const rendered = renderOperation(operation, {
      ...(random === undefined ? {} : { random: random.fork(`page ${seed}`) }),
      ...(etags === undefined ? {} : { etags }),
      ...(after === undefined ? {} : { after }),
      form,
    });
    const { query, variables, alias } = rendered;
    const reply = await post(options, { query, variables });
    if (typeof reply === "string") {
      return { replies, errors, cursors, failure: reply };
    }
    replies.push(reply);
    try {
      const read = readForm(operation, form ?? "typed", readReply(reply, alias));
      errors.push(...read.errors);
      cursors.push(...cursorsIn(read.value));
      if (read.errors.some(({ isRefusal }) => isRefusal)) {
        return { replies, errors, cursors };
      }
      answer = joined(answer, asAnswer(operation, read.value, rendered));
      after = operation.do === "list" ? nextCursor(read.value) : undefined;
    } catch (error) {
      const failure = `no GraphQL (HTTP ${reply.status}): ${String(error)}`;
      return { replies, errors, cursors, failure };
    }
    if (after === undefined) {
      return { replies, errors, cursors, answer };
    }
  }
  return { replies, errors, cursors, failure: `a list of more than ${MAX_PAGES} pages` };
}

/** The answer, or in words why there is none. */
export async function post(
  { url, bearer, timeoutMs = 30_000 }: AskOptions,
  body: { readonly query: string; readonly variables?: Readonly<Record<string, Json>> },
): Promise<Reply | string> {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
      },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(timeoutMs),
    });
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      text: await response.text(),
    };
  } catch (error) {
    const cause = error instanceof Error && error.cause !== undefined ? ` (${error.cause})` : "";
    return `${String(error)}${cause}`;
  }
}

/** A list's pages one after the other; how many there are in all, the first page says. */
function joined(before: Json | undefined, page: Json): Json {
  if (before === undefined) {
    return page;
  }
  // Only lists have a second page
  const [first, next] = [before, page].map((one) => one as { readonly nodes?: readonly Json[] });
  return { ...first, nodes: [...(first?.nodes ?? []), ...(next?.nodes ?? [])] };
}
