import { printSchema } from "graphql";
import type { Model } from "../model/model.ts";
import { type ApiSchemaOptions, buildApiSchema } from "./build-schema.ts";

/**
 * The API of a model as SDL, for `schema/api.graphql` and `cosmos-gateway schema`.
 *
 * @param options Default: what the configuration's defaults come to.
 */
export function printApiSchema(
  model: Model,
  options: Partial<Omit<ApiSchemaOptions, "cursorKey">> = {},
): string {
  const schema = buildApiSchema(model, {
    pageSize: { default: 50, max: 1000 },
    ...options,
    // No cursor is made or read here, so any key does.
    cursorKey: new Uint8Array(32),
  });
  return `${printSchema(schema)}\n`;
}
