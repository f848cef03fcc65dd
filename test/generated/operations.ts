/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
/** What to store as Cart. Cosmos DB's system properties are not in it. */
export type CartInput = {
  /** The item's id. Left out on create, a UUID is made. */
  readonly id?: string | number | null | undefined;
  /** The cart's lines. */
  readonly lines: ReadonlyArray<CartLineInput>;
  /** The subject that the cart belongs to. */
  readonly ownerId: string;
};

/** What to store as CartLine. */
export type CartLineInput = {
  /** The cart line's quantity. */
  readonly quantity: number;
  /** The cart line's sku. */
  readonly sku: string;
};

/** Conditions on a value of type DateTime. All that are given must hold. */
export type DateTimeFilter = {
  /** Is this value. Null is `isNull: true`. */
  readonly eq?: string | null | undefined;
  /** Is more than this. */
  readonly gt?: string | null | undefined;
  /** Is this or more. */
  readonly gte?: string | null | undefined;
  /** Is one of these values. An empty list fits nothing. */
  readonly in?: ReadonlyArray<string> | null | undefined;
  /** Is stored, even if as null. */
  readonly isDefined?: boolean | null | undefined;
  /** Is stored as null. What isn't stored at all is not: see `isDefined`. */
  readonly isNull?: boolean | null | undefined;
  /** Is less than this. */
  readonly lt?: string | null | undefined;
  /** Is this or less. */
  readonly lte?: string | null | undefined;
  /** Is anything but this value: also null, or not there at all. */
  readonly ne?: string | null | undefined;
  /** Is none of these values. An empty list fits everything. */
  readonly notIn?: ReadonlyArray<string> | null | undefined;
};

/** Conditions on a value of type Float. All that are given must hold. */
export type FloatFilter = {
  /** Is this value. Null is `isNull: true`. */
  readonly eq?: number | null | undefined;
  /** Is more than this. */
  readonly gt?: number | null | undefined;
  /** Is this or more. */
  readonly gte?: number | null | undefined;
  /** Is one of these values. An empty list fits nothing. */
  readonly in?: ReadonlyArray<number> | null | undefined;
  /** Is stored, even if as null. */
  readonly isDefined?: boolean | null | undefined;
  /** Is stored as null. What isn't stored at all is not: see `isDefined`. */
  readonly isNull?: boolean | null | undefined;
  /** Is less than this. */
  readonly lt?: number | null | undefined;
  /** Is this or less. */
  readonly lte?: number | null | undefined;
  /** Is anything but this value: also null, or not there at all. */
  readonly ne?: number | null | undefined;
  /** Is none of these values. An empty list fits everything. */
  readonly notIn?: ReadonlyArray<number> | null | undefined;
};

/** Conditions on a value of type ID. All that are given must hold. */
export type IdFilter = {
  /** Has this text in it, upper and lower case as given. */
  readonly contains?: string | null | undefined;
  /** Ends with this text, upper and lower case as given. */
  readonly endsWith?: string | null | undefined;
  /** Is this value. Null is `isNull: true`. */
  readonly eq?: string | number | null | undefined;
  /** Is more than this. */
  readonly gt?: string | number | null | undefined;
  /** Is this or more. */
  readonly gte?: string | number | null | undefined;
  /** Is one of these values. An empty list fits nothing. */
  readonly in?: ReadonlyArray<string | number> | null | undefined;
  /** Is stored, even if as null. */
  readonly isDefined?: boolean | null | undefined;
  /** Is stored as null. What isn't stored at all is not: see `isDefined`. */
  readonly isNull?: boolean | null | undefined;
  /** Is less than this. */
  readonly lt?: string | number | null | undefined;
  /** Is this or less. */
  readonly lte?: string | number | null | undefined;
  /** Matches this regular expression, in Cosmos DB's (PCRE) notation. */
  readonly matches?: string | null | undefined;
  /** Is anything but this value: also null, or not there at all. */
  readonly ne?: string | number | null | undefined;
  /** Is none of these values. An empty list fits everything. */
  readonly notIn?: ReadonlyArray<string | number> | null | undefined;
  /** Begins with this text, upper and lower case as given. */
  readonly startsWith?: string | null | undefined;
};

/** Conditions on a value of type Int. All that are given must hold. */
export type IntFilter = {
  /** Is this value. Null is `isNull: true`. */
  readonly eq?: number | null | undefined;
  /** Is more than this. */
  readonly gt?: number | null | undefined;
  /** Is this or more. */
  readonly gte?: number | null | undefined;
  /** Is one of these values. An empty list fits nothing. */
  readonly in?: ReadonlyArray<number> | null | undefined;
  /** Is stored, even if as null. */
  readonly isDefined?: boolean | null | undefined;
  /** Is stored as null. What isn't stored at all is not: see `isDefined`. */
  readonly isNull?: boolean | null | undefined;
  /** Is less than this. */
  readonly lt?: number | null | undefined;
  /** Is this or less. */
  readonly lte?: number | null | undefined;
  /** Is anything but this value: also null, or not there at all. */
  readonly ne?: number | null | undefined;
  /** Is none of these values. An empty list fits everything. */
  readonly notIn?: ReadonlyArray<number> | null | undefined;
};

