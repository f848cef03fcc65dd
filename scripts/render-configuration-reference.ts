import { z } from "zod";
import { configSchema } from "../src/config/config-schema.ts";

type JsonSchema = z.core.JSONSchema.BaseSchema;

interface Row {
  readonly key: string;
  readonly type: string;
  readonly fallback: string;
  readonly description: string;
}

/** The page `docs/configuration.md`: what is told by hand, and a table for each section of the schema. */
export function renderConfigurationReference(): string {
  const schema = z.toJSONSchema(configSchema, { io: "input" }) as JsonSchema;
  return [INTRODUCTION, "## Keys", ...tables("", schema), TEMPLATES].join("\n\n").concat("\n");
}

/** A table of the keys that hold values, then the tables of those that hold keys. */
function tables(path: string, section: JsonSchema): readonly string[] {
  const keys = Object.entries(section.properties ?? {}).map(([key, value]) => {
    const schema = value as JsonSchema;
    const inner =
      schema.properties === undefined ? (schema.items as JsonSchema | undefined) : schema;
    const isList = schema.properties === undefined && inner?.properties !== undefined;
    return { path: path === "" ? key : `${path}.${key}`, key, schema, inner, isList };
  });
  const required = new Set(section.required ?? []);
  const rows = keys
    .filter(({ inner, isList }) => isList || inner?.properties === undefined)
    .map(
      ({ key, schema }): Row => ({
        key,
        type: typeOf(schema),
        fallback: required.has(key) ? "needed" : defaultOf(schema),
        description: schema.description ?? "",
      }),
    );
  const nested = keys.flatMap(({ path: innerPath, schema, inner, isList }) =>
    inner?.properties === undefined
      ? []
      : [
          `### \`${innerPath}${isList ? "[]" : ""}\``,
          ...(isList || schema.description === undefined ? [] : [schema.description]),
          ...tables(innerPath + (isList ? "[]" : ""), inner),
        ],
  );
  return rows.length === 0 ? nested : [table(rows), ...nested];
}

function table(rows: readonly Row[]): string {
  return [
    "| key | value | default | |",
    "| --- | --- | --- | --- |",
    ...rows.map(
      ({ key, type, fallback, description }) =>
        `| \`${key}\` | ${type} | ${fallback} | ${description.replaceAll("|", "\\|")} |`,
    ),
  ].join("\n");
}

function typeOf(schema: JsonSchema): string {
  const { type, enum: values, items, minimum, maximum, anyOf } = schema;
  if (values !== undefined) {
    return values.map((value) => `\`${value}\``).join(", ");
  }
  if (anyOf !== undefined) {
    return anyOf.map((branch) => typeOf(branch as JsonSchema)).join(" or ");
  }
  if (schema.const !== undefined) {
    return `\`${JSON.stringify(schema.const)}\``;
  }
  if (type === "array") {
    const isPlain = (items as JsonSchema).properties === undefined;
    return isPlain ? `list of: ${typeOf(items as JsonSchema)}` : "list of mappings, see below";
  }
  if (type === "integer") {
    return `${minimum} to ${maximum}`;
  }
  return (Array.isArray(type) ? type : [type]).map((name) => TYPE_NAMES[String(name)]).join(", ");
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: "text",
  number: "number",
  boolean: "`true` or `false`",
  null: "`null`",
  object: "mapping",
};

function defaultOf(schema: JsonSchema): string {
  return schema.default === undefined ? "none" : `\`${JSON.stringify(schema.default)}\``;
}

const INTRODUCTION = `# Configuration

<!-- Written by scripts/generate-configuration-reference.ts from src/config/config-schema.ts. -->

This page explains every key of \`gateway.yaml\`, which is YAML 1.2. A key that is not on it is a fault.

\`cosmos-gateway check --config gateway.yaml\` validates the file, with the model, and connects to
nothing. It prints every fault at once, each with its line and path, and exits with 1 if there is one.

Where a configuration is checked, such as in CI, its secrets are often missing. So \`check\` only warns
of a variable without a value, or whose file is missing. Everything else is checked, and the exit code
is 0 if that is right. The commands that use the values refuse to start.

A permission on a container that no model has is a warning, too, because no operation uses it. It is
a fault if the name is nearly that of a model's container. With \`api.generic\`, or own resolvers
(\`check --extend FILE\`), such a permission is of use. Then only a misspelling is warned of.

## Variables

| in a text | becomes |
| --- | --- |
| \`\${NAME}\` | the environment variable \`NAME\`; without it, nothing starts |
| \`\${file:path}\` | the content of a file without white space around it, relative to the configuration file |
| \`$\${\` | \`\${\` as it is |

Where a number or \`true\` and \`false\` are expected, \`\${PORT}\` gives one. A variable that stands in
\`[ ]\` or \`{ }\` needs quotes. The values that variables give are not shown in any fault or log. Entries
of \`cosmos.keys\` after the first are dropped when their variable is missing or empty. Some files are
read again while the gateway runs: see [operations](operations.md#keys-and-secrets-that-change).`;

const TEMPLATES = `## Templates

\`cosmosUser\`, \`item\` and the texts of \`partitionKey\` are templates. \`{tid}\` stands for the caller's
claim \`tid\`. The name between the braces is the claim's whole name, so \`{https://contoso.com/tid}\`
works. It is never a path into nested claims. \`{{\` and \`}}\` stand for single braces. There is text
between two placeholders.

A claim must be text that is not empty, or a number that JSON carries exactly. Without it, or if the id
gets longer than 255 characters, the request fails with \`NO_ACCESS_PROFILE\`, and the log says why. The
first profile that fits decides: no later one is tried.

### Ids

Different claims give different ids, and every id obeys Cosmos DB's rules. To that end, some characters
of a claim's value are percent-encoded, as the bytes of their UTF-8 form:

- \`%\`, and what Cosmos DB forbids in ids: \`/ \\ ? #\` and control characters;
- the first character of the text that follows the placeholder;
- white space at the end of the id, and the last dot of an id that would be \`.\` or \`..\`.

A number starts with \`%n\`, so that the number 1 and the text "1" are two users. Everything else stays:
\`{sub}\` leaves \`someone@contoso.com\` as it is. Cosmos DB tells upper from lower case and doesn't
normalize Unicode, and neither does the gateway. The text of a template can't hold \`%\`.

| template | claims | id |
| --- | --- | --- |
| \`member:{tid}:{sub}\` | \`contoso\`, \`ann\` | \`member:contoso:ann\` |
| \`member:{tid}:{sub}\` | \`a:b\`, \`c:d\` | \`member:a%3Ab:c:d\` |
| \`member:{tid}:{sub}\` | the number \`7\`, \`50%\` | \`member:%n7:50%25\` |

### Partition keys

\`"{tid}"\` alone takes the claim as it is, with its JSON type: text, number, or true and false. A
template that mixes text and claims gives text; in it \`%\` and the first character after a placeholder
are encoded as in ids, and the items must be stored under that text.

### One user, one set of permissions

What a Cosmos DB user may do must follow from its id alone. Otherwise two sessions would take turns
changing one user's permissions. \`check\` holds three rules:

- With \`tokens.provision: auto\`, a \`cosmosUser\` starts with its profile's name and \`:\`.
- A \`cosmosUser\` names every claim that the profile's permissions use.
- Two profiles that could give one user id have the same permissions.

### Several issuers

A subject is unique within its issuer alone. So with several issuers, a \`cosmosUser\` with claims must
name \`{iss}\` as well, or the profile's \`when\` must name \`iss\`. Anything else is a fault.`;
