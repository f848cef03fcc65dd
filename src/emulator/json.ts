/** Any JSON value, as items hold them. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

export interface JsonObject {
  readonly [property: string]: Json;
}
