import { readFileSync } from "node:fs";
import {
  type GraphQLArgument,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
  printSchema,
  validateSchema,
} from "graphql";
import { Field, getMetadataStorage, ObjectType, Query, Resolver } from "type-graphql";
import { expect, test } from "vitest";
import { buildApiSchema } from "../../src/graphql/build-schema.ts";
import { withOwnMetadata } from "../../src/graphql/classes/own-metadata.ts";
import { printApiSchema } from "../../src/graphql/print-api-schema.ts";
import { loadModel } from "../../src/model/load-model.ts";

const SAMPLE = readFileSync("schema/shop.model.graphql", "utf8");
const OPTIONS = { pageSize: { default: 50, max: 1000 }, cursorKey: Buffer.alloc(32) };

function build(text: string): GraphQLSchema {
  return buildApiSchema(loadModel([{ path: "m.graphql", text }]), OPTIONS);
}

const typeNamed = (name: string, fields = "") =>
  `type ${name} @container(name: "c") { id: ID! p: String! @partitionKey ${fields} }`;

const ABSTRACT = `
  interface Paper @container(name: "papers") { id: ID!  title: String  twin: Letter }
  union Sheet @container(name: "papers") = Letter | Bill
  type Letter implements Paper @container(name: "papers", discriminator: { field: "t", value: "l" }) {
    id: ID!  p: Place! @partitionKey(field: "code")  title: String  twin: Letter @reference(id: "id")
    bills: [Bill!] @reference(from: "title")
  }
  type Bill implements Paper @container(name: "papers", discriminator: { field: "t", value: "b" }) {
    id: ID!  p: Place! @partitionKey(field: "code")  title: String!  twin: Letter @reference(id: "id")
  }
  type Place { code: Float! }`;

test("schema/api.graphql is current: node scripts/generate-api-schema.ts writes it", () => {
  const model = loadModel([{ path: "schema/shop.model.graphql", text: SAMPLE }]);
  expect(readFileSync("schema/api.graphql", "utf8")).toBe(printApiSchema(model));
});

test("every type, field, argument and enum value has a description", () => {
  const schema = build(`${SAMPLE}
    ${typeNamed("Odd", "when: DateTime day: Date any: JSON big: BigInt long: Long yes: Boolean grid: [[Int!]!] part: Part parts: [Part!] kinds: [Kind!]")}
    type Part { self: Part }
    enum Kind { A B }
    ${ABSTRACT}`);
  const undescribed = everythingIn(schema).filter(
    ([, { description }]) => !/\S.*[.:!]$/s.test(description ?? ""),
  );
  expect(undescribed.map(([name]) => name)).toEqual([]);
  expect(everythingIn(schema).length).toBeGreaterThan(300);
});

type Described = readonly [string, { readonly description?: string | null | undefined }];

/** What a schema defines itself, with names such as `Query.order(id)`. */
function everythingIn(schema: GraphQLSchema): readonly Described[] {
  const types = Object.values(schema.getTypeMap()).filter(
    (type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type),
  );
  const fields = types.flatMap((type) =>
    isInputObjectType(type) || isObjectType(type) || isInterfaceType(type)
      ? Object.values(type.getFields()).map(
          (field) => [`${type.name}.${field.name}`, field] as const,
        )
      : [],
  );
  const enumValues = types.flatMap((type) =>
    isEnumType(type)
      ? type.getValues().map((value) => [`${type.name}.${value.name}`, value] as const)
      : [],
  );
  const arguments_ = fields.flatMap(([name, field]) =>
    "args" in field
      ? field.args.map(
          (argument: GraphQLArgument) => [`${name}(${argument.name})`, argument] as const,
        )
      : [],
  );
  const named = types
    .filter(({ name }) => name !== "Query" && name !== "Mutation")
    .map((type) => [type.name, type] as const);
  return [...named, ...fields, ...enumValues, ...arguments_];
}

test("a model's own descriptions and deprecations carry through", () => {
  const sdl = printSchema(
    build(typeNamed("A", '"What it weighs." weight: Float @deprecated(reason: "use mass")')),
  );
  expect(sdl).toContain('"""What it weighs."""\n  weight: Float @deprecated(reason: "use mass")');
});

test("the schema is valid with every kind of field, and odd names", () => {
  const odd =
    "constructor: String toString: Int order: Int value: Int select: Int hasOwnProperty: Boolean _: Int";
  const schema = build(
    `${typeNamed("Odd", odd)} ${typeNamed("order_2").replace('"c"', '"d"')} ${ABSTRACT}`,
  );
  expect(validateSchema(schema)).toEqual([]);
  const fields = schema.getType("OddInput");
  expect(isInputObjectType(fields) && Object.keys(fields.getFields())).toContain("constructor");
});

test("lists and nullability are the model's, for output and for input", () => {
  const fields = "a: [Int!]! b: [Int] c: [Int!] d: [Int]! e: [[Float!]!]! f: Int g: Int!";
  const schema = build(typeNamed("A", fields));
  for (const name of ["A", "AInput"]) {
    const type = schema.getType(name);
    const printed =
      isObjectType(type) || isInputObjectType(type)
        ? Object.values(type.getFields()).map((field) => `${field.name}: ${field.type}`)
        : [];
    expect(printed.filter((line) => /^[a-g]:/.test(line)).join(" ")).toBe(fields);
  }
});

test("schemas in one process know nothing of each other", () => {
  const first = build(typeNamed("Apple"));
  const second = build(typeNamed("Pear", "apple: String"));
  const again = build(typeNamed("Apple", "color: String"));
  expect(printSchema(first)).not.toContain("Pear");
  expect(printSchema(second)).not.toContain("Apple");
  expect(Object.keys(first.getQueryType()?.getFields() ?? {})).toEqual([
    "apple",
    "apples",
    "applesAggregate",
    "viewer",
  ]);
  expect(printSchema(again)).toContain("color");
  expect(printSchema(first)).not.toContain("color");
  expect(printSchema(build(typeNamed("Apple")))).toBe(printSchema(first));
});

test("building schemas leaves nothing behind in type-graphql's global store", () => {
  const before = getMetadataStorage();
  const counts = () => [
    before.objectTypes.length,
    before.fields.length,
    before.queries.length,
    before.params.length,
    before.enums.length,
  ];
  const then = counts();
  build(SAMPLE);
  expect(getMetadataStorage()).toBe(before);
  expect(counts()).toEqual(then);
  expect("getMetadata" in Reflect).toBe(false);
});

test("the global store is back after a build that failed", () => {
  const before = getMetadataStorage();
  expect(() =>
    withOwnMetadata(() => {
      throw new Error("no");
    }),
  ).toThrow("no");
  expect(getMetadataStorage()).toBe(before);
});

test("classes that a team decorated stay out of the generated schema", () => {
  withOwnMetadata(() => {
    class Foreign {}
    ObjectType("Foreign")(Foreign);
    Field(() => String)(Foreign.prototype, "name");
    class ForeignResolver {
      foreign(): Foreign {
        return new Foreign();
      }
    }
    Resolver()(ForeignResolver);
    Query(() => Foreign)(ForeignResolver.prototype, "foreign", { value: undefined });
    expect(printSchema(build(typeNamed("Apple")))).not.toMatch(/foreign/i);
  });
});
