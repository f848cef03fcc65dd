import type { Json, Operation } from "../../model/terms.ts";
import type { Random } from "../random.ts";
import { LINE_FIELDS, planOf, type TypePlan } from "../world/type-plans.ts";
import type { Form } from "./form.ts";
import { askedAs } from "./form-arguments.ts";
import { asLiteral, asVariable } from "./graphql-value.ts";
import type { Argument, Etags } from "./operation-arguments.ts";

/** A GraphQL request; what `alias` names in `data` is the operation's answer. */
export interface Rendered {
  readonly query: string;
  readonly variables: Readonly<Record<string, Json>>;
  readonly alias: string;
  /** Whether the nodes of a list stand below `edges`. */
  readonly hasEdges: boolean;
}

export interface RenderOptions {
  /** Chooses among ways to write the same. Absent: variables and nothing else. */
  readonly random?: Random;
  /** Default: an etag that nothing has. */
  readonly etags?: Etags;
  /** The cursor of the page before, of a list. */
  readonly after?: string;
  /** One that the operation has. Default: `typed`. */
  readonly form?: Form | undefined;
}

/** An etag that no item ever has. */
export const STALE_ETAG = '"00000000-0000-0000-0000-000000000000"';

/**
 * Writes an operation as GraphQL. With `random`, values come as variables or literals, and the
 * selection goes through aliases, fragments and `@include`: the answer is the same.
 */
export function renderOperation(operation: Operation, options: RenderOptions = {}): Rendered {
  const { random, etags = () => STALE_ETAG, after, form = "typed" } = options;
  const chance = (probability: number) => random?.chance(probability) ?? false;
  const writer = createWriter(chance);
  const asked = askedAs(operation, form, etags, () => chance(0.5));
  const given = [
    ...asked.given,
    ...(after === undefined ? [] : [{ name: "after", type: "String", value: after }]),
  ].map((argument) => `${argument.name}: ${writer.value(argument)}`);

  const { field } = asked;
  const alias = chance(0.2) ? "answer" : field;
  const hasEdges = operation.do === "list" && chance(0.3);
  const include = chance(0.15) ? ` @include(if: ${writer.flag()})` : "";
  const selection = hasNoSelection(operation, form) ? "" : selectionOf(operation, hasEdges, writer);
  const root = `${alias === field ? "" : `${alias}: `}${field}${given.length === 0 ? "" : `(${given.join(", ")})`}${include}${selection}`;
  const kind = ["read", "list", "aggregate", "query", "viewer"].includes(operation.do)
    ? "query"
    : "mutation";
  return {
    query: `${kind} Evidence${writer.declarations()} { ${root} }${writer.fragments()}`,
    variables: writer.variables,
    alias,
    hasEdges,
  };
}

interface Writer {
  readonly variables: Record<string, Json>;
  /** The value as a variable or as a literal. */
  value(argument: Argument): string;
  /** A variable that is true. */
  flag(): string;
  /** The selection, at times by a fragment; without braces. */
  spread(typeName: string, selection: string): string;
  declarations(): string;
  fragments(): string;
}

function createWriter(chance: (probability: number) => boolean): Writer {
  const variables: Record<string, Json> = {};
  const declared = new Map<string, string>();
  const fragments = new Map<string, string>();
  return {
    variables,
    value: ({ name, type, value }) => {
      if (chance(0.3)) {
        return asLiteral(value);
      }
      declared.set(name, type);
      variables[name] = asVariable(value);
      return `$${name}`;
    },
    flag: () => {
      declared.set("yes", "Boolean!");
      variables.yes = true;
      return "$yes";
    },
    spread: (typeName, selection) => {
      if (chance(0.15)) {
        fragments.set(`All${typeName}`, `fragment All${typeName} on ${typeName} { ${selection} }`);
        return `...All${typeName}`;
      }
      return chance(0.1) ? `... on ${typeName} { ${selection} }` : selection;
    },
    declarations: () =>
      declared.size === 0
        ? ""
        : `(${[...declared].map(([name, type]) => `$${name}: ${type}`).join(", ")})`,
    fragments: () => [...fragments.values()].map((text) => `\n${text}`).join(""),
  };
}

/** Ids and JSON are scalars. */
function hasNoSelection(operation: Operation, form: Form): boolean {
  const isDeleted =
    operation.do === "transact" && operation.operations.every((write) => write.do === "delete");
  return form === "generic" || (form === "many" && isDeleted);
}

function selectionOf(operation: Operation, hasEdges: boolean, writer: Writer): string {
  switch (operation.do) {
    case "viewer":
      return " { subject profile cosmosUser permissions { container partitionKey item mode } }";
    case "query":
      return " { rows hasNextPage endCursor }";
    case "delete":
      return "";
    case "aggregate": {
      const { field } = operation;
      return field === undefined
        ? " { count }"
        : ` { count ${["sum", "min", "max"].map((name) => `${name} { ${field} }`).join(" ")} }`;
    }
    case "list": {
      const item = itemSelection(planOf(operation.type), operation.reference, writer);
      const rows = hasEdges ? `edges { cursor node { ${item} } }` : `nodes { ${item} }`;
      const count = operation.withTotalCount === true ? " totalCount" : "";
      return ` { ${rows} pageInfo { hasNextPage endCursor }${count} }`;
    }
    default: {
      const reference = operation.do === "read" ? operation.reference : undefined;
      return ` { ${itemSelection(planOf(operation.type), reference, writer)} }`;
    }
  }
}

/** Every field, and those of the item that a reference leads to. */
function itemSelection(plan: TypePlan, reference: string | undefined, writer: Writer): string {
  const fields = plan.fields.map(({ name, kind }) =>
    kind === "lines" ? `${name} { ${LINE_FIELDS.join(" ")} }` : name,
  );
  const target = reference === undefined ? undefined : plan.references[reference];
  return writer.spread(
    plan.name,
    [
      ...fields,
      ...(target === undefined
        ? []
        : [`${reference} { ${itemSelection(planOf(target.type), undefined, writer)} }`]),
    ].join(" "),
  );
}
