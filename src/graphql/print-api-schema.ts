import { printSchema } from "graphql";
import type { Model } from "../model/model.ts";
import { buildApiSchema } from "./build-schema.ts";

/**
 * The API of a model as SDL, for `schema/api.graphql` and `cosmos-gateway schema`.
 *
 * @param pageSize the configuration's, which descriptions name. Default: the configuration's default.
 */
export function printApiSchema(
  model: Model,
  pageSize: { readonly default: number; readonly max: number } = { default: 50, max: 1000 },
): string {
  // No cursor is made or read here, so any key does.
  const schema = buildApiSchema(model, { pageSize, cursorKey: new Uint8Array(32) });
  return `${printSchema(schema)}\n`;
}
