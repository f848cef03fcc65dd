import { isObjectType } from "graphql";
import { expect, test } from "vitest";
import { buildApiSchema } from "../../src/graphql/build-schema.ts";
import { loadModel } from "../../src/model/load-model.ts";

const model = loadModel([
  {
    path: "test.model.graphql",
    text: `
interface Paper @container(name: "papers") { id: ID! person: Person friends: [Person!] }
union Post @container(name: "papers") = Letter
type Letter implements Paper
    @container(name: "papers", discriminator: { field: "kind", value: "letter" }) {
  id: ID!
  tenantId: String! @partitionKey
  total: Float!
  personId: ID!
  person: Person @reference(id: "personId")
  friendIds: [ID!]!
  friends: [Person!] @reference(id: "friendIds")
}
type Person @container(name: "people") {
  id: ID!
  tenantId: String! @partitionKey
  letters: [Letter!]! @reference(from: "personId")
  more: [Letter!] @reference(from: "friendIds")
  loved: [ID!]!
  lovedOnes: [Person!]! @reference(id: "loved")
}`,
  },
]);

const schema = buildApiSchema(model, {
  pageSize: { default: 50, max: 1000 },
  cursorKey: Buffer.alloc(32, 7),
  genericApi: true,
  issueTokens: async () => [],
});

function typesOf(typeName: string): Readonly<Record<string, string>> {
  const type = schema.getType(typeName);
  const fields = isObjectType(type) ? Object.values(type.getFields()) : [];
  return Object.fromEntries(fields.map((field) => [field.name, String(field.type)]));
}

test("every query and mutation may be null, so that one that fails takes no other", () => {
  expect(typesOf("Query")).toEqual({
    viewer: "Viewer",
    item: "JSON",
    items: "ItemPage",
    letter: "Letter",
    letters: "LetterConnection",
    lettersAggregate: "LetterAggregate",
    paper: "Paper",
    papers: "PaperConnection",
    persons: "PersonConnection",
    personsAggregate: "PersonAggregate",
    person: "Person",
    post: "Post",
    posts: "PostConnection",
  });
  expect(typesOf("Mutation")).toMatchObject({
    createLetter: "Letter",
    upsertLetter: "Letter",
    replaceLetter: "Letter",
    patchLetter: "Letter",
    deleteLetter: "ID",
    createLetters: "[Letter]",
    deleteLetters: "[ID]",
    transactLetters: "[Letter]",
    createItem: "JSON",
    deleteItem: "ID",
    issueResourceTokens: "[ResourceToken!]",
  });
  const types = [...Object.values(typesOf("Query")), ...Object.values(typesOf("Mutation"))];
  expect(types.filter((type) => type.endsWith("!"))).toEqual([]);
});

test("every place of an item may be null, while what an item must have stays required", () => {
  for (const name of ["Letter", "Paper", "Post"]) {
    expect(typesOf(`${name}Connection`)).toEqual({
      nodes: `[${name}]!`,
      edges: `[${name}Edge!]!`,
      pageInfo: "PageInfo!",
      totalCount: "Int!",
    });
    expect(typesOf(`${name}Edge`)).toEqual({ cursor: "String!", node: name });
  }
  expect(typesOf("Letter")).toMatchObject({
    total: "Float!",
    person: "Person",
    friends: "[Person]",
  });
  // Of lists of items, the model says whether they may be null as a whole.
  expect(typesOf("Person")).toMatchObject({
    letters: "[Letter]!",
    more: "[Letter]",
    lovedOnes: "[Person]!",
  });
});