/** What `createOrder` does, in a transaction. */
export type OrderCreateOperation = {
  /** The Order to store. Its partition-key fields tell the partition. */
  readonly input: OrderInput;
};

/** What `deleteOrder` does, in a transaction. */
export type OrderDeleteOperation = {
  /** The Order's id. */
  readonly id: string | number;
  /** Write only if the Order's `_etag` is this one; otherwise PRECONDITION_FAILED. */
  readonly ifMatch?: string | null | undefined;
};

/** Conditions on Order. All that are given must hold; `{}` fits everything. */
export type OrderFilter = {
  /** All of these hold. An empty list fits everything. */
  readonly and?: ReadonlyArray<OrderFilter> | null | undefined;
  /** Conditions on `createdAt`. */
  readonly createdAt?: DateTimeFilter | null | undefined;
  /** Conditions on `customerId`. */
  readonly customerId?: IdFilter | null | undefined;
  /** Conditions on `id`. */
  readonly id?: IdFilter | null | undefined;
  /** Conditions on `lines`. */
  readonly lines?: OrderLineListFilter | null | undefined;
  /** This does not hold. */
  readonly not?: OrderFilter | null | undefined;
  /** At least one of these holds. An empty list fits nothing. */
  readonly or?: ReadonlyArray<OrderFilter> | null | undefined;
  /** Conditions on `status`. */
  readonly status?: OrderStatusFilter | null | undefined;
  /** Conditions on `tenantId`. */
  readonly tenantId?: StringFilter | null | undefined;
  /** Conditions on `total`. */
  readonly total?: FloatFilter | null | undefined;
};

/** What to store as Order. Cosmos DB's system properties are not in it. */
export type OrderInput = {
  /** When the order was created. */
  readonly createdAt: string;
  /** The order's customer id. */
  readonly customerId: string | number;
  /** The item's id. Left out on create, a UUID is made. */
  readonly id?: string | number | null | undefined;
  /** The order's lines. */
  readonly lines: ReadonlyArray<OrderLineInput>;
  /** The order's status. */
  readonly status: OrderStatus;
  /** The tenant that the order belongs to. */
  readonly tenantId: string;
  /** What the customer pays, in euros. */
  readonly total: number;
};

/** Conditions on OrderLine. All that are given must hold; `{}` fits everything. */
export type OrderLineFilter = {
  /** All of these hold. An empty list fits everything. */
  readonly and?: ReadonlyArray<OrderLineFilter> | null | undefined;
  /** This does not hold. */
  readonly not?: OrderLineFilter | null | undefined;
  /** At least one of these holds. An empty list fits nothing. */
  readonly or?: ReadonlyArray<OrderLineFilter> | null | undefined;
  /** Conditions on `price`. */
  readonly price?: FloatFilter | null | undefined;
  /** Conditions on `quantity`. */
  readonly quantity?: IntFilter | null | undefined;
  /** Conditions on `sku`. */
  readonly sku?: StringFilter | null | undefined;
};

/** What to store as OrderLine. */
export type OrderLineInput = {
  /** The order line's price. */
  readonly price: number;
  /** The order line's quantity. */
  readonly quantity: number;
  /** The product's stock keeping unit. */
  readonly sku: string;
};

/** Conditions on a list of OrderLine. All that are given must hold. */
export type OrderLineListFilter = {
  /** Each element fulfils this; so does a list without elements. */
  readonly every?: OrderLineFilter | null | undefined;
  /** Is stored, even if as null. */
  readonly isDefined?: boolean | null | undefined;
  /** Has no elements: is empty, null, or not there. */
  readonly isEmpty?: boolean | null | undefined;
  /** Is stored as null. What isn't stored at all is not: see `isDefined`. */
  readonly isNull?: boolean | null | undefined;
  /** No element fulfils this. */
  readonly none?: OrderLineFilter | null | undefined;
  /** At least one element fulfils this. */
  readonly some?: OrderLineFilter | null | undefined;
};

/** One write in a transaction of Order items: exactly one of these. */
export type OrderOperation =
  {   /** Do what `createOrder` does. */
  readonly create: OrderCreateOperation; readonly delete?: never; readonly patch?: never; readonly replace?: never; readonly upsert?: never; }
  |  { readonly create?: never;   /** Do what `deleteOrder` does. */
  readonly delete: OrderDeleteOperation; readonly patch?: never; readonly replace?: never; readonly upsert?: never; }
  |  { readonly create?: never; readonly delete?: never;   /** Do what `patchOrder` does. */
  readonly patch: OrderPatchOperation; readonly replace?: never; readonly upsert?: never; }
  |  { readonly create?: never; readonly delete?: never; readonly patch?: never;   /** Do what `replaceOrder` does. */
  readonly replace: OrderReplaceOperation; readonly upsert?: never; }
  |  { readonly create?: never; readonly delete?: never; readonly patch?: never; readonly replace?: never;   /** Do what `upsertOrder` does. */
  readonly upsert: OrderUpsertOperation; };

