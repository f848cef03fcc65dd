import type {
  Container,
  FeedOptions,
  JSONObject,
  JSONValue,
  PartitionKey,
  SqlQuerySpec,
} from "@azure/cosmos";

/** A row of any shape. */
export type Row = JSONValue | undefined;

/** All rows of a query, as `fetchAll` gives them. */
export async function rowsOf<T = Row>(
  container: Container,
  query: string | SqlQuerySpec,
  options: FeedOptions = {},
): Promise<readonly T[]> {
  return (await container.items.query<T>(query, options).fetchAll()).resources;
}

/** The rows of a query page by page; a page without rows is an empty one. */
export async function pagesOf<T = Row>(
  container: Container,
  query: string | SqlQuerySpec,
  options: FeedOptions = {},
): Promise<readonly (readonly T[])[]> {
  const iterator = container.items.query<T>(query, options);
  const pages: (readonly T[])[] = [];
  while (iterator.hasMoreResults()) {
    // the SDK leaves the rows out of a page that only gathered groups
    pages.push((await iterator.fetchNext()).resources ?? []);
  }
  return pages;
}

/** Most operations of one bulk call. */
const bulkSize = 100;

/**
 * Creates items through the SDK's bulk call, in any number; the partition key is `/pk`. Throws if one is refused. Not
 * with `executeBulkOperations`: that waits a second for more of them.
 */
export async function createAll(container: Container, items: readonly JSONObject[]): Promise<void> {
  for (let start = 0; start < items.length; start += bulkSize) {
    const results = await container.items.bulk(
      items.slice(start, start + bulkSize).map((resourceBody) => ({
        operationType: "Create",
        // {} is the SDK's word for an item without the property
        partitionKey: (resourceBody.pk ?? ("pk" in resourceBody ? null : {})) as PartitionKey,
        resourceBody,
      })),
    );
    const refused = results.find(({ statusCode }) => statusCode !== 201);
    if (refused !== undefined) {
      throw new Error(`An item was refused: ${JSON.stringify(refused)}`);
    }
  }
}

/**
 * Rows as texts that are equal exactly where the rows are, whatever the order of their properties and whatever the
 * service adds to an item; sorted.
 */
export function asMultiset(rows: readonly Row[]): readonly string[] {
  return rows.map(canonicalText).sort();
}

const systemProperties: ReadonlySet<string> = new Set([
  "_attachments",
  "_etag",
  "_rid",
  "_self",
  "_ts",
]);

function canonicalText(value: unknown): string {
  if (Array.isArray(value)) {
    return `[${value.map(canonicalText).join(",")}]`;
  }
  if (typeof value === "object" && value !== null) {
    const properties = Object.entries(value)
      .filter(([name, one]) => one !== undefined && !systemProperties.has(name))
      .map(([name, one]) => `${JSON.stringify(name)}:${canonicalText(one)}`);
    return `{${properties.sort().join(",")}}`;
  }
  return JSON.stringify(value) ?? "undefined";
}
