import fc from "fast-check";
import { buildSchema, printSchema, validateSchema } from "graphql";
import { Query, Resolver } from "type-graphql";
import { expect, test } from "vitest";
import { type ApiExtension, ApiExtensionError } from "../../src/graphql/api-extension.ts";
import { buildApiSchema } from "../../src/graphql/build-schema.ts";
import { loadModel } from "../../src/model/load-model.ts";
import type { Model } from "../../src/model/model.ts";
import { ModelError } from "../../src/model/model-error.ts";

const OPTIONS = { pageSize: { default: 50, max: 1000 }, cursorKey: new Uint8Array(32) };

const TEXT = `type Order @container(name: "orders") {
  id: ID!
  key: String! @partitionKey
  status: Status
  line: Line
}
enum Status { OPEN }
type Line { sku: String }
`;

const model = () => loadModel([{ path: "m.graphql", text: TEXT }]);

function refusalOf(refused: Model, extend?: ApiExtension): unknown {
  try {
    buildApiSchema(refused, { ...OPTIONS, ...(extend === undefined ? {} : { extend }) });
  } catch (error) {
    return error;
  }
  return undefined;
}

/** A model with something that its own check would have refused, as if that had been forgotten. */
function withUnseen(change: (model: Model) => Partial<Model>): Model {
  const seen = model();
  return { ...seen, ...change(seen) };
}

function renamed<Named extends { readonly name: string }>(
  map: ReadonlyMap<string, Named>,
  from: string,
  change: (value: Named) => Named,
): ReadonlyMap<string, Named> {
  return new Map([...map].map(([name, value]) => [name, name === from ? change(value) : value]));
}

test("what GraphQL refuses and the model's check let pass is a fault at its place in the model", () => {
  const badValue = withUnseen(({ enums, places }) => ({
    enums: renamed(enums, "Status", (each) => ({
      ...each,
      values: each.values.map((value) => ({ ...value, name: "__OPEN" })),
    })),
    places: new Map([...places, ["Status.__OPEN", { path: "m.graphql", line: 7, column: 15 }]]),
  }));
  expect(refusalOf(badValue)).toBeInstanceOf(ModelError);
  expect(String(refusalOf(badValue))).toContain(
    'm.graphql:7:15: No API can be made of this: Name "__OPEN" must not begin with "__"',
  );
});

test("a fault of a generated type or field is told at the definition that it comes from", () => {
  const emptyLine = withUnseen(({ embeddedTypes }) => ({
    embeddedTypes: renamed(embeddedTypes, "Line", (each) => ({ ...each, fields: [] })),
  }));
  const faults = String(refusalOf(emptyLine)).split("\n");
  expect(faults.length).toBeGreaterThan(1);
  for (const fault of faults) {
    expect(fault).toMatch(/m\.graphql:8:6: No API can be made of this: .*Line/);
  }
});

test("what fails before GraphQL looks at the schema is a fault with a place, and no stack", () => {
  const noSuchType = withUnseen(({ embeddedTypes }) => ({
    embeddedTypes: renamed(embeddedTypes, "Line", (each) => ({
      ...each,
      fields: each.fields.map((field) => ({ ...field, type: { ...field.type, name: "Nothing" } })),
    })),
  }));
  expect(refusalOf(noSuchType)).toBeInstanceOf(ModelError);
  expect(String(refusalOf(noSuchType))).toMatch(/m\.graphql:\d+:\d+: No API can be made of this/);
});

test("what own resolvers do wrong is not said of the model", () => {
  const extend: ApiExtension = () => {
    class Own {
      __own(): string {
        return "";
      }
    }
    Query(() => String)(Own.prototype, "__own", { value: Own.prototype.__own });
    Resolver()(Own);
    return [Own];
  };
  const error = refusalOf(model(), extend);
  expect(error).toBeInstanceOf(ApiExtensionError);
  expect(String(error)).toContain('GraphQL refuses the schema: Name "__own"');
  const failing = refusalOf(model(), () => {
    throw new RangeError("of its own");
  });
  expect(failing).toBeInstanceOf(RangeError);
});

/** Mostly what nobody objects to, so that one thing that is wrong stands alone. */
function mostly(plain: readonly string[], ...special: readonly string[]): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...plain) },
    { weight: 2, arbitrary: fc.constantFrom(...special) },
  );
}

// Names that mean something to GraphQL, to JavaScript, to the generated API, or to Cosmos DB.
const TYPE_NAMES = mostly(
  ["Order", "Cart", "Person", "Site", "Note"],
  ...["Order", "Cart", "Item", "order", "Orders", "OrderFilter", "OrderEdge", "OrderPatch", "__T"],
  ...[
    "PageInfo",
    "Query",
    "Subscription",
    "Viewer",
    "String",
    "Long",
    "_",
    "constructor",
    "Object",
  ],
  ...["Line", "LineInput", "ORDER", "__proto__", "toString", "OrderGroupField", "StringFilter"],
);
const FIELD_NAMES = mostly(
  ["total", "name", "size", "weight", "place"],
  ...["total", "name", "__f", "true", "null", "constructor", "toString", "hasOwnProperty", "then"],
  ...[
    "__proto__",
    "_etag",
    "_rid",
    "and",
    "or",
    "not",
    "eq",
    "in",
    "count",
    "sum",
    "nodes",
    "first",
  ],
  ...[
    "filter",
    "ids",
    "after",
    "_",
    "_x",
    "set",
    "unset",
    "create",
    "length",
    "prototype",
    "id",
    "key",
  ],
);
const VALUE_NAMES = mostly(
  ["A", "B", "C"],
  ...["A", "B", "a", "__A", "true", "false", "null", "_", "constructor", "toString", "__proto__"],
);
const SCALARS = ["ID", "String", "Int", "Float", "Boolean", "DateTime", "Date", "JSON", "Long"];

