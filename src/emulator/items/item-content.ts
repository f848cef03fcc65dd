import type { JsonObject } from "../json.ts";

/** Properties of an item that the service sets. A body's own values for them are dropped. */
const SYSTEM_PROPERTIES: ReadonlySet<string> = new Set([
  "_rid",
  "_self",
  "_etag",
  "_attachments",
  "_ts",
  "_lsn",
]);

/** An item's own properties, in their order. A property `__proto__` stays a property. */
export function withoutSystemProperties(body: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(body).filter(([name]) => !SYSTEM_PROPERTIES.has(name)));
}
