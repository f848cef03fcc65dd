import type { GraphQLResolveInfo } from "graphql";
import { GatewayError } from "../../gateway-error.ts";
import type { SqlQuery } from "../../items/sql/sql-query.ts";
import { createInputClass, createObjectClass } from "../classes/api-class.ts";
import type { ApiOperation, OperationArguments } from "../classes/resolver-class.ts";
import { API_SCALARS } from "../classes/scalars.ts";
import { foreignCursor } from "../cursors/cursor-codec.ts";
import {
  createTextSealer,
  type SealingKeys,
  type SealScope,
  type TextSealer,
} from "../cursors/text-sealer.ts";
import { listComplexity } from "../filters/list-arguments.ts";
import { namePartitionArguments } from "../partitions/name-partition-arguments.ts";
import type { RequestContext } from "../request-context.ts";
import { CONTAINER_ARGUMENT } from "./generic-arguments.ts";
import {
  chooseQueryPartition,
  PARTITION_KEY_ARGUMENT,
  readPartitionKey,
} from "./generic-partition.ts";

export interface GenericQueryOptions {
  readonly pageSize: { readonly default: number; readonly max: number };
  /** Seals the cursors. */
  readonly cursorKey: SealingKeys;
}

/** `items(container, query, parameters, partitionKey, first, after): ItemPage` */
export function genericQueryOperation({ pageSize, cursorKey }: GenericQueryOptions): ApiOperation {
  const sealer = createTextSealer(cursorKey, "rows");
  const parameter = createInputClass("SqlParameter", "The value of a parameter in SQL.", [
    {
      name: "name",
      description: "The parameter as the query has it, such as `@status`.",
      type: () => API_SCALARS.String,
    },
    {
      name: "value",
      description: "Any JSON. Left out, null.",
      type: () => API_SCALARS.JSON,
      nullable: true,
    },
  ]);
  const page = createObjectClass("ItemPage", "Rows of a query.", [
    {
      name: "rows",
      description: "What the query selects: items, or whatever JSON it makes of them.",
      type: () => [API_SCALARS.JSON],
      nullable: "items",
    },
    {
      name: "hasNextPage",
      description: "Whether the query may have more rows: the next page may turn out to be empty.",
      type: () => API_SCALARS.Boolean,
    },
    {
      name: "endCursor",
      description:
        "What to give as `after` for the next page. Null where there is none, and for a query across partitions, which has no cursors.",
      type: () => API_SCALARS.String,
      nullable: true,
    },
  ]);
  return {
    kind: "query",
    name: "items",
    complexity: listComplexity(pageSize),
    description:
      "Rows of a SQL query in one partition, or, with a permission on the whole container and without `partitionKey`, across its partitions.",
    type: () => page,
    arguments: [
      CONTAINER_ARGUMENT,
      {
        name: "query",
        description: "SQL, such as `SELECT * FROM c WHERE c.status = @status`.",
        type: () => API_SCALARS.String,
      },
      {
        name: "parameters",
        description: "The values of the query's parameters.",
        type: () => [parameter],
        nullable: true,
      },
      PARTITION_KEY_ARGUMENT,
      {
        name: "first",
        description: `How many rows at most: 1 to ${pageSize.max}. Left out, ${pageSize.default}.`,
        type: () => API_SCALARS.Int,
        nullable: true,
      },
      {
        name: "after",
        description: "The `endCursor` of the page before. Left out, the first page.",
        type: () => API_SCALARS.String,
        nullable: true,
      },
    ],
    resolve: (args, context, info) => resolveRows({ pageSize, sealer }, args, context, info),
  };
}

async function resolveRows(
  { pageSize, sealer }: { readonly sealer: TextSealer } & Pick<GenericQueryOptions, "pageSize">,
  args: OperationArguments,
  { items }: RequestContext,
  info: GraphQLResolveInfo,
): Promise<object> {
  const container = String(args.container);
  const query = readSqlQuery(args);
  const limit = readFirst(args.first, pageSize);
  const given = readPartitionKey(args.partitionKey);
  const partitionKey = chooseQueryPartition(items, container, given);
  const after = typeof args.after === "string" ? args.after : undefined;
  if (partitionKey === undefined) {
    if (after !== undefined) {
      throw foreignCursor();
    }
    const rows = await items.query<unknown>(container, query, undefined, { limit: limit + 1 });
    return { rows: rows.slice(0, limit), hasNextPage: rows.length > limit, endCursor: null };
  }
  const scope = [info.fieldName, items.cosmosUserId, container, query, partitionKey];
  const page = await items
    .queryPage<unknown>(container, query, partitionKey, {
      limit,
      continuation: openCursor(sealer, after, scope),
    })
    .catch(namePartitionArguments("`partitionKey`"));
  return {
    rows: page.rows,
    hasNextPage: page.continuation !== undefined,
    endCursor: page.continuation === undefined ? null : sealer.seal(page.continuation, scope),
  };
}

/** A cursor holds Cosmos DB's continuation token, which only the query that it came from takes. */
function openCursor(
  sealer: TextSealer,
  after: string | undefined,
  scope: SealScope,
): string | undefined {
  if (after === undefined) {
    return undefined;
  }
  const continuation = sealer.open(after, scope);
  if (continuation === undefined) {
    throw foreignCursor();
  }
  return continuation;
}

function readSqlQuery({ query, parameters }: OperationArguments): SqlQuery {
  // GraphQL has coerced the argument to a list of this input.
  const inputs = (parameters ?? []) as readonly { readonly name: string; value?: unknown }[];
  return {
    query: String(query),
    parameters: inputs.map(({ name, value = null }) => {
      if (!isParameterName(name)) {
        throw new GatewayError("BAD_USER_INPUT", "A parameter has a name such as `@status`.");
      }
      return { name, value };
    }),
  };
}

function isParameterName(name: string): name is `@${string}` {
  return /^@\w+$/.test(name);
}

function readFirst(first: unknown, { default: usual, max }: GenericQueryOptions["pageSize"]) {
  if (first === null || first === undefined) {
    return usual;
  }
  if (typeof first !== "number" || first < 1 || first > max) {
    throw new GatewayError("BAD_USER_INPUT", `\`first\` must be between 1 and ${max}.`);
  }
  return first;
}
