import type { Span } from "../query-error.ts";
import type { SqlValue } from "../values/sql-value.ts";

export interface Query {
  readonly select: SelectClause;
  /** In the order written; empty without FROM. The first one is what the others join. */
  readonly from: readonly FromSource[];
  readonly where?: Expression;
  readonly groupBy: readonly Expression[];
  readonly orderBy: readonly OrderByItem[];
  readonly offset?: CountExpression;
  readonly limit?: CountExpression;
}

export interface SelectClause {
  readonly distinct: boolean;
  readonly top?: CountExpression;
  readonly selection: Selection;
}

export type Selection =
  | { readonly kind: "star"; readonly span: Span }
  | { readonly kind: "value"; readonly expression: Expression }
  | { readonly kind: "list"; readonly items: readonly SelectItem[] };

export interface SelectItem {
  readonly expression: Expression;
  readonly alias?: string;
}

/** TOP, OFFSET and LIMIT take a number or a parameter. */
export type CountExpression = LiteralExpression | ParameterExpression;

export interface FromSource {
  /** `x IN c.path` goes through the elements of arrays, `c.path [AS] x` takes the value itself. */
  readonly iterates: boolean;
  readonly collection: Collection;
  /** Written or implied; a sub-query or a path that ends in a number may have none. */
  readonly alias?: string;
  readonly span: Span;
}

export type Collection =
  | {
      readonly kind: "path";
      readonly root: string;
      readonly path: readonly (string | number)[];
      readonly span: Span;
    }
  | { readonly kind: "subquery"; readonly query: Query };

export interface OrderByItem {
  readonly expression: Expression;
  readonly descending: boolean;
}

export type Expression =
  | LiteralExpression
  | ParameterExpression
  | IdentifierExpression
  | MemberExpression
  | UnaryExpression
  | BinaryExpression
  | LogicalExpression
  | ConditionalExpression
  | InExpression
  | BetweenExpression
  | LikeExpression
  | ArrayExpression
  | ObjectExpression
  | CallExpression
  | SubqueryExpression;

export interface LiteralExpression {
  readonly kind: "literal";
  readonly value: SqlValue;
  readonly span: Span;
}

export interface ParameterExpression {
  readonly kind: "parameter";
  /** With its `@`. */
  readonly name: string;
  readonly span: Span;
}

export interface IdentifierExpression {
  readonly kind: "identifier";
  readonly name: string;
  readonly span: Span;
}

/** `target.name` and `target[member]`. */
export interface MemberExpression {
  readonly kind: "member";
  readonly target: Expression;
  readonly member: Expression;
  readonly span: Span;
}

export type UnaryOperator = "+" | "-" | "~" | "NOT";

export interface UnaryExpression {
  readonly kind: "unary";
  readonly operator: UnaryOperator;
  readonly operand: Expression;
}

export type BinaryOperator =
  | "*"
  | "/"
  | "%"
  | "+"
  | "-"
  | "<<"
  | ">>"
  | ">>>"
  | "<"
  | ">"
  | "<="
  | ">="
  | "="
  | "!="
  | "&"
  | "^"
  | "|"
  | "||"
  | "??";

export interface BinaryExpression {
  readonly kind: "binary";
  readonly operator: BinaryOperator;
  readonly left: Expression;
  readonly right: Expression;
}

/** A whole chain of one operator, so that thousands of alternatives are not thousands of levels. */
export interface LogicalExpression {
  readonly kind: "logical";
  readonly operator: "AND" | "OR";
  readonly operands: readonly Expression[];
}

export interface ConditionalExpression {
  readonly kind: "conditional";
  readonly test: Expression;
  readonly consequent: Expression;
  readonly alternative: Expression;
}

export interface InExpression {
  readonly kind: "in";
  readonly negated: boolean;
  readonly needle: Expression;
  readonly list: readonly Expression[];
}

export interface BetweenExpression {
  readonly kind: "between";
  readonly negated: boolean;
  readonly subject: Expression;
  readonly lower: Expression;
  readonly upper: Expression;
}

export interface LikeExpression {
  readonly kind: "like";
  readonly negated: boolean;
  readonly subject: Expression;
  readonly pattern: Expression;
  /** One character. */
  readonly escape?: string;
}

export interface ArrayExpression {
  readonly kind: "array";
  readonly elements: readonly Expression[];
}

export interface ObjectExpression {
  readonly kind: "object";
  readonly properties: readonly { readonly name: string; readonly value: Expression }[];
}

export interface CallExpression {
  readonly kind: "call";
  /** As written, without `udf.`. */
  readonly name: string;
  readonly userDefined: boolean;
  readonly args: readonly Expression[];
  readonly span: Span;
}

export interface SubqueryExpression {
  readonly kind: "subquery";
  readonly form: "scalar" | "exists" | "array";
  readonly query: Query;
}
