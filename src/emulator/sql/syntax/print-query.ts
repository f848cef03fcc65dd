import type { SqlValue } from "../values/sql-value.ts";
import type {
  Collection,
  CountExpression,
  Expression,
  FromSource,
  OrderByItem,
  Query,
  SelectClause,
  Selection,
  SubqueryExpression,
} from "./ast.ts";
import { isKeyword } from "./tokenize.ts";

/** The text of a query, a clause a line, as the service prints rewritten queries. */
export function printQuery(query: Query): string {
  const clauses = [printSelect(query.select)];
  if (query.from.length > 0) {
    clauses.push(`FROM ${query.from.map(printSource).join("\nJOIN ")}`);
  }
  if (query.where) {
    clauses.push(`WHERE ${printExpression(query.where)}`);
  }
  if (query.groupBy.length > 0) {
    clauses.push(`GROUP BY ${query.groupBy.map(printExpression).join(", ")}`);
  }
  if (query.orderBy.length > 0) {
    clauses.push(`ORDER BY ${query.orderBy.map(printOrderByItem).join(", ")}`);
  }
  if (query.offset && query.limit) {
    clauses.push(`OFFSET ${printCount(query.offset)} LIMIT ${printCount(query.limit)}`);
  }
  return clauses.join("\n");
}

/** The text of an expression. Operators stand in parentheses, so that it can be put anywhere. */
export function printExpression(expression: Expression): string {
  switch (expression.kind) {
    case "literal":
      return printValue(expression.value);
    case "parameter":
    case "identifier":
      return expression.name;
    case "member":
      return printExpression(expression.target) + printMember(expression.member);
    case "unary": {
      const space = expression.operator === "NOT" ? " " : "";
      return `(${expression.operator}${space}${printExpression(expression.operand)})`;
    }
    case "array":
      return `[${printList(expression.elements)}]`;
    case "object":
      return `{${expression.properties
        .map(({ name, value }) => `${JSON.stringify(name)}: ${printExpression(value)}`)
        .join(", ")}}`;
    case "call": {
      const name = expression.userDefined ? `udf.${expression.name}` : expression.name;
      return `${name}(${printList(expression.args)})`;
    }
    case "subquery":
      return `${SUBQUERY_PREFIXES[expression.form]}(${printQuery(expression.query)})`;
    default:
      return `(${printOperation(expression)})`;
  }
}

type Operation = Extract<
  Expression,
  { readonly kind: "binary" | "logical" | "conditional" | "in" | "between" | "like" }
>;

function printOperation(expression: Operation): string {
  const not = "negated" in expression && expression.negated ? "NOT " : "";
  const print = printExpression;
  switch (expression.kind) {
    case "binary":
      return `${print(expression.left)} ${expression.operator} ${print(expression.right)}`;
    case "logical":
      return expression.operands.map(print).join(` ${expression.operator} `);
    case "conditional":
      return `${print(expression.test)} ? ${print(expression.consequent)} : ${print(expression.alternative)}`;
    case "in":
      return `${print(expression.needle)} ${not}IN (${printList(expression.list)})`;
    case "between":
      return `${print(expression.subject)} ${not}BETWEEN ${print(expression.lower)} AND ${print(expression.upper)}`;
    default: {
      const suffix =
        expression.escape === undefined ? "" : ` ESCAPE ${JSON.stringify(expression.escape)}`;
      return `${print(expression.subject)} ${not}LIKE ${print(expression.pattern)}${suffix}`;
    }
  }
}

const SUBQUERY_PREFIXES: Readonly<Record<SubqueryExpression["form"], string>> = {
  scalar: "",
  exists: "EXISTS",
  array: "ARRAY",
};

function printSelect({ distinct, top, selection }: SelectClause): string {
  const words = [
    "SELECT",
    ...(distinct ? ["DISTINCT"] : []),
    ...(top ? [`TOP ${printCount(top)}`] : []),
    printSelection(selection),
  ];
  return words.join(" ");
}

function printSelection(selection: Selection): string {
  switch (selection.kind) {
    case "star":
      return "*";
    case "value":
      return `VALUE ${printExpression(selection.expression)}`;
    default:
      return selection.items
        .map(({ expression, alias }) =>
          alias === undefined
            ? printExpression(expression)
            : `${printExpression(expression)} AS ${alias}`,
        )
        .join(", ");
  }
}

function printSource({ iterates, collection, alias }: FromSource): string {
  const text = printCollection(collection);
  if (iterates) {
    return `${alias} IN ${text}`;
  }
  return alias === undefined || alias === text ? text : `${text} AS ${alias}`;
}

function printCollection(collection: Collection): string {
  return collection.kind === "subquery"
    ? `(${printQuery(collection.query)})`
    : collection.root + collection.path.map(printName).join("");
}

function printOrderByItem({ expression, descending }: OrderByItem): string {
  return printExpression(expression) + (descending ? " DESC" : "");
}

function printCount(count: CountExpression): string {
  return count.kind === "parameter" ? count.name : String(count.value);
}

function printList(expressions: readonly Expression[]): string {
  return expressions.map(printExpression).join(", ");
}

function printMember(member: Expression): string {
  return member.kind === "literal" && typeof member.value === "string"
    ? printName(member.value)
    : `[${printExpression(member)}]`;
}

function printName(name: string | number): string {
  return typeof name === "string" && /^[A-Za-z_]\w*$/.test(name) && !isKeyword(name)
    ? `.${name}`
    : `[${JSON.stringify(name)}]`;
}

function printValue(value: SqlValue): string {
  return value === undefined ? "undefined" : JSON.stringify(value);
}
