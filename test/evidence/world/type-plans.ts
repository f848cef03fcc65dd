import type { ModelType, Reference } from "../../model/terms.ts";

/** What a field of the world's model holds. `texts` and `lines` are lists. */
export type FieldKind =
  | "id"
  | "text"
  | "int"
  | "float"
  | "flag"
  | "status"
  | "dateTime"
  | "texts"
  | "lines";

export interface FieldPlan {
  readonly name: string;
  readonly kind: FieldKind;
  readonly isRequired: boolean;
}

/** A type of the world's model, from which SDL, model terms, items and inputs are made. */
export interface TypePlan extends Pick<ModelType, "name" | "container" | "discriminator"> {
  readonly partitionKeyFields: readonly string[];
  readonly fields: readonly FieldPlan[];
  readonly references: Readonly<Record<string, Reference>>;
  /** Fields of this type's SDL alone: lists of the items that refer to this one. */
  readonly reverse?: Readonly<Record<string, { readonly type: string; readonly from: string }>>;
}

/** `id!` is required, `name` is not. */
function fields(kinds: Readonly<Record<string, FieldKind>>): readonly FieldPlan[] {
  return Object.entries(kinds).map(([written, kind]) => ({
    name: written.replace("!", ""),
    kind,
    isRequired: written.endsWith("!"),
  }));
}

/**
 * The types of every world. `mark` is the mark of those who may see the item; `customerTenantId`
 * is free to name another tenant, so that references lead out of a tenant as well.
 */
export const TYPE_PLANS: readonly TypePlan[] = [
  {
    name: "Order",
    container: "orders",
    discriminator: { field: "type", value: "order" },
    partitionKeyFields: ["tenantId"],
    fields: fields({
      "id!": "id",
      "tenantId!": "text",
      "mark!": "text",
      "name!": "text",
      "status!": "status",
      "total!": "float",
      "quantity!": "int",
      "lines!": "lines",
      "customerId!": "id",
      "customerTenantId!": "text",
      createdAt: "dateTime",
      tags: "texts",
      remark: "text",
    }),
    references: {
      customer: { type: "Customer", id: "customerId", partitionKey: ["customerTenantId"] },
    },
  },
  {
    name: "Note",
    container: "orders",
    discriminator: { field: "type", value: "note" },
    partitionKeyFields: ["tenantId"],
    fields: fields({
      "id!": "id",
      "tenantId!": "text",
      "mark!": "text",
      "text!": "text",
      "isPinned!": "flag",
      orderId: "id",
      settingId: "id",
      rank: "int",
    }),
    references: {
      order: { type: "Order", id: "orderId", partitionKey: ["tenantId"] },
      // The id is the partition key: each is read apart, and most are refused.
      setting: { type: "Setting", id: "settingId", partitionKey: [] },
    },
  },
  {
    name: "Customer",
    container: "customers",
    partitionKeyFields: ["tenantId"],
    fields: fields({
      "id!": "id",
      "tenantId!": "text",
      "mark!": "text",
      "name!": "text",
      rank: "int",
      tags: "texts",
    }),
    references: {},
    reverse: { orders: { type: "Order", from: "customerId" } },
  },
  {
    name: "Product",
    container: "products",
    partitionKeyFields: ["category"],
    fields: fields({
      "id!": "id",
      "category!": "text",
      "mark!": "text",
      "name!": "text",
      "price!": "float",
      stock: "int",
      tags: "texts",
    }),
    references: {},
  },
  {
    name: "Cart",
    container: "carts",
    partitionKeyFields: ["ownerId"],
    fields: fields({
      "id!": "id",
      "ownerId!": "text",
      "mark!": "text",
      "lines!": "lines",
      productId: "id",
      productCategory: "text",
      rank: "int",
    }),
    references: {
      product: { type: "Product", id: "productId", partitionKey: ["productCategory"] },
    },
  },
  {
    name: "Document",
    container: "documents",
    partitionKeyFields: ["tenantId", "userId"],
    fields: fields({
      "id!": "id",
      "tenantId!": "text",
      "userId!": "text",
      "mark!": "text",
      "title!": "text",
      pages: "int",
      tags: "texts",
    }),
    references: {},
  },
  {
    name: "Setting",
    container: "settings",
    partitionKeyFields: ["id"],
    fields: fields({
      "id!": "id",
      "mark!": "text",
      "name!": "text",
      level: "int",
      remark: "text",
    }),
    references: {},
  },
];

export const STATUSES: readonly string[] = ["OPEN", "PAID", "SHIPPED"];

/** What is selected of an element of a field of objects. */
export const LINE_FIELDS: readonly string[] = ["sku", "quantity", "label"];

/** @throws Error for a name that no type of the world has. */
export function planOf(typeName: string): TypePlan {
  const plan = TYPE_PLANS.find(({ name }) => name === typeName);
  if (plan === undefined) {
    throw new Error(`The world has no type "${typeName}".`);
  }
  return plan;
}

/** The types in the words of the reference model. */
export function modelTypes(): readonly ModelType[] {
  return TYPE_PLANS.map((plan) => ({
    name: plan.name,
    container: plan.container,
    ...(plan.discriminator === undefined ? {} : { discriminator: plan.discriminator }),
    partitionKeyFields: plan.partitionKeyFields,
    required: plan.fields.filter(({ isRequired }) => isRequired).map(({ name }) => name),
    fields: plan.fields.map(({ name }) => name),
    references: plan.references,
  }));
}
