import { createHash } from "node:crypto";
import { type FieldNode, type GraphQLResolveInfo, getNamedType, isObjectType } from "graphql";
import { countItems } from "../../items/queries/count-items.ts";
import { type Page, readPage } from "../../items/queries/read-page.ts";
import type { QueriedType } from "../../model/model.ts";
import { withDescription } from "../classes/field-type.ts";
import type { ApiOperation, OperationArguments } from "../classes/resolver-class.ts";
import { API_SCALARS } from "../classes/scalars.ts";
import { canonicalJson } from "../cursors/canonical-json.ts";
import { itemsCondition } from "../filters/items-condition.ts";
import { listArguments, listComplexity, pageSizeOf } from "../filters/list-arguments.ts";
import { sortOf } from "../filters/sort-classes.ts";
import { toQueriedValue } from "../item-conversion.ts";
import type { QueryApi } from "../model-api.ts";
import { choosePartitions } from "../partitions/choose-partitions.ts";
import { namePartitionArguments } from "../partitions/name-partition-arguments.ts";
import {
  givenPartitionKey,
  partitionArgumentList,
  partitionArguments,
} from "../partitions/partition-arguments.ts";
import type { RequestContext } from "../request-context.ts";
import { selectedProperties } from "../selection/selected-properties.ts";
import { type Selection, selectionOf } from "../selection/selection.ts";

/** `orders(filter, orderBy, first, after, tenantId): OrderConnection` */
export function listOperation(api: QueryApi): ApiOperation {
  const { type, names, pageSize } = api;
  return {
    kind: "query",
    name: names.list,
    complexity: listComplexity(pageSize),
    description: withDescription(`A list of ${type.name}.`, type.description),
    type: () => api.connection,
    arguments: [
      ...listArguments(type.name, {
        filterOf: api.filters.filterOf,
        sortOf: () => api.sortClass,
        pageSize,
      }),
      {
        name: "after",
        description:
          "The cursor of the item behind which the page starts. Left out, the list's start.",
        type: () => API_SCALARS.String,
        nullable: true,
      },
      ...partitionArguments(type, api.classes.inputOf),
    ],
    resolve: (args, context, info) => resolveList(api, args, context, info),
  };
}

async function resolveList(
  api: QueryApi,
  args: OperationArguments,
  context: RequestContext,
  info: GraphQLResolveInfo,
): Promise<object> {
  const { model, type } = api;
  const first = pageSizeOf(args.first, api.pageSize);
  const sort = sortOf(type, args.orderBy);
  const condition = itemsCondition(api, args.filter);
  const scope = cursorScope(info.fieldName, context.items.cosmosUserId, args);
  const after = typeof args.after === "string" ? api.cursors.open(args.after, scope) : undefined;
  const partitions = choosePartitions(
    type,
    givenPartitionKey(type, args),
    context.items.grantsOn(type.container),
  );

  const selection = selectionOfField(info);
  const wantsRows = ["nodes", "edges", "pageInfo"].some((name) => selection.has(name));
  const answers = Promise.all([
    wantsRows
      ? readPage(context.items, {
          container: type.container,
          partitions,
          partitionKeyPaths: type.partitionKey.map(({ path }) => path),
          condition,
          sort,
          properties: selectedProperties(type, itemNodes(type, selection, info), info),
          first,
          after,
        })
      : EMPTY_PAGE,
    selection.has("totalCount")
      ? countItems(context.items, type.container, partitions, condition)
      : 0,
  ]);
  const [page, totalCount] = await answers.catch(
    namePartitionArguments(partitionArgumentList(type)),
  );

  const edges = page.rows.map((row) => ({
    node: toQueriedValue(model, type, row.item),
    // A function, so that only cursors that are selected are made.
    cursor: () => api.cursors.seal(row.position, scope),
  }));
  return {
    nodes: edges.map(({ node }) => node),
    edges,
    pageInfo: {
      hasNextPage: page.hasNextPage,
      hasPreviousPage: after !== undefined,
      startCursor: edges.at(0)?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
    totalCount,
  };
}

/**
 * What a cursor is bound to. A null says no more than an argument that is left out. A hash, as each
 * cursor of a page goes through it all again, and a filter may be as long as a request.
 */
function cursorScope(field: string, cosmosUserId: string, args: OperationArguments): string {
  const binding = Object.fromEntries(
    Object.entries(args).filter(
      ([name, value]) => name !== "first" && name !== "after" && value !== null,
    ),
  );
  const text = canonicalJson([field, cosmosUserId, binding]);
  return createHash("sha256").update(text).digest("base64");
}

const EMPTY_PAGE: Page = { rows: [], hasNextPage: false };

function selectionOfField(info: GraphQLResolveInfo): Selection {
  const type = getNamedType(info.returnType);
  return isObjectType(type) ? selectionOf(info.fieldNodes, type, info) : new Map();
}

/** Where the operation selects fields of items: below `nodes` and below `edges { node }`. */
function itemNodes(
  type: QueriedType,
  connection: Selection,
  info: GraphQLResolveInfo,
): readonly FieldNode[] {
  const edge = info.schema.getType(`${type.name}Edge`);
  if (!isObjectType(edge)) {
    throw new Error(`The schema has no type "${type.name}Edge".`);
  }
  const edgeSelection = selectionOf(connection.get("edges") ?? [], edge, info);
  return [...(connection.get("nodes") ?? []), ...(edgeSelection.get("node") ?? [])];
}
