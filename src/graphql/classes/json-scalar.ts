import { GraphQLError, GraphQLScalarType, Kind, print, type ValueNode } from "graphql";

type Variables = Readonly<Record<string, unknown>>;

/**
 * Any JSON value, taken as it is given: a property may have any name, `__proto__` too. What JSON
 * can't hold is refused, as it would be stored as something else: a number beyond a double's range
 * as null, and a whole number beyond 2^53 as another number. The latter can be told of a literal
 * alone: in a variable, JSON has rounded it before.
 */
export const jsonScalar = new GraphQLScalarType<unknown, unknown>({
  name: "JSON",
  description: "Any JSON value: an object, a list, a string, a number, a boolean or null.",
  specifiedByURL: "https://www.rfc-editor.org/rfc/rfc8259",
  serialize: (value) => value,
  parseValue(value) {
    checkNumbers(value);
    return value;
  },
  parseLiteral: (node, variables) => readLiteral(node, variables ?? undefined),
  extensions: { codegenScalarType: "any" },
});

/** Without recursion, as a variable may be deep. */
function checkNumbers(value: unknown): void {
  const waiting: unknown[] = [value];
  while (waiting.length > 0) {
    const part = waiting.pop();
    if (typeof part === "number" && !Number.isFinite(part)) {
      throw new GraphQLError(
        "JSON can't hold a number beyond ±1.7976931348623157e308, the range of a double.",
      );
    }
    if (typeof part === "object" && part !== null) {
      for (const inner of Object.values(part)) {
        waiting.push(inner);
      }
    }
  }
}

/** What a variable that is not given leaves out is undefined; so are all of them in validation. */
function readLiteral(node: ValueNode, variables: Variables | undefined): unknown {
  switch (node.kind) {
    case Kind.NULL:
      return null;
    case Kind.STRING:
    case Kind.BOOLEAN:
      return node.value;
    case Kind.INT:
      return readWholeNumber(node);
    case Kind.FLOAT:
      return readNumber(node);
    case Kind.LIST:
      return node.values.map((element) => readLiteral(element, variables) ?? null);
    case Kind.OBJECT:
      // `fromEntries` and not assignments, one of which could set a prototype.
      return Object.fromEntries(
        node.fields.flatMap(({ name, value }) => {
          const member = readLiteral(value, variables);
          return member === undefined ? [] : [[name.value, member] as const];
        }),
      );
    case Kind.VARIABLE:
      return variables !== undefined && Object.hasOwn(variables, node.name.value)
        ? variables[node.name.value]
        : undefined;
    default:
      throw fault(node, `JSON has no enum values. Write ${print(node)} as a text.`);
  }
}

/** 2^53: up to it, a double holds each whole number. */
const MAX_WHOLE_NUMBER = 2n ** 53n;

/** In characters, the sign included. */
const LONGEST_WHOLE_NUMBER = 17;

/** Whether a whole number as GraphQL writes it is beyond 2^53 either way. */
export function isUnheldWholeNumber(text: string): boolean {
  // It has no leading zeros, and a million digits would take half a second to be made a number.
  if (text.length > LONGEST_WHOLE_NUMBER) {
    return true;
  }
  const exact = BigInt(text);
  return exact > MAX_WHOLE_NUMBER || exact < -MAX_WHOLE_NUMBER;
}

function readWholeNumber(node: ValueNode & { readonly value: string }): number {
  if (isUnheldWholeNumber(node.value)) {
    throw fault(
      node,
      "JSON numbers hold whole numbers up to 2^53 either way; a larger one would lose digits. Write it as a text.",
    );
  }
  return Number(node.value);
}

function readNumber(node: ValueNode & { readonly value: string }): number {
  const number = Number(node.value);
  if (!Number.isFinite(number)) {
    throw fault(node, "The number is beyond ±1.7976931348623157e308, the range of a double.");
  }
  return number;
}

function fault(nodes: ValueNode, message: string): GraphQLError {
  return new GraphQLError(message, { nodes });
}
