import { type GraphQLResolveInfo, getNamedType, isObjectType } from "graphql";
import { GatewayError } from "../gateway-error.ts";
import { countItems } from "../items/sql/count-items.ts";
import { type Page, readPage } from "../items/sql/read-page.ts";
import type { ModelType } from "../model/model.ts";
import { REQUEST_COMPLEXITY } from "./api-class.ts";
import { choosePartitions } from "./choose-partitions.ts";
import { explainRefusal } from "./explain-refusal.ts";
import { asSentence } from "./field-type.ts";
import { toApiValue } from "./item-conversion.ts";
import { itemsCondition } from "./items-condition.ts";
import type { ModelApi } from "./model-api.ts";
import { givenPartitionKey, partitionArguments } from "./partition-arguments.ts";
import type { RequestContext } from "./request-context.ts";
import type { ApiOperation, OperationArguments } from "./resolver-class.ts";
import { API_SCALARS } from "./scalars.ts";
import { type Selection, selectionOf } from "./selection.ts";
import { sortOf } from "./sort-classes.ts";

/** `orders(filter, orderBy, first, after, tenantId): OrderConnection!` */
export function listOperation(api: ModelApi): ApiOperation {
  const { type, names, pageSize } = api;
  return {
    kind: "query",
    name: names.list,
    complexity: REQUEST_COMPLEXITY,
    description: `A list of ${type.name}. ${asSentence(type.description ?? "")}`.replace(
      / \.$/,
      "",
    ),
    type: () => api.connection,
    arguments: [
      {
        name: "filter",
        description: "Which items. Left out, all.",
        type: () => api.filters.filterOf(type.name),
        nullable: true,
      },
      {
        name: "orderBy",
        description: "In which order; items that are equal so far go by id.",
        type: () => [api.sortClass],
        nullable: true,
      },
      {
        name: "first",
        description: `How many items at most: 0 to ${pageSize.max}. Left out, ${pageSize.default}.`,
        type: () => API_SCALARS.Int,
        nullable: true,
      },
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
  api: ModelApi,
  args: OperationArguments,
  context: RequestContext,
  info: GraphQLResolveInfo,
): Promise<object> {
  const { model, type } = api;
  const first = pageSizeOf(args.first, api.pageSize);
  const sort = sortOf(type, args.orderBy);
  const condition = itemsCondition(api, args.filter);
  const scope = [info.fieldName, context.items.cosmosUserId, argumentsThatBind(args)];
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
          properties: propertiesOf(type, selection, info),
          first,
          after,
        })
      : EMPTY_PAGE,
    selection.has("totalCount")
      ? countItems(context.items, type.container, partitions, condition)
      : 0,
  ]);
  const [page, totalCount] = await answers.catch((error: unknown) => {
    throw explainRefusal(type, partitions, error);
  });

  const edges = page.rows.map((row) => ({
    node: toApiValue(model, type, row.item),
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

/** What a cursor is bound to. A null says no more than an argument that is left out. */
function argumentsThatBind(args: OperationArguments): object {
  return Object.fromEntries(
    Object.entries(args).filter(
      ([name, value]) => name !== "first" && name !== "after" && value !== null,
    ),
  );
}

const EMPTY_PAGE: Page = { rows: [], hasNextPage: false };

function pageSizeOf(first: unknown, limits: ModelApi["pageSize"]): number {
  if (first === null || first === undefined) {
    return limits.default;
  }
  if (typeof first !== "number" || first < 0 || first > limits.max) {
    throw new GatewayError("BAD_USER_INPUT", `\`first\` must be between 0 and ${limits.max}.`);
  }
  return first;
}

function selectionOfField(info: GraphQLResolveInfo): Selection {
  const type = getNamedType(info.returnType);
  return isObjectType(type) ? selectionOf(info.fieldNodes, type, info) : new Map();
}

/**
 * The stored names of what `nodes` and `edges { node }` select. Undefined, for whole items, where a
 * field is selected that the model doesn't know: what a team's own field is made from, only it knows.
 */
function propertiesOf(
  type: ModelType,
  connection: Selection,
  info: GraphQLResolveInfo,
): readonly string[] | undefined {
  const node = info.schema.getType(type.name);
  const edge = info.schema.getType(`${type.name}Edge`);
  if (!isObjectType(node) || !isObjectType(edge)) {
    throw new Error(`The schema has no type "${type.name}".`);
  }
  const edgeSelection = selectionOf(connection.get("edges") ?? [], edge, info);
  const nodes = [...(connection.get("nodes") ?? []), ...(edgeSelection.get("node") ?? [])];
  const selected = selectionOf(nodes, node, info);
  const known = [...type.fields, ...type.references].map((field) => field.name);
  if ([...selected.keys()].some((name) => !known.includes(name) && !NOT_STORED.includes(name))) {
    return undefined;
  }
  const referring = type.references
    .filter((reference) => selected.has(reference.name))
    .flatMap((reference) => [reference.idField, ...reference.partitionKeyFields]);
  return [
    ...type.fields
      .filter((field) => selected.has(field.name) || referring.includes(field))
      .map((field) => field.storedName),
    ...["_etag", "_ts"].filter((name) => selected.has(name)),
  ];
}

const NOT_STORED: readonly string[] = ["_etag", "_ts", "__typename"];