/** One property to order Order items by. Ordering by several takes a composite index on the container. */
export type OrderOrderBy = {
  /** Order by `createdAt`. */
  readonly createdAt?: SortDirection | null | undefined;
  /** Order by `customerId`. */
  readonly customerId?: SortDirection | null | undefined;
  /** Order by `id`. */
  readonly id?: SortDirection | null | undefined;
  /** Order by `status`. */
  readonly status?: SortDirection | null | undefined;
  /** Order by `tenantId`. */
  readonly tenantId?: SortDirection | null | undefined;
  /** Order by `total`. */
  readonly total?: SortDirection | null | undefined;
};

/** What to change in an Order; what is left out stays. A property can stand in one part only. */
export type OrderPatch = {
  /** Elements to add at the end of lists. A list that isn't there is made. */
  readonly append?: OrderPatchAppend | null | undefined;
  /** What to add to numbers. A number that isn't there counts as 0. BAD_USER_INPUT for a sum that the field can't hold. */
  readonly increment?: OrderPatchIncrement | null | undefined;
  /** Properties to set. Null is stored as null. An object is merged into the stored one, a list replaces it. */
  readonly set?: OrderPatchSet | null | undefined;
};

/** Elements to add at the end of lists. A list that isn't there is made. */
export type OrderPatchAppend = {
  /** The order's lines. */
  readonly lines?: ReadonlyArray<OrderLineInput> | null | undefined;
};

/** What to add to numbers. A number that isn't there counts as 0. BAD_USER_INPUT for a sum that the field can't hold. */
export type OrderPatchIncrement = {
  /** What the customer pays, in euros. */
  readonly total?: number | null | undefined;
};

/** What `patchOrder` does, in a transaction. */
export type OrderPatchOperation = {
  /** Change it only if the Order fits this; otherwise PRECONDITION_FAILED. */
  readonly condition?: OrderFilter | null | undefined;
  /** The Order's id. */
  readonly id: string | number;
  /** Write only if the Order's `_etag` is this one; otherwise PRECONDITION_FAILED. */
  readonly ifMatch?: string | null | undefined;
  /** What to change. */
  readonly patch: OrderPatch;
};

/** Properties to set. Null is stored as null. An object is merged into the stored one, a list replaces it. */
export type OrderPatchSet = {
  /** When the order was created. */
  readonly createdAt?: string | null | undefined;
  /** The order's customer id. */
  readonly customerId?: string | number | null | undefined;
  /** The order's lines. */
  readonly lines?: ReadonlyArray<OrderLineInput> | null | undefined;
  /** The order's status. */
  readonly status?: OrderStatus | null | undefined;
  /** What the customer pays, in euros. */
  readonly total?: number | null | undefined;
};

/** What `replaceOrder` does, in a transaction. */
export type OrderReplaceOperation = {
  /** The Order's id. */
  readonly id: string | number;
  /** Write only if the Order's `_etag` is this one; otherwise PRECONDITION_FAILED. */
  readonly ifMatch?: string | null | undefined;
  /** The Order to store. Its partition-key fields tell the partition. */
  readonly input: OrderInput;
};

/** What a field of type OrderStatus can be. */
export type OrderStatus =
  /** OPEN. */
  | 'OPEN'
  /** PAID. */
  | 'PAID'
  /** SHIPPED. */
  | 'SHIPPED';

/** Conditions on a value of type OrderStatus. All that are given must hold. */
export type OrderStatusFilter = {
  /** Is this value. Null is `isNull: true`. */
  readonly eq?: OrderStatus | null | undefined;
  /** Is one of these values. An empty list fits nothing. */
  readonly in?: ReadonlyArray<OrderStatus> | null | undefined;
  /** Is stored, even if as null. */
  readonly isDefined?: boolean | null | undefined;
  /** Is stored as null. What isn't stored at all is not: see `isDefined`. */
  readonly isNull?: boolean | null | undefined;
  /** Is anything but this value: also null, or not there at all. */
  readonly ne?: OrderStatus | null | undefined;
  /** Is none of these values. An empty list fits everything. */
  readonly notIn?: ReadonlyArray<OrderStatus> | null | undefined;
};

/** What `upsertOrder` does, in a transaction. */
export type OrderUpsertOperation = {
  /** Write only if the Order's `_etag` is this one; otherwise PRECONDITION_FAILED. */
  readonly ifMatch?: string | null | undefined;
  /** The Order to store. Its partition-key fields tell the partition. */
  readonly input: OrderInput;
};

