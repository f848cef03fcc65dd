import type { Json } from "../json.ts";
import type { AggregatePlaces } from "./compile/aggregate-places.ts";
import { compileBody } from "./compile/compile-body.ts";
import type { CompileContext } from "./compile/compile-context.ts";
import { compileExpression } from "./compile/compile-expression.ts";
import { createScope } from "./compile/scope.ts";
import { readContinuation, writeContinuation } from "./execute/continuation.ts";
import { executeQuery } from "./execute/execute-query.ts";
import type { ItemSource } from "./item-source.ts";
import { ITEM_SLOT } from "./row.ts";
import { assertShallow } from "./syntax/assert-shallow.ts";
import { parseQuery } from "./syntax/parse-query.ts";
import type { SqlValue } from "./values/sql-value.ts";
import { withinStack } from "./within-stack.ts";
import { createWorkBudget } from "./work-budget.ts";

/** One entry of a query's `parameters` array. */
export interface QueryParameter {
  /** With its `@`. */
  readonly name: string;
  readonly value: Json;
}

/**
 * A user-defined function as the query calls it. Undefined in and out is the query language's
 * undefined.
 */
export type UserDefinedFunction = (...args: readonly (Json | undefined)[]) => Json | undefined;

export interface CompileOptions {
  /** By id, without `udf.`; a call of another one is 400. Default: none. */
  readonly userDefinedFunctions?: Readonly<Record<string, UserDefinedFunction>>;
  /**
   * For a query that is planned and not run: any user-defined function is taken as there. Default:
   * false.
   */
  readonly anyUserDefinedFunction?: boolean;
  /**
   * What `GetCurrentTimestamp()` and its kin return, in milliseconds since 1970. Default: the
   * machine's clock.
   */
  readonly nowMs?: number;
  /**
   * The container's, as stored. ORDER BY over several properties needs a fitting composite index.
   * Default: no check.
   */
  readonly indexingPolicy?: Json;
  /**
   * Where aggregates of the container's query may stand; elsewhere they are 400. Default:
   * "anywhere".
   */
  readonly aggregatePlaces?: AggregatePlaces;
}

export interface ExecuteOptions {
  /** Most rows in a page; -1 is no limit. */
  readonly maxItemCount: number;
  /** What the page before returned. */
  readonly continuation?: string;
}

export interface QueryPage {
  readonly rows: readonly Json[];
  /** Absent: there are no more rows. */
  readonly continuation?: string;
  /** Items taken from the source for this page: what the request charge grows with. */
  readonly itemsRead: number;
}

/** A query ready to run, any number of times. */
export interface CompiledQuery {
  /** @throws CosmosError 400 for a continuation token that this query did not make. */
  execute(source: ItemSource, options: ExecuteOptions): QueryPage;
}

/**
 * Compiles a query text.
 *
 * @throws CosmosError 400 in the service's shape for a syntax error or a name that is not known,
 *   501 for a feature that this emulator leaves out.
 */
export function compileQuery(
  text: string,
  parameters: readonly QueryParameter[] = [],
  options: CompileOptions = {},
): CompiledQuery {
  return withinStack(() => compile(text, parameters, options));
}

function compile(
  text: string,
  parameters: readonly QueryParameter[],
  options: CompileOptions,
): CompiledQuery {
  const query = parseQuery(text);
  assertShallow(parameters);
  const userDefinedFunctions = new Map(Object.entries(options.userDefinedFunctions ?? {}));
  const budget = createWorkBudget();
  let slotCount = ITEM_SLOT + 1;
  const context: CompileContext = {
    parameters: new Map(parameters.map(({ name, value }) => [name, value])),
    findUserDefinedFunction: (name) =>
      options.anyUserDefinedFunction ? () => undefined : userDefinedFunctions.get(name),
    nowMs: options.nowMs ?? Date.now(),
    budget,
    indexingPolicy: options.indexingPolicy ?? null,
    aggregatePlaces: options.aggregatePlaces ?? "anywhere",
    scope: createScope(),
    allocateSlot: () => {
      slotCount += 1;
      return slotCount - 1;
    },
    compileExpression,
    compileBody,
  };
  const body = compileBody(query, context, true);
  return {
    execute: (source, { maxItemCount, continuation }) => {
      budget.reset();
      const run = () =>
        executeQuery({
          body,
          row: new Array<SqlValue>(slotCount).fill(undefined),
          source,
          maxItemCount: maxItemCount > 0 ? maxItemCount : Number.POSITIVE_INFINITY,
          ...(continuation !== undefined && { continuation: readContinuation(continuation) }),
        });
      const page = withinStack(run);
      return {
        rows: page.rows,
        itemsRead: page.itemsRead,
        ...(page.continuation && { continuation: writeContinuation(page.continuation) }),
      };
    },
  };
}
