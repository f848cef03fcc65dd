import type { Json } from "../../model/terms.ts";

/** A value of an enum, which is a text in variables and a bare name in an operation's text. */
export class EnumValue {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/** What an argument may hold: JSON with enum values in it. */
export type GraphQLValue =
  | Exclude<Json, object>
  | EnumValue
  | readonly GraphQLValue[]
  | { readonly [name: string]: GraphQLValue };

/** As JSON for `variables`. */
export function asVariable(value: GraphQLValue): Json {
  if (value instanceof EnumValue) {
    return value.name;
  }
  if (Array.isArray(value)) {
    return value.map(asVariable);
  }
  return value !== null && typeof value === "object"
    ? Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, asVariable(inner)]))
    : // What is left is a scalar
      (value as Json);
}

/** As text of an operation. */
export function asLiteral(value: GraphQLValue): string {
  if (value instanceof EnumValue) {
    return value.name;
  }
  if (Array.isArray(value)) {
    return `[${value.map(asLiteral).join(", ")}]`;
  }
  if (value !== null && typeof value === "object") {
    const fields = Object.entries(value).map(([name, inner]) => `${name}: ${asLiteral(inner)}`);
    return `{ ${fields.join(", ")} }`;
  }
  // JSON's escapes are GraphQL's
  return JSON.stringify(value);
}
