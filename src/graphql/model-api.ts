import type { Model, ModelType, QueriedType } from "../model/model.ts";
import type { OperationNames } from "../model/operation-names.ts";
import type { ApiClass } from "./classes/api-class.ts";
import type { ModelClasses } from "./classes/field-type.ts";
import type { CursorCodec } from "./cursors/cursor-codec.ts";
import type { FilterClasses } from "./filters/filter-classes.ts";
import type { PageSize } from "./filters/list-arguments.ts";

/** What the queries over a model type, or over an interface or union of such, are made from. */
export interface QueryApi {
  readonly model: Model;
  readonly type: QueriedType;
  readonly names: Pick<OperationNames, "pointRead" | "list">;
  readonly classes: ModelClasses;
  readonly filters: FilterClasses;
  readonly connection: ApiClass;
  readonly sortClass: ApiClass;
  readonly cursors: CursorCodec;
  readonly pageSize: PageSize;
}

/** What the operations of one model type are made from. */
export interface ModelApi extends QueryApi {
  readonly type: ModelType;
  readonly names: OperationNames;
  readonly aggregate: ApiClass;
  /** Makes the id of an item that is created without one. */
  readonly createId: () => string;
}
