/**
 * What the model files say, validated and frozen: the source of the GraphQL schema and of every
 * query.
 */
export interface Model {
  /** Types with `@container`, by name, in the order in which the files declare them. */
  readonly types: ReadonlyMap<string, ModelType>;
  /** Types without `@container`: objects inside an item. */
  readonly embeddedTypes: ReadonlyMap<string, EmbeddedType>;
  /** Interfaces and unions over stored types, by name. */
  readonly abstractTypes: ReadonlyMap<string, AbstractType>;
  readonly enums: ReadonlyMap<string, ModelEnum>;
  /**
   * Where the files define it, by schema coordinate: `Order`, `Order.total`, `OrderStatus.OPEN`.
   * For messages alone.
   */
  readonly places: ReadonlyMap<string, ModelPlace>;
}

/** A place in a model file. Line and column are counted from 1. */
export interface ModelPlace {
  readonly path: string;
  readonly line: number;
  readonly column: number;
}

/** A type whose values are items of one container. */
export interface ModelType {
  readonly name: string;
  readonly description: string | undefined;
  readonly container: string;
  /**
   * What tells this type's items from others in the container. Absent: all its items are of this
   * type.
   */
  readonly discriminator: Discriminator | undefined;
  /** The levels of the partition key, outermost first. Never empty, never nullable. */
  readonly partitionKey: readonly PartitionKeyLevel[];
  /** In the order of the file; `id` is among them, `_etag` and `_ts` are not. */
  readonly fields: readonly ModelField[];
  /** Fields that aren't stored but read from another item by its id. */
  readonly references: readonly ModelReference[];
  /** Fields that aren't stored but list the items of another type that refer to this one. */
  readonly reverseReferences: readonly ReverseReference[];
}

/**
 * An interface or union over types that share a container and are told apart by a discriminator. It
 * is read from: one query gives items of all its types.
 */
export interface AbstractType {
  readonly kind: "interface" | "union";
  readonly name: string;
  readonly description: string | undefined;
  readonly container: string;
  /** The types whose items it gives, all of `container` and with a discriminator. Never empty. */
  readonly members: readonly ModelType[];
  /** The stored property that tells the members apart. */
  readonly discriminatorProperty: string;
  /** The members' own, which they have alike. */
  readonly partitionKey: readonly PartitionKeyLevel[];
  /**
   * The stored fields that all members have alike, to filter and order by: those that an interface
   * declares, or all that the types of a union share. Nullable where it is in one of them.
   */
  readonly fields: readonly ModelField[];
  /** The fields of an interface that its members read from other items. Of a union, none. */
  readonly references: readonly AbstractReference[];
}

/** A field of an interface that each implementing type has a `@reference` for. */
export type AbstractReference = Pick<
  ModelReference,
  "name" | "description" | "deprecationReason" | "target" | "isList" | "nullable" | "nullableItems"
>;

/** What point reads and lists are over. */
export type QueriedType = ModelType | AbstractType;

/** One level of a partition key. */
export interface PartitionKeyLevel {
  /**
   * What it is called as an argument: the field's name, or for a field inside an object the names
   * on the way to it in one, such as `addressCountry`.
   */
  readonly name: string;
  /** The fields on the way from the item to the value; the last one holds it. Never empty. */
  readonly fields: readonly [ModelField, ...ModelField[]];
  /** The stored names of `fields`. */
  readonly path: readonly string[];
  /** Of the value: a single scalar or enum, not nullable. */
  readonly type: FieldType;
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

/** A field with `@reference(from:)`: the items of another type that hold this item's id. */
export interface ReverseReference {
  readonly name: string;
  readonly description: string | undefined;
  readonly deprecationReason: string | undefined;
  /** The type whose items refer to this one's. */
  readonly target: string;
  /** Whether the list as a whole may be null, which it only is beside an error. */
  readonly nullable: boolean;
  /** The field of the target that holds the id, or a list of ids. */
  readonly fromField: ModelField;
  /** The fields of this type that hold the target's partition key. Empty: permissions tell it. */
  readonly partitionKeyFields: readonly ModelField[];
}

export interface Discriminator {
  /**
   * The stored property. No field of the model holds it: the gateway writes it and filters by it.
   */
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
