import { printSchema } from "graphql";
import type { Model } from "../model/model.ts";
import type { ApiExtension } from "./api-extension.ts";
import { buildApiSchema } from "./build-schema.ts";

/**
 * The API of a model as SDL, for `schema/api.graphql` and `cosmos-gateway schema`.
 *
 * @param pageSize the configuration's, which descriptions name. Default: the configuration's default.
 * @param extend a team's own part of the API.
 */
export function printApiSchema(
  model: Model,
  pageSize: { readonly default: number; readonly max: number } = { default: 50, max: 1000 },
  extend?: ApiExtension,
): string {
  // No cursor is made or read here, so any key does.
  const schema = buildApiSchema(model, {
    pageSize,
    cursorKey: new Uint8Array(32),
    ...(extend === undefined ? {} : { extend }),
  });
  return `${printSchema(schema)}\n`;
}
