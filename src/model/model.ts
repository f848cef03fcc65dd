/** What the model files say, validated and frozen: the source of the GraphQL schema and of every query. */
export interface Model {
  /** Types with `@container`, by name, in the order in which the files declare them. */
  readonly types: ReadonlyMap<string, ModelType>;
  /** Types without `@container`: objects inside an item. */
  readonly embeddedTypes: ReadonlyMap<string, EmbeddedType>;
  readonly enums: ReadonlyMap<string, ModelEnum>;
}

/** A type whose values are items of one container. */
export interface ModelType {
  readonly name: string;
  readonly description: string | undefined;
  readonly container: string;
  /** What tells this type's items from others in the container. Absent: all its items are of this type. */
  readonly discriminator: Discriminator | undefined;
  /** The fields that make the partition key, one a level. Never empty, never nullable. */
  readonly partitionKey: readonly ModelField[];
  /** In the order of the file; `id` is among them, `_etag` and `_ts` are not. */
  readonly fields: readonly ModelField[];
  /** Fields that aren't stored but read from another item by its id. */
  readonly references: readonly ModelReference[];
}

/** A field with `@reference`. */
export interface ModelReference {
  readonly name: string;
  readonly description: string | undefined;
  readonly deprecationReason: string | undefined;
  /** The type whose items it refers to. */
  readonly target: string;
  /** A list of items by a list of ids, instead of one by one. */
  readonly isList: boolean;
  /** Whether the list as a whole may be null. One item always may: it may be gone. */
  readonly nullable: boolean;
  /** Whether an item that isn't found is null in the list, or left out of it. */
  readonly nullableItems: boolean;
  /** The field of this type that holds the id, or the ids. */
  readonly idField: ModelField;
  /** The fields of this type that hold the target's partition key. Empty: permissions tell it. */
  readonly partitionKeyFields: readonly ModelField[];
}

export interface Discriminator {
  /** The stored property. No field of the model holds it: the gateway writes it and filters by it. */
  readonly property: string;
  readonly value: string;
}

/** An object inside an item. It may hold itself, through a nullable field or a list. */
export interface EmbeddedType {
  readonly name: string;
  readonly description: string | undefined;
  readonly fields: readonly ModelField[];
}

export interface ModelEnum {
  readonly name: string;
  readonly description: string | undefined;
  /** The stored value of each is its name. */
  readonly values: readonly {
    readonly name: string;
    readonly description: string | undefined;
    readonly deprecationReason: string | undefined;
  }[];
}

export interface ModelField {
  readonly name: string;
  /** The property's name in the item: the field's own, or what `@name(is:)` says. */
  readonly storedName: string;
  readonly description: string | undefined;
  readonly deprecationReason: string | undefined;
  readonly type: FieldType;
}

export interface FieldType {
  readonly kind: "scalar" | "enum" | "embedded";
  /** Name of the scalar, enum or embedded type. */
  readonly name: string;
  /** 0 for a single value, 1 for a list, 2 for a list of lists. */
  readonly listDepth: number;
  /** Whether the field as a whole may be null. */
  readonly nullable: boolean;
  /** Whether elements may be null, at every depth of a list alike. False for a single value. */
  readonly nullableItems: boolean;
}

/** The scalars of a model, each stored as JSON can hold it. */
export const MODEL_SCALARS = [
  "ID",
  "String",
  "Int",
  "Float",
  "Boolean",
  "DateTime",
  "Date",
  "JSON",
  "BigInt",
  "Long",
] as const;

export type ModelScalar = (typeof MODEL_SCALARS)[number];

export function isModelScalar(name: string): name is ModelScalar {
  return (MODEL_SCALARS as readonly string[]).includes(name);
}

/** What Cosmos DB keeps on each item and no one else may write. */
export const SYSTEM_PROPERTIES: readonly string[] = [
  "_etag",
  "_ts",
  "_rid",
  "_self",
  "_attachments",
  "_lsn",
];