/** What a Cosmos DB permission allows. */
export type PermissionMode =
  /** Reading and writing. */
  | 'All'
  /** Reading. */
  | 'Read';

/** Conditions on Product. All that are given must hold; `{}` fits everything. */
export type ProductFilter = {
  /** All of these hold. An empty list fits everything. */
  readonly and?: ReadonlyArray<ProductFilter> | null | undefined;
  /** Conditions on `category`. */
  readonly category?: StringFilter | null | undefined;
  /** Conditions on `id`. */
  readonly id?: IdFilter | null | undefined;
  /** Conditions on `name`. */
  readonly name?: StringFilter | null | undefined;
  /** This does not hold. */
  readonly not?: ProductFilter | null | undefined;
  /** At least one of these holds. An empty list fits nothing. */
  readonly or?: ReadonlyArray<ProductFilter> | null | undefined;
  /** Conditions on `price`. */
  readonly price?: FloatFilter | null | undefined;
  /** Conditions on `tags`. */
  readonly tags?: StringListFilter | null | undefined;
};

/** Which way a list is ordered. */
export type SortDirection =
  /** Smallest first. What is missing or null comes before everything. */
  | 'ASC'
  /** Largest first. What is missing or null comes behind everything. */
  | 'DESC';

/** Conditions on a value of type String. All that are given must hold. */
export type StringFilter = {
  /** Has this text in it, upper and lower case as given. */
  readonly contains?: string | null | undefined;
  /** Ends with this text, upper and lower case as given. */
  readonly endsWith?: string | null | undefined;
  /** Is this value. Null is `isNull: true`. */
  readonly eq?: string | null | undefined;
  /** Is more than this. */
  readonly gt?: string | null | undefined;
  /** Is this or more. */
  readonly gte?: string | null | undefined;
  /** Is one of these values. An empty list fits nothing. */
  readonly in?: ReadonlyArray<string> | null | undefined;
  /** Is stored, even if as null. */
  readonly isDefined?: boolean | null | undefined;
  /** Is stored as null. What isn't stored at all is not: see `isDefined`. */
  readonly isNull?: boolean | null | undefined;
  /** Is less than this. */
  readonly lt?: string | null | undefined;
  /** Is this or less. */
  readonly lte?: string | null | undefined;
  /** Matches this regular expression, in Cosmos DB's (PCRE) notation. */
  readonly matches?: string | null | undefined;
  /** Is anything but this value: also null, or not there at all. */
  readonly ne?: string | null | undefined;
  /** Is none of these values. An empty list fits everything. */
  readonly notIn?: ReadonlyArray<string> | null | undefined;
  /** Begins with this text, upper and lower case as given. */
  readonly startsWith?: string | null | undefined;
};

/** Conditions on a list of String. All that are given must hold. */
export type StringListFilter = {
  /** Has this element. */
  readonly has?: string | null | undefined;
  /** Has each of these elements. An empty list fits everything. */
  readonly hasAll?: ReadonlyArray<string> | null | undefined;
  /** Has at least one of these elements. An empty list fits nothing. */
  readonly hasAny?: ReadonlyArray<string> | null | undefined;
  /** Is stored, even if as null. */
  readonly isDefined?: boolean | null | undefined;
  /** Has no elements: is empty, null, or not there. */
  readonly isEmpty?: boolean | null | undefined;
  /** Is stored as null. What isn't stored at all is not: see `isDefined`. */
  readonly isNull?: boolean | null | undefined;
};

export type CartFieldsFragment = { readonly id: string, readonly ownerId: string, readonly _etag: string, readonly lines: ReadonlyArray<{ readonly sku: string, readonly quantity: number }> };

export type ReadCartQueryVariables = Exact<{
  id: string | number;
  ownerId?: string | null | undefined;
}>;


export type ReadCartQuery = { readonly cart: { readonly id: string, readonly ownerId: string, readonly _etag: string, readonly lines: ReadonlyArray<{ readonly sku: string, readonly quantity: number }> } | null };

export type ListCartsQueryVariables = Exact<{
  ownerId?: string | null | undefined;
}>;


export type ListCartsQuery = { readonly carts: { readonly nodes: ReadonlyArray<{ readonly id: string, readonly ownerId: string, readonly _etag: string, readonly lines: ReadonlyArray<{ readonly sku: string, readonly quantity: number }> } | null> } | null };

export type CreateCartMutationVariables = Exact<{
  input: CartInput;
}>;


export type CreateCartMutation = { readonly createCart: { readonly id: string, readonly ownerId: string, readonly _etag: string, readonly lines: ReadonlyArray<{ readonly sku: string, readonly quantity: number }> } | null };

export type OrderFieldsFragment = { readonly id: string, readonly tenantId: string, readonly status: OrderStatus, readonly total: number, readonly customerId: string, readonly createdAt: string, readonly _etag: string, readonly _ts: number, readonly lines: ReadonlyArray<{ readonly sku: string, readonly quantity: number, readonly price: number }> };

