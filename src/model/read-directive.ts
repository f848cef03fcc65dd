import {
  type ConstDirectiveNode,
  type ConstValueNode,
  Kind,
  print,
  valueFromASTUntyped,
} from "graphql";
import type { FaultCollector } from "./fault-collector.ts";

type ArgumentShape =
  | { readonly type: "string" | "integer" | "strings"; readonly required?: boolean }
  | {
      readonly type: "object";
      readonly required?: boolean;
      readonly fields: Readonly<Record<string, ArgumentShape>>;
    };

type DirectivePlace =
  | "type"
  | "field"
  | "interface"
  | "interface field"
  | "union"
  | "enum"
  | "enum value";

interface DirectiveShape {
  readonly on: readonly DirectivePlace[];
  readonly arguments: Readonly<Record<string, ArgumentShape>>;
  readonly repeatable?: boolean;
  /** How it is written, for messages. */
  readonly example: string;
}

/** The directives of model files; everything else is a fault. */
const DIRECTIVES: Readonly<Record<string, DirectiveShape>> = {
  container: {
    on: ["type", "interface", "union"],
    arguments: {
      name: { type: "string", required: true },
      discriminator: {
        type: "object",
        fields: {
          field: { type: "string", required: true },
          value: { type: "string", required: true },
        },
      },
    },
    example: '@container(name: "orders", discriminator: { field: "type", value: "order" })',
  },
  partitionKey: {
    on: ["field"],
    arguments: { level: { type: "integer" }, field: { type: "string" } },
    // Several levels may lie in one object.
    repeatable: true,
    example: "@partitionKey(level: 0)",
  },
  reference: {
    on: ["field"],
    arguments: {
      id: { type: "string" },
      from: { type: "string" },
      partitionKey: { type: "strings" },
    },
    example: '@reference(id: "customerId", partitionKey: ["tenantId"])',
  },
  name: {
    on: ["field"],
    arguments: { is: { type: "string", required: true } },
    example: '@name(is: "stored_name")',
  },
  deprecated: {
    on: ["field", "interface field", "enum value"],
    arguments: { reason: { type: "string" } },
    example: '@deprecated(reason: "use total")',
  },
};

export const MODEL_DIRECTIVE_NAMES: readonly string[] = Object.keys(DIRECTIVES);

/** A directive's arguments as plain values. Only arguments that fit their shape are in it. */
export type DirectiveArguments = Readonly<Record<string, unknown>>;

/** What the directives of a place say, by their names. */
export interface Directives {
  has(name: string): boolean;
  get(name: string): DirectiveArguments | undefined;
  /** Each time that a repeatable directive stands there. */
  all(name: string): readonly DirectiveArguments[];
}

/**
 * The arguments of each directive of a type, field or enum value, by the directive's name.
 * Directives that don't belong there, and arguments that don't fit, are faults and left out.
 */
export function readDirectives(
  nodes: readonly ConstDirectiveNode[],
  place: DirectivePlace,
  faults: FaultCollector,
): Directives {
  const found = new Map<string, readonly DirectiveArguments[]>();
  for (const node of nodes) {
    const name = node.name.value;
    const shape = Object.hasOwn(DIRECTIVES, name) ? DIRECTIVES[name] : undefined;
    if (shape === undefined) {
      faults.at(node, `Unknown directive @${name}. A model knows ${knownAt(place)} here.`);
    } else if (!shape.on.includes(place)) {
      faults.at(
        node,
        `@${name} belongs on ${shape.on.map(withArticle).join(" or ")}, not on ${withArticle(place)}.`,
      );
    } else if (found.has(name) && shape.repeatable !== true) {
      faults.at(node, `@${name} stands here twice. Keep one.`);
    } else {
      found.set(name, [...(found.get(name) ?? []), readArguments(node, shape, faults)]);
    }
  }
  return {
    has: (name) => found.has(name),
    get: (name) => found.get(name)?.[0],
    all: (name) => found.get(name) ?? [],
  };
}

function withArticle(place: DirectivePlace): string {
  return `${/^[aeio]/.test(place) ? "an" : "a"} ${place}`;
}

function readArguments(
  node: ConstDirectiveNode,
  shape: DirectiveShape,
  faults: FaultCollector,
): DirectiveArguments {
  const given = node.arguments ?? [];
  const values: Record<string, unknown> = {};
  for (const argument of given) {
    const name = argument.name.value;
    const expected = Object.hasOwn(shape.arguments, name) ? shape.arguments[name] : undefined;
    if (expected === undefined) {
      faults.at(
        argument,
        `@${node.name.value} has no argument "${name}". Write it like ${shape.example}.`,
      );
    } else if (fits(argument.value, expected)) {
      values[name] = valueFromASTUntyped(argument.value);
    } else {
      faults.at(
        argument,
        `@${node.name.value}(${name}: ${print(argument.value)}) should be ${described(expected)}. Write it like ${shape.example}.`,
      );
    }
  }
  for (const [name, expected] of Object.entries(shape.arguments)) {
    if (expected.required === true && !given.some((argument) => argument.name.value === name)) {
      faults.at(node, `@${node.name.value} needs "${name}". Write it like ${shape.example}.`);
    }
  }
  return values;
}

function fits(value: ConstValueNode, shape: ArgumentShape): boolean {
  if (shape.type !== "object") {
    const isText = (node: ConstValueNode) => node.kind === Kind.STRING && node.value !== "";
    switch (shape.type) {
      case "string":
        return isText(value);
      case "strings":
        return isText(value) || (value.kind === Kind.LIST && value.values.every(isText));
      case "integer":
        return value.kind === Kind.INT;
    }
  }
  return (
    value.kind === Kind.OBJECT &&
    value.fields.every((field) => {
      const name = field.name.value;
      const expected = Object.hasOwn(shape.fields, name) ? shape.fields[name] : undefined;
      return expected !== undefined && fits(field.value, expected);
    }) &&
    Object.entries(shape.fields).every(
      ([name, expected]) =>
        expected.required !== true || value.fields.some((field) => field.name.value === name),
    )
  );
}

function described(shape: ArgumentShape): string {
  switch (shape.type) {
    case "string":
      return "a string that is not empty";
    case "strings":
      return "a list of strings";
    case "integer":
      return "a whole number";
    case "object":
      return `an object with ${Object.entries(shape.fields)
        .map(([name, field]) => `"${name}" (${described(field)})`)
        .join(" and ")}`;
  }
}

function knownAt(place: DirectivePlace): string {
  const names = Object.entries(DIRECTIVES)
    .filter(([, shape]) => shape.on.includes(place))
    .map(([name]) => `@${name}`);
  return names.length === 0 ? "none" : names.join(", ");
}
