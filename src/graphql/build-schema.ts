import { randomUUID } from "node:crypto";
import type { GraphQLSchema } from "graphql";
import { buildSchemaSync } from "type-graphql";
import type { IssueTokens } from "../items/issue-tokens.ts";
import type { Model, ModelType, QueriedType } from "../model/model.ts";
import { operationNames } from "../model/operation-names.ts";
import { createAggregateClass } from "./aggregates/aggregate-classes.ts";
import { aggregateOperation } from "./aggregates/aggregate-operation.ts";
import {
  type ApiExtension,
  ApiExtensionError,
  createGeneratedApi,
  refuseNamesInUse,
} from "./api-extension.ts";
import { createConnectionClass, createPageInfoClass } from "./classes/connection-classes.ts";
import { markOneOfInputs } from "./classes/one-of-input.ts";
import { withOwnMetadata } from "./classes/own-metadata.ts";
import { createResolverClass } from "./classes/resolver-class.ts";
import { createCursorCodec } from "./cursors/cursor-codec.ts";
import type { SealingKeys } from "./cursors/text-sealer.ts";
import { explainSchemaRefusal, isSchemaRefusal, refusalReasons } from "./explain-schema-refusal.ts";
import { createFilterClasses } from "./filters/filter-classes.ts";
import { createSortClasses } from "./filters/sort-classes.ts";
import { genericOperations } from "./generic/generic-api.ts";
import { judgeItems } from "./misfits/judge-items.ts";
import type { ModelApi } from "./model-api.ts";
import { createModelClasses } from "./model-classes.ts";
import { listOperation } from "./reads/list-operation.ts";
import { pointReadOperation } from "./reads/point-read-operation.ts";
import { createPermissionMode } from "./viewer/grant-fields.ts";
import { issueTokensOperation } from "./viewer/issue-tokens-operation.ts";
import { viewerOperation } from "./viewer/viewer-operation.ts";
import { createPatchClasses } from "./writes/patch-classes.ts";
import { patchOperation } from "./writes/patch-operation.ts";
import { transactionOperation } from "./writes/transaction-operation.ts";
import { createManyOperation, deleteManyOperation } from "./writes/write-many-operations.ts";
import {
  createOperation,
  deleteOperation,
  replaceOperation,
  upsertOperation,
} from "./writes/write-operations.ts";

export interface ApiSchemaOptions {
  /** `limits.pageSize` of the configuration: how many items a page has, and may have. */
  readonly pageSize: { readonly default: number; readonly max: number };
  /**
   * Seals the cursors: at least 16 secret bytes, the same on every replica, so that a client can go
   * on with its list anywhere. A new key makes cursors that are out `BAD_USER_INPUT`.
   */
  readonly cursorKey: SealingKeys;
  /** `api.generic`: whether there are operations over plain JSON and SQL. Default no. */
  readonly genericApi?: boolean;
  /**
   * With `tokens.issue`: gives the tokens of `issueResourceTokens`. Default: there is no such
   * mutation.
   */
  readonly issueTokens?: IssueTokens | undefined;
  /** A team's own part of the API. */
  readonly extend?: ApiExtension;
  /** Makes the id of an item that is created without one. Default: a random UUID. */
  readonly createId?: () => string;
}

/**
 * The API of a model, as a schema whose resolvers take everything from the `RequestContext`.
 * Any number of schemas live in one process without knowing of each other.
 *
 * @throws ModelError if the model makes a schema that GraphQL refuses: what the model's own check
 *   did not foresee, with the places in the model's files.
 * @throws ApiExtensionError if it is the own part that can't be built.
 */
export function buildApiSchema(model: Model, options: ApiSchemaOptions): GraphQLSchema {
  try {
    return buildSchema(model, options);
  } catch (error) {
    const { extend, ...generated } = options;
    if (extend === undefined) {
      throw explainSchemaRefusal(error, model);
    }
    // Whose fault is it? If the generated part alone can be built, it is not the model's.
    buildApiSchema(model, generated);
    throw isSchemaRefusal(error)
      ? new ApiExtensionError(
          `With the own resolvers, GraphQL refuses the schema: ${refusalReasons(error).join(" ")}`,
          { cause: error },
        )
      : error;
  }
}

function buildSchema(model: Model, options: ApiSchemaOptions): GraphQLSchema {
  const cursors = createCursorCodec(options.cursorKey);
  const { createId = randomUUID } = options;
  return withOwnMetadata(() => {
    const sorts = createSortClasses(model);
    const classes = createModelClasses(model, {
      // The filters are made from the classes, which ask for them only later.
      filterOf: (typeName) => filters.filterOf(typeName),
      sortOf: sorts.sortOf,
      pageSize: options.pageSize,
    });
    const filters = createFilterClasses(model, classes.inputOf);
    const patches = createPatchClasses(model, classes);
    const pageInfo = createPageInfoClass();
    const queryApiOf = (type: QueriedType) => ({
      model,
      names: operationNames(type.name),
      classes,
      filters,
      connection: createConnectionClass(type, () => classes.outputOf(type.name), pageInfo),
      sortClass: sorts.sortOf(type.name),
      cursors,
      pageSize: options.pageSize,
    });
    const apiOf = (type: ModelType): ModelApi => ({
      ...queryApiOf(type),
      type,
      aggregate: createAggregateClass(type, classes.outputOf, options.pageSize.max),
      createId,
    });
    const resolvers = [...model.types.values()].map((type) => {
      const api = apiOf(type);
      const patchClass = patches.patchOf(type.name);
      const writes = {
        create: createOperation(api),
        upsert: upsertOperation(api),
        replace: replaceOperation(api),
        ...(patchClass === undefined ? {} : { patch: patchOperation(api, patchClass) }),
        delete: deleteOperation(api),
      };
      return createResolverClass(`${type.name}Resolver`, [
        pointReadOperation(api),
        listOperation(api),
        aggregateOperation(api),
        ...Object.values(writes),
        createManyOperation(api),
        deleteManyOperation(api),
        transactionOperation(api, writes),
      ]);
    });
    const abstract = [...model.abstractTypes.values()].map((type) => {
      const api = { ...queryApiOf(type), type };
      const operations = [pointReadOperation(api), listOperation(api)];
      return createResolverClass(`${type.name}Resolver`, operations);
    });
    const permissionMode = createPermissionMode();
    const shared = createResolverClass("SharedResolver", [
      viewerOperation(permissionMode),
      ...(options.genericApi === true ? genericOperations({ ...options, createId }) : []),
      ...(options.issueTokens === undefined
        ? []
        : [issueTokensOperation(options.issueTokens, permissionMode)]),
    ]);
    const own = options.extend?.(createGeneratedApi(model, classes)) ?? [];
    refuseNamesInUse([shared, ...resolvers, ...abstract], own);
    const schema = buildSchemaSync({
      resolvers: [shared, ...resolvers, ...abstract, ...own],
      // GraphQL itself has checked the arguments; class-validator is not installed.
      validate: false,
      // A field may be called `constructor`, which every class has a value for.
      disableInferringDefaultValues: true,
    });
    describeRootTypes(schema);
    markOneOfInputs(schema);
    judgeItems(schema, model);
    return schema;
  });
}

/** These types are made by type-graphql itself, which takes no description for them. */
function describeRootTypes(schema: GraphQLSchema): void {
  const query = schema.getQueryType();
  const mutation = schema.getMutationType();
  if (query) {
    query.description = "What can be read. Cosmos DB decides what each caller sees of it.";
  }
  if (mutation) {
    mutation.description = "What can be written. Cosmos DB decides what each caller may write.";
  }
}
