import type { ItemOperations } from "../../items/item-operations.ts";
import { readPage } from "../../items/queries/read-page.ts";
import { all, any, type Condition } from "../../items/sql/condition.ts";
import type { PagePosition, Sort } from "../../items/sql/page-position.ts";
import type { PartitionChoice } from "../../items/sql/partition-choice.ts";
import type { ModelField, ModelType } from "../../model/model.ts";
import { choosePartitions, coversContainer } from "../partitions/choose-partitions.ts";
import { namePartitionArguments } from "../partitions/name-partition-arguments.ts";
import {
  type GivenPartitionKey,
  partitionArgumentList,
} from "../partitions/partition-arguments.ts";
import type { RequestContext } from "../request-context.ts";
import { createBatches, inChunks, type Wanted } from "./create-batches.ts";

type Item = Readonly<Record<string, unknown>>;

/** A list of items that refer to others, without saying to which. */
export interface ReferringList {
  readonly type: ModelType;
  /** The type's field that holds the id, or the ids, that it refers to. */
  readonly fromField: ModelField;
  /** The partition key of the items as far as it is told. */
  readonly given: GivenPartitionKey;
  readonly condition: Condition;
  readonly sort: Sort;
  /** Stored names of the properties to read; undefined, whole items. */
  readonly properties: readonly string[] | undefined;
  /** How many items for each id at most. */
  readonly first: number;
}

const load = createBatches<ReferringList, readonly Item[]>(settle);

/**
 * The first items of the list that refer to `id`. Lists that are asked for together, by the same
 * `key`, are read together: one query for each partition, and more only where some ids have so many
 * items that they take the place of others.
 *
 * @param key tells lists apart that differ in anything but `given`.
 * @throws GatewayError as a list does.
 */
export function loadReferring(
  context: RequestContext,
  list: ReferringList,
  key: string,
  id: string,
): Promise<readonly Item[]> {
  const given = list.given.map((value) => (value === undefined ? [] : [value]));
  return load(context, JSON.stringify([key, given]), list, id);
}

async function settle(
  { items }: RequestContext,
  list: ReferringList,
  wanted: readonly Wanted<readonly Item[]>[],
): Promise<void> {
  const byId = Map.groupBy(wanted, ({ id }) => id);
  await Promise.all(
    groupsOf(items, list, [...byId.keys()]).map(async ({ ids, given }) => {
      const waiting = ids.flatMap((id) => byId.get(id) ?? []);
      try {
        const found = await readGroup(items, list, ids, given);
        for (const { id, resolve } of waiting) {
          resolve(found.get(id) ?? []);
        }
      } catch (error) {
        for (const { reject } of waiting) {
          reject(error);
        }
      }
    }),
  );
}

interface Group {
  readonly ids: readonly string[];
  readonly given: GivenPartitionKey;
}

/**
 * Ids that one query can ask for. Where the container is partitioned by the id that is referred to,
 * each has a partition of its own; only a permission on the whole container reads them together.
 */
function groupsOf(
  items: ItemOperations,
  { type, fromField, given }: ReferringList,
  ids: readonly string[],
): readonly Group[] {
  const level = type.partitionKey.findIndex(
    ({ fields }) => fields.length === 1 && fields[0] === fromField,
  );
  const isTogether =
    level < 0 || (ids.length > 1 && items.grantsOn(type.container).some(coversContainer));
  if (!isTogether) {
    return ids.map((id) => ({ ids: [id], given: given.with(level, id) }));
  }
  return inChunks(ids).map((chunk) => ({ ids: chunk, given }));
}

async function readGroup(
  items: ItemOperations,
  list: ReferringList,
  ids: readonly string[],
  given: GivenPartitionKey,
): Promise<ReadonlyMap<string, readonly Item[]>> {
  const { type } = list;
  const partitions = choosePartitions(type, given, items.grantsOn(type.container));
  return readInTurns(items, list, ids, partitions).catch(
    namePartitionArguments(partitionArgumentList(type)),
  );
}

/**
 * The first items for each id, in any distribution. One page has room for the items of all ids that
 * still miss some. The next page goes on behind it, and asks no more for ids that have enough. A
 * full page has completed at least one id, so there are no more pages than ids, and one is enough
 * unless some id has more items than it may show.
 */
async function readInTurns(
  items: ItemOperations,
  list: ReferringList,
  ids: readonly string[],
  partitions: PartitionChoice,
): Promise<ReadonlyMap<string, readonly Item[]>> {
  const { type, fromField, first } = list;
  const found = new Map<string, Item[]>(ids.map((id) => [id, []]));
  let open = ids;
  let after: PagePosition | undefined;
  while (open.length > 0 && first > 0) {
    const page = await readPage(items, {
      container: type.container,
      partitions,
      partitionKeyPaths: type.partitionKey.map(({ path }) => path),
      condition: all(list.condition, refersToAny(fromField, open)),
      sort: list.sort,
      properties: list.properties && [...new Set([...list.properties, fromField.storedName])],
      first: open.length * first,
      after,
    });
    for (const { item } of page.rows) {
      for (const id of [item[fromField.storedName]].flat()) {
        const rows = found.get(String(id));
        if (rows !== undefined && rows.length < first) {
          rows.push(item);
        }
      }
    }
    after = page.rows.at(-1)?.position;
    open =
      page.hasNextPage && after !== undefined
        ? open.filter((id) => (found.get(id)?.length ?? 0) < first)
        : [];
  }
  return found;
}

function refersToAny(field: ModelField, ids: readonly string[]): Condition {
  const path = [field.storedName];
  return field.type.listDepth === 0
    ? { kind: "in", path, values: ids }
    : any(...ids.map((value): Condition => ({ kind: "has", path, value })));
}
