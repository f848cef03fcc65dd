import type { Binder, BodyRoot } from "../body/query-body.ts";
import { runSubquery } from "../execute/run-subquery.ts";
import { assertValueSize } from "../limits.ts";
import { queryError } from "../query-error.ts";
import type { Row } from "../row.ts";
import { ITEM_SLOT } from "../row.ts";
import type { Collection, Expression, FromSource } from "../syntax/ast.ts";
import { pathValue } from "../values/member-value.ts";
import type { SqlValue } from "../values/sql-value.ts";
import type { WorkBudget } from "../work-budget.ts";
import type { CompileContext } from "./compile-context.ts";
import type { Scope } from "./scope.ts";

/** A FROM clause as what makes rows, and the names that it gives to the clauses behind it. */
export interface CompiledFrom {
  readonly root: BodyRoot;
  readonly bind: Binder;
  readonly oneRowPerItem: boolean;
  readonly scope: Scope;
  /** Slots of this clause's own aliases, in the order written. */
  readonly slots: readonly number[];
}

/**
 * Compiles the FROM clause. With `rootName`s allowed (`ofContainer`), the first name that is not in
 * scope is the container's; a sub-query in an expression has no container, only the aliases around
 * it.
 */
export function compileFrom(
  from: readonly FromSource[],
  context: CompileContext,
  ofContainer: boolean,
): CompiledFrom {
  const [first, ...joined] = from;
  if (first === undefined) {
    const bind: Binder = (_, onRow) => onRow();
    return { root: "row", bind, oneRowPerItem: true, scope: context.scope, slots: [] };
  }
  assertDistinctAliases(from);
  let current = compileFirst(first, context, ofContainer);
  for (const source of joined) {
    current = join(current, source, context);
  }
  return current;
}

function compileFirst(
  source: FromSource,
  context: CompileContext,
  ofContainer: boolean,
): CompiledFrom {
  const { collection } = source;
  if (ofContainer && collection.kind === "subquery") {
    return compileRootSubquery(source, context);
  }
  if (
    ofContainer &&
    collection.kind === "path" &&
    collection.path.length === 0 &&
    !source.iterates
  ) {
    const scope = withAlias(context.scope, source, ITEM_SLOT);
    const bind: Binder = (_, onRow) => onRow();
    return { root: "item", bind, oneRowPerItem: true, scope, slots: [ITEM_SLOT] };
  }
  const inner = ofContainer && collection.kind === "path";
  const scope = inner ? context.scope.with(collection.root, ITEM_SLOT) : context.scope;
  const slot = context.allocateSlot();
  return {
    root: inner ? "item" : "row",
    bind: compileSource(source, { ...context, scope }, slot),
    oneRowPerItem: false,
    scope: withAlias(context.scope, source, slot), // `c` of `FROM c.path` is not a name behind FROM
    slots: [slot],
  };
}

/** `FROM (SELECT … FROM c)`: the inner query runs over the container as a whole. */
function compileRootSubquery(source: FromSource, context: CompileContext): CompiledFrom {
  if (source.collection.kind !== "subquery") {
    throw new TypeError("Expected a sub-query.");
  }
  const body = context.compileBody(source.collection.query, context, true);
  const slot = context.allocateSlot();
  const value = context.allocateSlot();
  const { budget } = context;
  const bind: Binder = source.iterates
    ? (row, onRow) => eachElement(row[slot], row, value, budget, onRow)
    : (row, onRow) => {
        row[value] = row[slot];
        return onRow();
      };
  const scope = withAlias(context.scope, source, value);
  return { root: { body, slot }, bind, oneRowPerItem: false, scope, slots: [value] };
}

function join(left: CompiledFrom, source: FromSource, context: CompileContext): CompiledFrom {
  const slot = context.allocateSlot();
  const right = compileSource(source, { ...context, scope: left.scope }, slot);
  return {
    root: left.root,
    bind: (row, onRow) => left.bind(row, () => right(row, onRow)),
    oneRowPerItem: false,
    scope: withAlias(left.scope, source, slot),
    slots: [...left.slots, slot],
  };
}

function withAlias(scope: Scope, source: FromSource, slot: number): Scope {
  return source.alias === undefined ? scope : scope.with(source.alias, slot);
}

/** @throws CosmosError 400 for two sources of one clause with the same alias. */
function assertDistinctAliases(from: readonly FromSource[]): void {
  const seen = new Set<string>();
  for (const { alias, span } of from) {
    if (alias !== undefined && seen.has(alias)) {
      const message = `The input alias '${alias}' is specified more than once in the FROM clause.`;
      throw queryError("SC2011", message, span);
    }
    seen.add(alias ?? "");
  }
}

/** Binds the slot to each value of the collection, or to each element of the arrays among them. */
function compileSource(source: FromSource, context: CompileContext, slot: number): Binder {
  const values = compileCollection(source.collection, context);
  const { budget } = context;
  return (row, onRow) => {
    for (const value of values(row)) {
      budget.spend(1);
      if (source.iterates) {
        if (!eachElement(value, row, slot, budget, onRow)) {
          return false;
        }
      } else {
        row[slot] = value;
        if (!onRow()) {
          return false;
        }
      }
    }
    return true;
  };
}

function eachElement(
  value: SqlValue,
  row: Row,
  slot: number,
  budget: WorkBudget,
  onRow: () => boolean,
): boolean {
  if (!Array.isArray(value)) {
    return true;
  }
  for (const element of value) {
    budget.spend(1);
    row[slot] = element;
    if (!onRow()) {
      return false;
    }
  }
  return true;
}

function compileCollection(
  collection: Collection,
  context: CompileContext,
): (row: Row) => readonly SqlValue[] {
  if (collection.kind === "subquery") {
    const body = context.compileBody(collection.query, context, false);
    return (row) => {
      const results = runSubquery(body, row);
      results.forEach(assertValueSize);
      return results;
    };
  }
  const { root, path, span } = collection;
  const slot = context.scope.find(root);
  if (slot === undefined) {
    throw queryError("SC2001", `Identifier '${root}' could not be resolved.`, span);
  }
  const evaluate = context.grouping?.groupedSlots.has(slot)
    ? context.compileExpression(pathExpression(collection), context)
    : (row: Row) => pathValue(row[slot], path);
  return (row) => {
    const value = evaluate(row);
    return value === undefined ? [] : [value];
  };
}

/**
 * The path as an expression: below a group key it has a value, and from an alias that stands for
 * many rows none.
 */
function pathExpression({
  root,
  path,
  span,
}: Extract<Collection, { readonly kind: "path" }>): Expression {
  return path.reduce<Expression>(
    (target, value) => ({
      kind: "member",
      target,
      member: { kind: "literal", value, span },
      span,
    }),
    { kind: "identifier", name: root, span },
  );
}
