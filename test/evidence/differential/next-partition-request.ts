import type {
  ItemWrite,
  PartitionKey,
  PartitionRequest,
  StoredItems,
} from "../oracle/stored-items.ts";
import { isSameKey } from "../oracle/stored-items.ts";
import type { Random } from "../random.ts";
import { contentOf, isLarge, rankOf, STATUSES } from "./confusable-partitions.ts";

export const KINDS = [
  "read",
  "list",
  "query",
  "ordered query",
  "changes",
  "create",
  "upsert",
  "replace",
  "patch",
  "delete",
  "batch",
] as const;

const WRITES = ["create", "upsert", "replace", "patch", "delete"] as const;

export type Kind = (typeof KINDS)[number];

/** Where a request goes. */
export interface Place {
  readonly container: { readonly id: string; readonly levels: readonly string[] };
  readonly key: PartitionKey;
  /** Other partitions of the container. */
  readonly others: readonly PartitionKey[];
  readonly stored: StoredItems;
  /** The one item that a token is for. */
  readonly id: string | undefined;
}

/** Ids that are written to; some are seeded, some are not there at first. */
const IDS = Array.from({ length: 12 }, (_, at) => String(at + 1));

/** A request of this kind for one partition. */
export function nextPartitionRequest(kind: Kind, place: Place, random: Random): PartitionRequest {
  const { id: only, container, key } = place;
  switch (kind) {
    case "list":
    case "changes":
      return { kind };
    case "query":
      return { kind, ...(random.chance(0.5) ? { status: random.pick(STATUSES) } : {}) };
    case "ordered query":
      return {
        kind: "query",
        order: random.pick(["ASC", "DESC"]),
        ...(random.chance(0.3) ? { status: random.pick(STATUSES) } : {}),
        ...(random.chance(0.3) ? { fromRank: random.int(0, 1_000_000) } : {}),
      };
    case "read": {
      const ids = isLarge(container.id, key) ? [...IDS, "999", "1100", "1101"] : IDS;
      const id = only ?? random.pick(ids);
      const ifNoneMatch = anyVersion(place, id, random);
      return { kind, id, ...(ifNoneMatch === undefined ? {} : { ifNoneMatch }) };
    }
    case "batch": {
      const length = random.int(1, 5);
      // Of many different writes one nearly always fails.
      const kinds = random.chance(0.4) ? WRITES : (["upsert"] as const);
      const writes = Array.from({ length }, () => nextWrite(random.pick(kinds), place, random));
      // What is done must not stay where the last one fails.
      const last = random.chance(0.4) ? [{ kind: "delete", id: "absent" } as const] : [];
      const operations = [...writes, ...last];
      return { kind, operations };
    }
    default:
      return nextWrite(kind, place, random);
  }
}

function nextWrite(kind: ItemWrite["kind"], place: Place, random: Random): ItemWrite {
  const { container, others } = place;
  const id = place.id ?? random.pick(IDS);
  const version = anyVersion(place, id, random);
  const condition = version === undefined ? {} : { ifMatch: version };
  // A body that says another partition than the header is refused.
  const isElsewhere = others.length > 0 && random.chance(0.1);
  const key = isElsewhere ? random.pick(others) : place.key;
  const content = contentOf(container.levels, key, id, {
    rank: rankOf(100_000 + random.int(0, 800_000)),
    mark: `written ${JSON.stringify(place.key)} ${random.text(6)}`,
  });
  switch (kind) {
    case "create":
      return { kind, content };
    case "upsert":
    case "replace":
      return { kind, content, ...condition };
    case "patch":
      return { kind, id, note: random.text(5), ...condition };
    case "delete":
      return { kind, id, ...condition };
  }
}

/** A condition on an item's version now and then: its own, another item's, or none's. */
function anyVersion({ stored, key }: Place, id: string, random: Random): number | undefined {
  if (random.chance(0.6)) {
    return undefined;
  }
  const versions = stored.items.flatMap((item) =>
    item.content.id === id ? [{ isOwn: isSameKey(item.key, key), version: item.version }] : [],
  );
  const own = versions.find(({ isOwn }) => isOwn)?.version;
  return random.chance(0.6)
    ? (own ?? 0)
    : random.pick([0, ...versions.map((each) => each.version)]);
}
