import type { Json, Operation } from "../../model/terms.ts";
import type { Rendered } from "./render-operation.ts";

/** One HTTP answer, all of it: what the leak search looks through. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

export interface ObservedError {
  /** `extensions.code`; `NO_CODE` without one. */
  readonly code: string;
  readonly message: string;
  /** Empty for an error of the whole request. */
  readonly path: readonly (string | number)[];
  /** A write that was done, though its result can't be shown. */
  readonly isWritten: boolean;
  /**
   * Whether it stands in place of an answer. An error beside an answer doesn't, nor does one about
   * an item that doesn't fit the model: that operation is answered, with null in the item's place.
   */
  readonly isRefusal: boolean;
}

/** What came of one operation; of a list, of all its pages. */
export interface Observed {
  readonly replies: readonly Reply[];
  /** In the form of `Outcome.answer`; undefined where the operation was refused or failed. */
  readonly answer?: Json;
  readonly errors: readonly ObservedError[];
  /** Every cursor that was given out, to be tried by others. */
  readonly cursors: readonly string[];
  /** Why there is no reply, or none that is GraphQL: the connection broke, it took too long. */
  readonly failure?: string;
}

/** An answer's parts, before pages are put together. */
export interface ReadReply {
  /** What stands in `data` for the operation; null where it failed. */
  readonly value: Json;
  readonly errors: readonly ObservedError[];
}

/** @throws SyntaxError for a body that is no JSON. */
export function readReply({ text }: Reply, alias: string): ReadReply {
  const body = JSON.parse(text) as {
    readonly data?: Readonly<Record<string, Json>> | null;
    readonly errors?: readonly {
      readonly message?: string;
      readonly path?: readonly (string | number)[];
      readonly extensions?: { readonly code?: string; readonly written?: boolean };
    }[];
  };
  const value = body.data?.[alias] ?? null;
  return {
    value,
    errors: (body.errors ?? []).map(({ message = "", path = [], extensions = {} }) => {
      const { code = "NO_CODE", written = false } = extensions;
      const isRefusal = value === null && code !== "ITEM_MISFIT";
      return { code, message, path, isWritten: written, isRefusal };
    }),
  };
}

/** An operation's value as the reference model answers it; for a list, of one page. */
export function asAnswer(operation: Operation, value: Json, { hasEdges }: Rendered): Json {
  const object = asObject(value);
  switch (operation.do) {
    case "list": {
      const nodes = hasEdges
        ? asList(object.edges).map((edge) => asObject(edge).node ?? null)
        : asList(object.nodes);
      return {
        nodes,
        ...(operation.withTotalCount === true ? { totalCount: object.totalCount ?? null } : {}),
      };
    }
    case "aggregate": {
      const { field } = operation;
      return field === undefined
        ? { count: object.count ?? null }
        : {
            count: object.count ?? null,
            sum: asObject(object.sum)[field] ?? null,
            min: asObject(object.min)[field] ?? null,
            max: asObject(object.max)[field] ?? null,
          };
    }
    case "query":
      return asList(object.rows).map(withoutSystemProperties);
    case "viewer":
      return { permissions: object.permissions ?? null };
    default:
      return value;
  }
}

/** Where a list's next page starts; undefined after the last one. */
export function nextCursor(value: Json): string | undefined {
  const { hasNextPage, endCursor } = asObject(asObject(value).pageInfo);
  return hasNextPage === true && typeof endCursor === "string" ? endCursor : undefined;
}

export function cursorsIn(value: Json): readonly string[] {
  const object = asObject(value);
  const found = [
    asObject(object.pageInfo).endCursor,
    object.endCursor,
    ...asList(object.edges).map((edge) => asObject(edge).cursor),
  ];
  return found.filter((cursor) => typeof cursor === "string");
}

/** `_etag` and its like, which the model knows nothing of. */
export function withoutSystemProperties(item: Json): Json {
  return Object.fromEntries(Object.entries(asObject(item)).filter(([name]) => !/^_/.test(name)));
}

function asObject(value: Json | undefined): Readonly<Record<string, Json>> {
  return value !== null && typeof value === "object" && !Array.isArray(value)
    ? // What is left is an object
      (value as Readonly<Record<string, Json>>)
    : {};
}

function asList(value: Json | undefined): readonly Json[] {
  // A list of JSON holds JSON
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}
