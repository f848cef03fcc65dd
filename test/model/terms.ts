/**
 * The words of the reference model: who calls, what they may do, what they ask for, what is stored,
 * and what an answer is. Nothing in this folder imports anything of the gateway or the emulator, so
 * that neither can be wrong in the same way.
 */

export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [name: string]: Json };

export type Claims = Readonly<Record<string, Json>>;

/** A value of a partition key; a container's key has one to three. */
export type KeyValue = null | boolean | number | string;

/** What a Cosmos DB permission allows: a container, or a part of one. */
export interface Permission {
  readonly container: string;
  /** One value a level; fewer than the container has: a prefix. Absent: every partition. */
  readonly partitionKey?: readonly KeyValue[];
  /** An item's id: this item alone. Never beside `partitionKey`. */
  readonly item?: string;
  readonly mode: "Read" | "All";
}

/** An access profile as the configuration writes it: its texts are templates of claims. */
export interface Profile {
  readonly name: string;
  /**
   * Claims that must equal, or be lists that hold, these values. Absent: fits everyone who signed
   * in. `"anonymous"` fits those who did not, and nobody else.
   */
  readonly when?: "anonymous" | Readonly<Record<string, string | number | boolean>>;
  readonly cosmosUser: string;
  readonly permissions: readonly Permission[];
}

/** A type of the model schema, as far as it decides where items are and what they are. */
export interface ModelType {
  /** `Order` */
  readonly name: string;
  readonly container: string;
  readonly discriminator?: { readonly field: string; readonly value: string };
  /** Fields that make the partition key, outermost first. */
  readonly partitionKeyFields: readonly string[];
  /** Fields that an item must have, `id` and partition-key fields among them. */
  readonly required: readonly string[];
  /** Every field that is neither a reference nor a system property. */
  readonly fields: readonly string[];
  /** Field name to what it points at. */
  readonly references: Readonly<Record<string, Reference>>;
}

/** `@reference(id:, partitionKey:)`: fields of this type that name the other's id and partition. */
export interface Reference {
  readonly type: string;
  readonly id: string;
  readonly partitionKey: readonly string[];
}

/** A stored item; its place is its container, its partition key and its `id`. */
export interface StoredItem {
  readonly container: string;
  readonly partitionKey: readonly KeyValue[];
  readonly content: { readonly id: string; readonly [name: string]: Json };
}

/** Everything that is stored, by `placeOf`. Never changed: a write makes another one. */
export type Store = ReadonlyMap<string, StoredItem>;

/** The key of an item in a `Store`. */
export function placeOf(container: string, partitionKey: readonly KeyValue[], id: string): string {
  return JSON.stringify([container, partitionKey, id]);
}

/** What an operation asks of the `filter` argument, field by field; all of them must hold. */
export type Filter =
  | { readonly field: string; readonly is: FilterOperator; readonly value: Json }
  | { readonly and: readonly Filter[] }
  | { readonly or: readonly Filter[] }
  | { readonly not: Filter };

type Comparison = "eq" | "ne" | "lt" | "lte" | "gt" | "gte";

export type FilterOperator =
  | Comparison
  | ("in" | "notIn" | "has")
  | ("contains" | "startsWith" | "endsWith")
  | ("isNull" | "isDefined");

/** Where to look: the partition-key arguments; absent, the caller's permissions tell. */
export interface Where {
  readonly type: string;
  readonly partitionKey?: readonly KeyValue[];
}

/** `ifMatch`: the item's etag as it is now, or one that it had before or never had. */
export type IfMatch = "current" | "stale";

export interface Patch {
  readonly set?: Readonly<Record<string, Json>>;
  readonly increment?: Readonly<Record<string, number>>;
  readonly append?: Readonly<Record<string, readonly Json[]>>;
  readonly unset?: readonly string[];
}

export type Read =
  | (Where & { readonly do: "read"; readonly id: string; readonly reference?: string })
  | (Where & {
      readonly do: "list";
      readonly filter?: Filter;
      readonly orderBy?: { readonly field: string; readonly descending: boolean };
      /** Items a page; every page is read, each with the cursor of the one before. */
      readonly pageSize: number;
      /** A reference field to follow from every item. */
      readonly reference?: string;
      readonly withTotalCount?: boolean;
    })
  | (Where & {
      readonly do: "aggregate";
      readonly filter?: Filter;
      /** A field of numbers that gets its sum, least and greatest value beside the count. */
      readonly field?: string;
    })
  /** Raw SQL that selects whole items; `text` is what is sent and asks for what `filter` says. */
  | (Where & { readonly do: "query"; readonly text: string; readonly filter?: Filter })
  | { readonly do: "viewer" };

export type Input = { readonly id: string; readonly [name: string]: Json };

/** A write of one item. Inputs carry the partition-key fields, so `partitionKey` says where else. */
export type ItemWrite =
  | (Where & { readonly do: "create"; readonly input: Input })
  | (Where & { readonly do: "upsert"; readonly input: Input; readonly ifMatch?: IfMatch })
  | (Where & {
      readonly do: "replace";
      readonly id: string;
      readonly input: Input;
      readonly ifMatch?: IfMatch;
    })
  | (Where & {
      readonly do: "patch";
      readonly id: string;
      readonly patch: Patch;
      readonly condition?: Filter;
      readonly ifMatch?: IfMatch;
    })
  | (Where & { readonly do: "delete"; readonly id: string; readonly ifMatch?: IfMatch });

export type Write =
  | ItemWrite
  /** All or none, in one partition. */
  | (Where & { readonly do: "transact"; readonly operations: readonly ItemWrite[] });

/** One root field of a GraphQL operation, in words of the model. */
export type Operation = Read | Write;

/**
 * What an operation answers and leaves behind. Items come as their type's fields, absent ones as
 * null, with what a reference gave under the reference's name; in the place of an item that lacks
 * a required field is null.
 */
export type Outcome =
  /** Codes that the answer's error may have, one of them; nothing was written. */
  | { readonly refused: readonly string[] }
  | {
      /**
       * `read`: the item or null. `list`: `{ nodes, totalCount? }`, in order; where `orderBy` leaves
       * it open, by id and then by partition key. `aggregate`: `{ count }`, with a field `{ count,
       * sum, min, max }`. `query`: whole items, in any order. `viewer`: `{ permissions }`, in any
       * order, each with container, partitionKey, item and mode. Writes: the item, the deleted id,
       * a list for `transact` (null for a delete).
       */
      readonly answer: Json;
      readonly store: Store;
      /**
       * Codes of errors beside the answer: of references, and of items that don't fit. Each of them
       * has to be there, for one place or for several, and no other. Absent: no errors.
       */
      readonly errors?: readonly string[];
    };
