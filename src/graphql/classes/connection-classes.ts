import type { QueriedType } from "../../model/model.ts";
import { type ApiClass, type ApiField, type ApiType, createObjectClass } from "./api-class.ts";
import { API_SCALARS } from "./scalars.ts";

export function createPageInfoClass(): ApiClass {
  return createObjectClass("PageInfo", "Where a page of a list lies in the list.", [
    {
      name: "hasNextPage",
      description: "Whether the list goes on behind this page.",
      type: () => API_SCALARS.Boolean,
    },
    {
      name: "hasPreviousPage",
      description:
        "Whether the page was read behind a cursor, so that the list has a part before it.",
      type: () => API_SCALARS.Boolean,
    },
    {
      name: "startCursor",
      description: "The cursor of the page's first item. Null on an empty page.",
      type: () => API_SCALARS.String,
      nullable: true,
    },
    {
      name: "endCursor",
      description: "The cursor of the page's last item, for `after`. Null on an empty page.",
      type: () => API_SCALARS.String,
      nullable: true,
    },
  ]);
}

/** `OrderConnection` with its `OrderEdge`. */
export function createConnectionClass(
  type: QueriedType,
  node: () => ApiType,
  pageInfo: ApiClass,
): ApiClass {
  const edge = createObjectClass(
    `${type.name}Edge`,
    `One ${type.name} of a list, with its place.`,
    [
      {
        name: "cursor",
        description: "The item's place in the list, for `after`. It tells nothing to anyone else.",
        type: () => API_SCALARS.String,
      },
      {
        name: "node",
        description: `The ${type.name}. Null, beside an error, if what is stored doesn't fit the model.`,
        type: node,
        nullable: true,
      },
    ],
  );
  const fields: readonly ApiField[] = [
    {
      name: "nodes",
      description:
        "The page's items. Null, beside an error, stands for one that doesn't fit the model.",
      type: () => [node()],
      nullable: "items",
    },
    { name: "edges", description: "The page's items, each with its cursor.", type: () => [edge] },
    { name: "pageInfo", description: "Where the page lies in the list.", type: () => pageInfo },
    {
      name: "totalCount",
      description: "How many items the list has over all pages. Costs a query, only when selected.",
      type: () => API_SCALARS.Int,
    },
  ];
  return createObjectClass(`${type.name}Connection`, `A page of a list of ${type.name}.`, fields);
}
