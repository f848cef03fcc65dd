import type { Model, ModelType } from "../model/model.ts";
import type { OperationNames } from "../model/operation-names.ts";
import type { ApiClass } from "./api-class.ts";
import type { CursorCodec } from "./cursor-codec.ts";
import type { FilterClasses } from "./filter-classes.ts";
import type { ModelClasses } from "./model-classes.ts";

/** What the operations of one model type are made from. */
export interface ModelApi {
  readonly model: Model;
  readonly type: ModelType;
  readonly names: OperationNames;
  readonly classes: ModelClasses;
  readonly filters: FilterClasses;
  readonly connection: ApiClass;
  readonly sortClass: ApiClass;
  readonly aggregate: ApiClass;
  readonly cursors: CursorCodec;
  readonly pageSize: { readonly default: number; readonly max: number };
  /** Makes the id of an item that is created without one. */
  readonly createId: () => string;
}