const named = fc.oneof(
  { weight: 14, arbitrary: fc.constantFrom(...SCALARS, "E", "Part") },
  { weight: 1, arbitrary: fc.oneof(TYPE_NAMES, fc.constant("Unknown")) },
);
const fieldType = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(named, fc.constantFrom("", "!")).map((parts) => parts.join("")),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(named, fc.constantFrom("[$]", "[$!]!", "[$!]", "[[$!]!]!"))
      .map(([name, list]) => list.replace("$", name)),
  },
);
const marks = mostly(
  ["", "", "", "@deprecated"],
  ...['@name(is: "stored")', '@reference(id: "id")', '@reference(from: "id")', "@partitionKey"],
  ...["@partitionKey(level: 1)", '@partitionKey(field: "part")', '@name(is: "__proto__")'],
);
const plainField = fc
  .tuple(FIELD_NAMES, fieldType, marks)
  .map(([name, type, mark]) => `  ${name}: ${type} ${mark}\n`);
const reference = fc
  .tuple(FIELD_NAMES, TYPE_NAMES, fc.constantFrom("", "!"))
  .map(([name, target, end]) => `  ${name}: ${target}${end} @reference(id: "id")\n`);
const fields = fc
  .array(fc.oneof({ weight: 8, arbitrary: plainField }, { weight: 1, arbitrary: reference }), {
    maxLength: 4,
  })
  .map((all) => all.join(""));

const stored = fc
  .tuple(TYPE_NAMES, fields, mostly(["key", "tenant"], "ids", "__k", "then"))
  .map(
    ([name, more, key]) =>
      `type ${name} @container(name: "${name}") {\n  id: ID!\n  ${key}: String! @partitionKey\n${more}}\n`,
  );
const shared = fc
  .tuple(TYPE_NAMES, TYPE_NAMES, fields, fc.boolean())
  .map(
    ([name, other, more, isInterface]) =>
      `${isInterface ? `interface ${other} @container(name: "d") {\n  id: ID!\n${more}}` : `union ${other} @container(name: "d") = ${name}`}\n` +
      `type ${name}${isInterface ? ` implements ${other}` : ""} @container(name: "d", discriminator: { field: "kind", value: "a" }) {\n  id: ID!\n  k: Int! @partitionKey\n${more}}\n`,
  );
const embedded = fc
  .tuple(TYPE_NAMES, fields)
  .map(([name, more]) => `type ${name} {\n  part: String\n${more}}\n`);
const enumeration = fc
  .tuple(TYPE_NAMES, fc.array(VALUE_NAMES, { minLength: 1, maxLength: 3 }))
  .map(([name, values]) => `enum ${name} { ${values.join(" ")} }\n`);

const generatedModel = fc
  .tuple(
    fc.array(stored, { minLength: 1, maxLength: 2 }),
    fc.array(fc.oneof(shared, embedded, enumeration), { maxLength: 3 }),
    fc.constant("enum E { A B }\ntype Part { part: Int }\n"),
  )
  .map((parts) => parts.flat().join(""));

test("a model either makes a schema that GraphQL finds valid, or is refused with file and line", () => {
  const outcomes = { built: 0, refused: 0 };
  fc.assert(
    fc.property(generatedModel, fc.boolean(), (text, genericApi) => {
      const error = (() => {
        try {
          const loaded = loadModel([{ path: "m.graphql", text }]);
          const schema = buildApiSchema(loaded, { ...OPTIONS, genericApi });
          expect(validateSchema(schema)).toEqual([]);
          expect(validateSchema(buildSchema(printSchema(schema)))).toEqual([]);
          // Nothing took the place of anything else.
          const { types, abstractTypes } = loaded;
          const queries = 1 + 3 * types.size + 2 * abstractTypes.size + (genericApi ? 2 : 0);
          expect(Object.keys(schema.getQueryType()?.getFields() ?? {})).toHaveLength(queries);
          return undefined;
        } catch (caught) {
          return caught;
        }
      })();
      if (error === undefined) {
        outcomes.built += 1;
        return;
      }
      if (!(error instanceof ModelError)) {
        throw error;
      }
      outcomes.refused += 1;
      for (const fault of error.message.split("\n")) {
        expect(fault).toMatch(/^m\.graphql:\d+:\d+: /);
        // The model's own check is to foresee all: its messages say what to write instead.
        expect(fault).not.toContain("No API can be made of this");
      }
    }),
    { numRuns: 400 },
  );
  expect(outcomes.built).toBeGreaterThan(5);
  expect(outcomes.refused).toBeGreaterThan(5);
});
