// Lints the emitted API, schema/api.graphql, and nothing else: Biome lints the code.
import graphqlPlugin from "@graphql-eslint/eslint-plugin";

const recommended = graphqlPlugin.configs["flat/schema-recommended"].rules;
const [, recommendedNames] = recommended["@graphql-eslint/naming-convention"];
const relay = graphqlPlugin.configs["flat/schema-relay"].rules;

export default [
  {
    files: ["schema/api.graphql"],
    plugins: { "@graphql-eslint": graphqlPlugin },
    languageOptions: {
      parser: graphqlPlugin.parser,
      parserOptions: { graphQLConfig: { schema: "schema/api.graphql" } },
    },
    rules: {
      ...recommended,
      ...relay,

      "@graphql-eslint/require-description": [
        "error",
        {
          types: true,
          FieldDefinition: true,
          InputValueDefinition: true,
          EnumValueDefinition: true,
          DirectiveDefinition: true,
        },
      ],

      "@graphql-eslint/naming-convention": [
        "error",
        {
          ...recommendedNames,
          // Cosmos DB's own names for what it adds to an item. No other name starts with "_".
          FieldDefinition: { style: "camelCase", ignorePattern: "^_(etag|ts)$" },
          // `Read` and `All`, and what a patch operation does, are written as Cosmos DB writes them.
          // What a patch can unset, and what items are grouped by, are names of fields.
          EnumValueDefinition: {},
          "EnumValueDefinition:not([parent.name.value=/^PermissionMode$|PatchUnset$|GroupField$|^ItemPatchOperationType$/])":
            "UPPER_CASE",
        },
      ],

      // Lists go forward only.
      "@graphql-eslint/relay-arguments": ["error", { includeBoth: false }],
      // An item's id is unique in its partition, not in the world, so there is no `Node`. And lists
      // that are no connections are fine: of what lies inside an item, and `nodes` beside `edges`.
      "@graphql-eslint/relay-edge-types": [
        "error",
        { shouldImplementNode: false, listTypeCanWrapOnlyEdgeType: false },
      ],

      "@graphql-eslint/require-nullable-fields-with-oneof": "error",

      // Takes every object for an item. Which types have an id is held by the first rule below.
      "@graphql-eslint/strict-id-in-types": "off",
      "no-restricted-syntax": [
        "error",
        {
          selector:
            "ObjectTypeDefinition:has(> FieldDefinition[name.value=_etag]):not(:has(> FieldDefinition[name.value=id]))",
          message: "An item has an id: clients keep it in their cache by that.",
        },
        {
          selector:
            "ObjectTypeDefinition[name.value=/Connection$/]:not(:has(> FieldDefinition[name.value=nodes]))",
          message: "A connection has `nodes` beside `edges`, for clients that need no cursors.",
        },
        {
          selector:
            "ObjectTypeDefinition[name.value=/Connection$/]:not(:has(> FieldDefinition[name.value=totalCount]))",
          message: "A connection has `totalCount`.",
        },
      ],
    },
  },
];
