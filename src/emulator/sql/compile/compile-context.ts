import type { Json } from "../../json.ts";
import type { AggregateCall, QueryBody } from "../body/query-body.ts";
import type { Evaluator } from "../row.ts";
import type { Expression, Query } from "../syntax/ast.ts";
import type { SqlValue } from "../values/sql-value.ts";
import type { WorkBudget } from "../work-budget.ts";
import type { AggregatePlaces } from "./aggregate-places.ts";
import type { Grouping } from "./grouping.ts";
import type { Scope } from "./scope.ts";

/** What a part of a query is compiled against. */
export interface CompileContext {
  readonly parameters: ReadonlyMap<string, Json>;
  /** Milliseconds since 1970. */
  readonly nowMs: number;
  readonly budget: WorkBudget;
  /** The container's; null: every ORDER BY is taken. */
  readonly indexingPolicy: Json;
  readonly aggregatePlaces: AggregatePlaces;
  readonly scope: Scope;
  /** Where aggregate functions may stand, they register here. */
  readonly aggregates?: AggregateCall[];
  /** Behind GROUP BY or an aggregate, aliases stand for groups and can't be read one by one. */
  readonly grouping?: Grouping;
  findUserDefinedFunction(name: string): ((...args: readonly SqlValue[]) => SqlValue) | undefined;
  /** A new slot of the row. */
  allocateSlot(): number;
  compileExpression(expression: Expression, context: CompileContext): Evaluator;
  compileBody(query: Query, context: CompileContext, ofContainer: boolean): QueryBody;
}
