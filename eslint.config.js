// The linter of the emitted API, schema/api.graphql, and of nothing else: Biome lints the code.
import graphqlPlugin from "@graphql-eslint/eslint-plugin";

const schemaRules = graphqlPlugin.configs["flat/schema-recommended"].rules;
const [, recommendedNames] = schemaRules["@graphql-eslint/naming-convention"];

// What stands in this list is checked: a name that is no longer needed here should go.
const COSMOS_SYSTEM_PROPERTIES = "^_(etag|ts)$";

export default [
  {
    linterOptions: { reportUnusedDisableDirectives: "error" },
  },
  {
    files: ["schema/*.graphql"],
    plugins: { "@graphql-eslint": graphqlPlugin },
    languageOptions: {
      parser: graphqlPlugin.parser,
      parserOptions: { graphQLConfig: { schema: "schema/api.graphql" } },
    },
    rules: {
      ...schemaRules,

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
          // Cosmos DB's own names for what it adds to an item. No other name may start with "_".
          FieldDefinition: { style: "camelCase", ignorePattern: COSMOS_SYSTEM_PROPERTIES },
        },
      ],
    },
  },
];
