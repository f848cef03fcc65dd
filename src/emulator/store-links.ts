import { itemNumber } from "./resources/resource-id.ts";
import type { LinkResolver } from "./security/authorization.ts";
import type { AccountStore } from "./store/account-store.ts";
import type { ContainerStore } from "./store/container-store.ts";

/**
 * Resolves links of names and links of rids against the store. A link whose database name exists is
 * a link of names: that rule is the same for authorization and for routing, so an id that looks
 * like a rid means one thing.
 */
export function createLinkResolver(store: AccountStore): LinkResolver {
  const resolve: LinkResolver["toNames"] = (segments) => {
    const [root, databaseLink, feed, ownerLink, subFeed, id, ...rest] = segments;
    if (root !== "dbs" || databaseLink === undefined || store.databases.has(databaseLink)) {
      return { segments };
    }
    const database = store.databaseByRid(databaseLink);
    if (database === undefined) {
      return { segments };
    }
    const top = ["dbs", database.id];
    if (feed !== "colls" || ownerLink === undefined) {
      return { segments: [...top, ...segments.slice(2)] };
    }
    const container = store.containerByRid(ownerLink);
    if (container === undefined || container.databaseRid !== database.rid) {
      return { segments };
    }
    const owner = [...top, "colls", container.definition.id];
    if (subFeed === undefined || id === undefined) {
      return { segments: [...owner, ...segments.slice(4)] };
    }
    const { id: name, partitionKey } = resolveChild(container, subFeed, id);
    return {
      segments: [...owner, subFeed, name, ...rest],
      ...(partitionKey === undefined ? {} : { itemPartitionKey: partitionKey }),
    };
  };
  return {
    toNames: resolve,
    partitionKeyLevels: (databaseId, containerId) =>
      store.databases.get(databaseId)?.containers.get(containerId)?.definition.partitionKey.paths
        .length,
  };
}

/**
 * A name that nothing has, since no id holds a slash. The rid itself could be the id of some item.
 */
function nothingOf(rid: string): string {
  return `_rid/${rid}`;
}

type HeaderKey = NonNullable<ReturnType<LinkResolver["toNames"]>["itemPartitionKey"]>;

function resolveChild(
  container: ContainerStore,
  feed: string,
  rid: string,
): { readonly id: string; readonly partitionKey?: HeaderKey } {
  const number = itemNumber(rid);
  if (feed === "docs") {
    const item = number === undefined ? undefined : container.itemByNumber(number);
    return item === undefined || item.rid !== rid
      ? { id: nothingOf(rid) }
      : {
          id: item.id,
          partitionKey: item.key.map((component) => (component === undefined ? {} : component)),
        };
  }
  if (feed === "sprocs" || feed === "triggers" || feed === "udfs") {
    for (const script of container.scripts.get(feed)?.values() ?? []) {
      if (script.body._rid === rid) {
        return { id: String(script.body.id) };
      }
    }
    return { id: nothingOf(rid) };
  }
  return { id: rid };
}
