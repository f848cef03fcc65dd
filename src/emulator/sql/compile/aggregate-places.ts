import { plainQueryError } from "../query-error.ts";
import type { Expression, Selection } from "../syntax/ast.ts";
import { callsAggregate, isAggregateCall } from "./has-aggregate.ts";

/**
 * Where aggregates may stand in a select list. "alone": as the whole of an item, since the answers
 * of several physical partitions can only be put together from those. "rewritten": also where a
 * query plan writes them, as `[{"item": COUNT(1)}]`. "anywhere": also in `COUNT(1) + 1`.
 */
export type AggregatePlaces = "alone" | "rewritten" | "anywhere";

/**
 * Refuses an aggregate in another place, on one partition as on several.
 *
 * @throws CosmosError 400
 */
export function assertAggregatePlaces(selection: Selection, places: AggregatePlaces): void {
  const isTaken = (expression: Expression): boolean =>
    places === "anywhere" ||
    isAggregateCall(expression) ||
    !callsAggregate(expression) ||
    (places === "rewritten" && isPartialPayload(expression));
  if (!selectedExpressions(selection).every(isTaken)) {
    throw plainQueryError("Compositions of aggregates and other expressions are not allowed.");
  }
}

/** What is selected, one by one; nothing for `*`. */
export function selectedExpressions(selection: Selection): readonly Expression[] {
  switch (selection.kind) {
    case "value":
      return [selection.expression];
    case "list":
      return selection.items.map(({ expression }) => expression);
    default:
      return [];
  }
}

/** `[{"item": …}]`, or `{"name": {"item": …}, "key": c.key}`. */
function isPartialPayload(expression: Expression): boolean {
  if (expression.kind === "array") {
    const [element, second] = expression.elements;
    return element !== undefined && second === undefined && isPartial(element);
  }
  return (
    expression.kind === "object" &&
    expression.properties.every(({ value }) => !callsAggregate(value) || isPartial(value))
  );
}

const PARTIAL_NAMES: ReadonlySet<string> = new Set(["item", "item2", "sum", "count", "min", "max"]);

/**
 * `{"item": COUNT(1)}`, `{"item": {"sum": …, "count": …}}` or `{"item": …, "item2": {"max": …,
 * "count": …}}`.
 */
function isPartial(expression: Expression): boolean {
  return (
    expression.kind === "object" &&
    expression.properties.every(
      ({ name, value }) => PARTIAL_NAMES.has(name) && (isAggregateCall(value) || isPartial(value)),
    )
  );
}