export type ListOrdersQueryVariables = Exact<{
  tenantId?: string | null | undefined;
  filter?: OrderFilter | null | undefined;
  orderBy?: ReadonlyArray<OrderOrderBy> | OrderOrderBy | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type ListOrdersQuery = { readonly orders: { readonly nodes: ReadonlyArray<{ readonly id: string, readonly tenantId: string, readonly status: OrderStatus, readonly total: number, readonly customerId: string, readonly createdAt: string, readonly _etag: string, readonly _ts: number, readonly lines: ReadonlyArray<{ readonly sku: string, readonly quantity: number, readonly price: number }> } | null>, readonly pageInfo: { readonly hasNextPage: boolean, readonly hasPreviousPage: boolean, readonly startCursor: string | null, readonly endCursor: string | null } } | null };

export type ListOrderEdgesQueryVariables = Exact<{
  tenantId?: string | null | undefined;
  filter?: OrderFilter | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type ListOrderEdgesQuery = { readonly orders: { readonly totalCount: number, readonly edges: ReadonlyArray<{ readonly cursor: string, readonly node: { readonly id: string, readonly tenantId: string } | null }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } | null };

export type ReadOrderQueryVariables = Exact<{
  id: string | number;
  tenantId?: string | null | undefined;
}>;


export type ReadOrderQuery = { readonly order: { readonly id: string, readonly tenantId: string, readonly status: OrderStatus, readonly total: number, readonly customerId: string, readonly createdAt: string, readonly _etag: string, readonly _ts: number, readonly lines: ReadonlyArray<{ readonly sku: string, readonly quantity: number, readonly price: number }> } | null };

export type ReadTwoTenantsQueryVariables = Exact<{
  first: string;
  second: string;
}>;


export type ReadTwoTenantsQuery = { readonly first: { readonly nodes: ReadonlyArray<{ readonly id: string, readonly tenantId: string } | null> } | null, readonly second: { readonly nodes: ReadonlyArray<{ readonly id: string, readonly tenantId: string } | null> } | null };

export type CreateOrderMutationVariables = Exact<{
  input: OrderInput;
}>;


export type CreateOrderMutation = { readonly createOrder: { readonly id: string, readonly tenantId: string, readonly status: OrderStatus, readonly total: number, readonly customerId: string, readonly createdAt: string, readonly _etag: string, readonly _ts: number, readonly lines: ReadonlyArray<{ readonly sku: string, readonly quantity: number, readonly price: number }> } | null };

export type UpsertOrderMutationVariables = Exact<{
  input: OrderInput;
  ifMatch?: string | null | undefined;
}>;


export type UpsertOrderMutation = { readonly upsertOrder: { readonly id: string, readonly tenantId: string, readonly status: OrderStatus, readonly total: number, readonly customerId: string, readonly createdAt: string, readonly _etag: string, readonly _ts: number, readonly lines: ReadonlyArray<{ readonly sku: string, readonly quantity: number, readonly price: number }> } | null };

export type ReplaceOrderMutationVariables = Exact<{
  id: string | number;
  input: OrderInput;
  ifMatch?: string | null | undefined;
  tenantId?: string | null | undefined;
}>;


export type ReplaceOrderMutation = { readonly replaceOrder: { readonly id: string, readonly tenantId: string, readonly status: OrderStatus, readonly total: number, readonly customerId: string, readonly createdAt: string, readonly _etag: string, readonly _ts: number, readonly lines: ReadonlyArray<{ readonly sku: string, readonly quantity: number, readonly price: number }> } | null };

export type DeleteOrderMutationVariables = Exact<{
  id: string | number;
  ifMatch?: string | null | undefined;
  tenantId?: string | null | undefined;
}>;


export type DeleteOrderMutation = { readonly deleteOrder: string | null };

export type PatchOrderMutationVariables = Exact<{
  id: string | number;
  patch: OrderPatch;
  ifMatch?: string | null | undefined;
  condition?: OrderFilter | null | undefined;
  tenantId?: string | null | undefined;
}>;


export type PatchOrderMutation = { readonly patchOrder: { readonly id: string, readonly tenantId: string, readonly status: OrderStatus, readonly total: number, readonly customerId: string, readonly createdAt: string, readonly _etag: string, readonly _ts: number, readonly lines: ReadonlyArray<{ readonly sku: string, readonly quantity: number, readonly price: number }> } | null };

export type TransactOrdersMutationVariables = Exact<{
  operations: ReadonlyArray<OrderOperation> | OrderOperation;
  tenantId?: string | null | undefined;
}>;


export type TransactOrdersMutation = { readonly transactOrders: ReadonlyArray<{ readonly id: string, readonly tenantId: string, readonly status: OrderStatus, readonly total: number, readonly customerId: string, readonly createdAt: string, readonly _etag: string, readonly _ts: number, readonly lines: ReadonlyArray<{ readonly sku: string, readonly quantity: number, readonly price: number }> } | null> | null };

export type CreateOrdersMutationVariables = Exact<{
  inputs: ReadonlyArray<OrderInput> | OrderInput;
}>;


export type CreateOrdersMutation = { readonly createOrders: ReadonlyArray<{ readonly id: string, readonly tenantId: string, readonly status: OrderStatus, readonly total: number, readonly customerId: string, readonly createdAt: string, readonly _etag: string, readonly _ts: number, readonly lines: ReadonlyArray<{ readonly sku: string, readonly quantity: number, readonly price: number }> } | null> | null };

export type DeleteOrdersMutationVariables = Exact<{
  ids: ReadonlyArray<string | number> | string | number;
  tenantId?: string | null | undefined;
}>;


export type DeleteOrdersMutation = { readonly deleteOrders: ReadonlyArray<string | null> | null };

export type ListProductsQueryVariables = Exact<{
  category?: string | null | undefined;
  filter?: ProductFilter | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type ListProductsQuery = { readonly products: { readonly totalCount: number, readonly nodes: ReadonlyArray<{ readonly id: string, readonly category: string, readonly name: string, readonly price: number, readonly tags: ReadonlyArray<string> | null } | null>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } | null };

export type ReadViewerQueryVariables = Exact<{ [key: string]: never; }>;


export type ReadViewerQuery = { readonly viewer: { readonly subject: string | null, readonly issuer: string | null, readonly profile: string, readonly cosmosUser: string, readonly permissions: ReadonlyArray<{ readonly container: string, readonly partitionKey: unknown, readonly mode: PermissionMode, readonly expiresAt: string }> } | null };

export const CartFieldsFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"CartFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Cart"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"ownerId"}},{"kind":"Field","name":{"kind":"Name","value":"lines"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"sku"}},{"kind":"Field","name":{"kind":"Name","value":"quantity"}}]}},{"kind":"Field","name":{"kind":"Name","value":"_etag"}}]}}]} as unknown as DocumentNode<CartFieldsFragment, unknown>;
export const OrderFieldsFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"OrderFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Order"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"tenantId"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"total"}},{"kind":"Field","name":{"kind":"Name","value":"lines"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"sku"}},{"kind":"Field","name":{"kind":"Name","value":"quantity"}},{"kind":"Field","name":{"kind":"Name","value":"price"}}]}},{"kind":"Field","name":{"kind":"Name","value":"customerId"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"_etag"}},{"kind":"Field","name":{"kind":"Name","value":"_ts"}}]}}]} as unknown as DocumentNode<OrderFieldsFragment, unknown>;
export const ReadCartDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ReadCart"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"ownerId"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cart"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}},{"kind":"Argument","name":{"kind":"Name","value":"ownerId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"ownerId"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"CartFields"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"CartFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Cart"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"ownerId"}},{"kind":"Field","name":{"kind":"Name","value":"lines"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"sku"}},{"kind":"Field","name":{"kind":"Name","value":"quantity"}}]}},{"kind":"Field","name":{"kind":"Name","value":"_etag"}}]}}]} as unknown as DocumentNode<ReadCartQuery, ReadCartQueryVariables>;
export const ListCartsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ListCarts"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"ownerId"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"carts"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"ownerId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"ownerId"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"CartFields"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"CartFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Cart"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"ownerId"}},{"kind":"Field","name":{"kind":"Name","value":"lines"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"sku"}},{"kind":"Field","name":{"kind":"Name","value":"quantity"}}]}},{"kind":"Field","name":{"kind":"Name","value":"_etag"}}]}}]} as unknown as DocumentNode<ListCartsQuery, ListCartsQueryVariables>;
export const CreateCartDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"CreateCart"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"CartInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"createCart"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"CartFields"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"CartFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Cart"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"ownerId"}},{"kind":"Field","name":{"kind":"Name","value":"lines"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"sku"}},{"kind":"Field","name":{"kind":"Name","value":"quantity"}}]}},{"kind":"Field","name":{"kind":"Name","value":"_etag"}}]}}]} as unknown as DocumentNode<CreateCartMutation, CreateCartMutationVariables>;
export const ListOrdersDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ListOrders"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"tenantId"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"filter"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"OrderFilter"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"orderBy"}},"type":{"kind":"ListType","type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"OrderOrderBy"}}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"orders"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"tenantId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"tenantId"}}},{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"filter"}}},{"kind":"Argument","name":{"kind":"Name","value":"orderBy"},"value":{"kind":"Variable","name":{"kind":"Name","value":"orderBy"}}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"OrderFields"}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"hasPreviousPage"}},{"kind":"Field","name":{"kind":"Name","value":"startCursor"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"OrderFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Order"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"tenantId"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"total"}},{"kind":"Field","name":{"kind":"Name","value":"lines"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"sku"}},{"kind":"Field","name":{"kind":"Name","value":"quantity"}},{"kind":"Field","name":{"kind":"Name","value":"price"}}]}},{"kind":"Field","name":{"kind":"Name","value":"customerId"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"_etag"}},{"kind":"Field","name":{"kind":"Name","value":"_ts"}}]}}]} as unknown as DocumentNode<ListOrdersQuery, ListOrdersQueryVariables>;
export const ListOrderEdgesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ListOrderEdges"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"tenantId"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"filter"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"OrderFilter"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"orders"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"tenantId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"tenantId"}}},{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"filter"}}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"tenantId"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}},{"kind":"Field","name":{"kind":"Name","value":"totalCount"}}]}}]}}]} as unknown as DocumentNode<ListOrderEdgesQuery, ListOrderEdgesQueryVariables>;
export const ReadOrderDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ReadOrder"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"tenantId"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"order"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}},{"kind":"Argument","name":{"kind":"Name","value":"tenantId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"tenantId"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"OrderFields"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"OrderFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Order"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"tenantId"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"total"}},{"kind":"Field","name":{"kind":"Name","value":"lines"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"sku"}},{"kind":"Field","name":{"kind":"Name","value":"quantity"}},{"kind":"Field","name":{"kind":"Name","value":"price"}}]}},{"kind":"Field","name":{"kind":"Name","value":"customerId"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"_etag"}},{"kind":"Field","name":{"kind":"Name","value":"_ts"}}]}}]} as unknown as DocumentNode<ReadOrderQuery, ReadOrderQueryVariables>;
export const ReadTwoTenantsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ReadTwoTenants"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"second"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","alias":{"kind":"Name","value":"first"},"name":{"kind":"Name","value":"orders"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"tenantId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"tenantId"}}]}}]}},{"kind":"Field","alias":{"kind":"Name","value":"second"},"name":{"kind":"Name","value":"orders"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"tenantId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"second"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"tenantId"}}]}}]}}]}}]} as unknown as DocumentNode<ReadTwoTenantsQuery, ReadTwoTenantsQueryVariables>;
export const CreateOrderDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"CreateOrder"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"OrderInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"createOrder"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"OrderFields"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"OrderFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Order"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"tenantId"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"total"}},{"kind":"Field","name":{"kind":"Name","value":"lines"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"sku"}},{"kind":"Field","name":{"kind":"Name","value":"quantity"}},{"kind":"Field","name":{"kind":"Name","value":"price"}}]}},{"kind":"Field","name":{"kind":"Name","value":"customerId"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"_etag"}},{"kind":"Field","name":{"kind":"Name","value":"_ts"}}]}}]} as unknown as DocumentNode<CreateOrderMutation, CreateOrderMutationVariables>;
export const UpsertOrderDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"UpsertOrder"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"OrderInput"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"ifMatch"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"upsertOrder"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}},{"kind":"Argument","name":{"kind":"Name","value":"ifMatch"},"value":{"kind":"Variable","name":{"kind":"Name","value":"ifMatch"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"OrderFields"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"OrderFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Order"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"tenantId"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"total"}},{"kind":"Field","name":{"kind":"Name","value":"lines"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"sku"}},{"kind":"Field","name":{"kind":"Name","value":"quantity"}},{"kind":"Field","name":{"kind":"Name","value":"price"}}]}},{"kind":"Field","name":{"kind":"Name","value":"customerId"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"_etag"}},{"kind":"Field","name":{"kind":"Name","value":"_ts"}}]}}]} as unknown as DocumentNode<UpsertOrderMutation, UpsertOrderMutationVariables>;
export const ReplaceOrderDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"ReplaceOrder"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"OrderInput"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"ifMatch"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"tenantId"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"replaceOrder"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}},{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}},{"kind":"Argument","name":{"kind":"Name","value":"ifMatch"},"value":{"kind":"Variable","name":{"kind":"Name","value":"ifMatch"}}},{"kind":"Argument","name":{"kind":"Name","value":"tenantId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"tenantId"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"OrderFields"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"OrderFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Order"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"tenantId"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"total"}},{"kind":"Field","name":{"kind":"Name","value":"lines"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"sku"}},{"kind":"Field","name":{"kind":"Name","value":"quantity"}},{"kind":"Field","name":{"kind":"Name","value":"price"}}]}},{"kind":"Field","name":{"kind":"Name","value":"customerId"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"_etag"}},{"kind":"Field","name":{"kind":"Name","value":"_ts"}}]}}]} as unknown as DocumentNode<ReplaceOrderMutation, ReplaceOrderMutationVariables>;
export const DeleteOrderDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"DeleteOrder"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"ifMatch"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"tenantId"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"deleteOrder"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}},{"kind":"Argument","name":{"kind":"Name","value":"ifMatch"},"value":{"kind":"Variable","name":{"kind":"Name","value":"ifMatch"}}},{"kind":"Argument","name":{"kind":"Name","value":"tenantId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"tenantId"}}}]}]}}]} as unknown as DocumentNode<DeleteOrderMutation, DeleteOrderMutationVariables>;
export const PatchOrderDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"PatchOrder"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"patch"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"OrderPatch"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"ifMatch"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"condition"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"OrderFilter"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"tenantId"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"patchOrder"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}},{"kind":"Argument","name":{"kind":"Name","value":"patch"},"value":{"kind":"Variable","name":{"kind":"Name","value":"patch"}}},{"kind":"Argument","name":{"kind":"Name","value":"ifMatch"},"value":{"kind":"Variable","name":{"kind":"Name","value":"ifMatch"}}},{"kind":"Argument","name":{"kind":"Name","value":"condition"},"value":{"kind":"Variable","name":{"kind":"Name","value":"condition"}}},{"kind":"Argument","name":{"kind":"Name","value":"tenantId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"tenantId"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"OrderFields"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"OrderFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Order"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"tenantId"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"total"}},{"kind":"Field","name":{"kind":"Name","value":"lines"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"sku"}},{"kind":"Field","name":{"kind":"Name","value":"quantity"}},{"kind":"Field","name":{"kind":"Name","value":"price"}}]}},{"kind":"Field","name":{"kind":"Name","value":"customerId"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"_etag"}},{"kind":"Field","name":{"kind":"Name","value":"_ts"}}]}}]} as unknown as DocumentNode<PatchOrderMutation, PatchOrderMutationVariables>;
export const TransactOrdersDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"TransactOrders"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"operations"}},"type":{"kind":"NonNullType","type":{"kind":"ListType","type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"OrderOperation"}}}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"tenantId"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"transactOrders"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"operations"},"value":{"kind":"Variable","name":{"kind":"Name","value":"operations"}}},{"kind":"Argument","name":{"kind":"Name","value":"tenantId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"tenantId"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"OrderFields"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"OrderFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Order"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"tenantId"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"total"}},{"kind":"Field","name":{"kind":"Name","value":"lines"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"sku"}},{"kind":"Field","name":{"kind":"Name","value":"quantity"}},{"kind":"Field","name":{"kind":"Name","value":"price"}}]}},{"kind":"Field","name":{"kind":"Name","value":"customerId"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"_etag"}},{"kind":"Field","name":{"kind":"Name","value":"_ts"}}]}}]} as unknown as DocumentNode<TransactOrdersMutation, TransactOrdersMutationVariables>;
export const CreateOrdersDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"CreateOrders"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"inputs"}},"type":{"kind":"NonNullType","type":{"kind":"ListType","type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"OrderInput"}}}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"createOrders"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"inputs"},"value":{"kind":"Variable","name":{"kind":"Name","value":"inputs"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"OrderFields"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"OrderFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Order"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"tenantId"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"total"}},{"kind":"Field","name":{"kind":"Name","value":"lines"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"sku"}},{"kind":"Field","name":{"kind":"Name","value":"quantity"}},{"kind":"Field","name":{"kind":"Name","value":"price"}}]}},{"kind":"Field","name":{"kind":"Name","value":"customerId"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"_etag"}},{"kind":"Field","name":{"kind":"Name","value":"_ts"}}]}}]} as unknown as DocumentNode<CreateOrdersMutation, CreateOrdersMutationVariables>;
export const DeleteOrdersDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"DeleteOrders"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"ids"}},"type":{"kind":"NonNullType","type":{"kind":"ListType","type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"tenantId"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"deleteOrders"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"ids"},"value":{"kind":"Variable","name":{"kind":"Name","value":"ids"}}},{"kind":"Argument","name":{"kind":"Name","value":"tenantId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"tenantId"}}}]}]}}]} as unknown as DocumentNode<DeleteOrdersMutation, DeleteOrdersMutationVariables>;
export const ListProductsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ListProducts"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"category"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"filter"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"ProductFilter"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"products"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"category"},"value":{"kind":"Variable","name":{"kind":"Name","value":"category"}}},{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"filter"}}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"category"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"price"}},{"kind":"Field","name":{"kind":"Name","value":"tags"}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}},{"kind":"Field","name":{"kind":"Name","value":"totalCount"}}]}}]}}]} as unknown as DocumentNode<ListProductsQuery, ListProductsQueryVariables>;
export const ReadViewerDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ReadViewer"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"viewer"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"subject"}},{"kind":"Field","name":{"kind":"Name","value":"issuer"}},{"kind":"Field","name":{"kind":"Name","value":"profile"}},{"kind":"Field","name":{"kind":"Name","value":"cosmosUser"}},{"kind":"Field","name":{"kind":"Name","value":"permissions"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"container"}},{"kind":"Field","name":{"kind":"Name","value":"partitionKey"}},{"kind":"Field","name":{"kind":"Name","value":"mode"}},{"kind":"Field","name":{"kind":"Name","value":"expiresAt"}}]}}]}}]}}]} as unknown as DocumentNode<ReadViewerQuery, ReadViewerQueryVariables>;