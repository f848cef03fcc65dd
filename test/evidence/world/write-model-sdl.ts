import {
  type FieldKind,
  type FieldPlan,
  STATUSES,
  TYPE_PLANS,
  type TypePlan,
} from "./type-plans.ts";

const SDL_TYPES: Readonly<Record<FieldKind, string>> = {
  id: "ID",
  text: "String",
  int: "Int",
  float: "Float",
  flag: "Boolean",
  status: "OrderStatus",
  dateTime: "DateTime",
  texts: "[String!]",
  lines: "[Line!]",
};

/** The world's model as an operator would write it. */
export function writeModelSdl(): string {
  return [
    ...TYPE_PLANS.map(writeType),
    `enum OrderStatus { ${STATUSES.join(" ")} }`,
    "type Line { sku: String!  quantity: Int!  label: String! }",
  ].join("\n\n");
}

function writeType(plan: TypePlan): string {
  const { name, container, discriminator } = plan;
  const told =
    discriminator === undefined
      ? ""
      : `, discriminator: { field: "${discriminator.field}", value: "${discriminator.value}" }`;
  const lines = [
    ...plan.fields.map((field) => writeField(plan, field)),
    ...Object.entries(plan.references).map(
      ([field, { type, id, partitionKey }]) =>
        `${field}: ${type} @reference(id: "${id}"${partitionKey.length === 0 ? "" : `, partitionKey: ${JSON.stringify(partitionKey)}`})`,
    ),
    ...Object.entries(plan.reverse ?? {}).map(
      ([field, { type, from }]) =>
        `${field}: [${type}!] @reference(from: "${from}", partitionKey: ${JSON.stringify(plan.partitionKeyFields)})`,
    ),
  ];
  return `type ${name} @container(name: "${container}"${told}) {\n  ${lines.join("\n  ")}\n}`;
}

function writeField({ partitionKeyFields }: TypePlan, { name, kind, isRequired }: FieldPlan) {
  const level = partitionKeyFields.indexOf(name);
  const key = level === -1 ? "" : ` @partitionKey(level: ${level})`;
  return `${name}: ${SDL_TYPES[kind]}${isRequired ? "!" : ""}${key}`;
}
