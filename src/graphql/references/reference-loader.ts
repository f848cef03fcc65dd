import { isAddressableId } from "../../cosmos/addressable-id.ts";
import type { PartitionKey } from "../../cosmos/partition-key.ts";
import type { GatewayError } from "../../gateway-error.ts";
import type { Item, ItemOperations } from "../../items/item-operations.ts";
import { all, type Condition } from "../../items/sql/condition.ts";
import type { PartitionChoice } from "../../items/sql/partition-choice.ts";
import { selectQuery } from "../../items/sql/select-query.ts";
import type { ModelType } from "../../model/model.ts";
import { withArticle } from "../classes/with-article.ts";
import { typeCondition } from "../filters/type-condition.ts";
import { isOfType } from "../item-conversion.ts";
import {
  argumentNeeded,
  choosePartitions,
  coversContainer,
} from "../partitions/choose-partitions.ts";
import { namePartitionArguments } from "../partitions/name-partition-arguments.ts";
import {
  type GivenPartitionKey,
  partitionArgumentList,
} from "../partitions/partition-arguments.ts";
import type { RequestContext } from "../request-context.ts";
import { createBatches, inChunks, type Wanted } from "./create-batches.ts";

/** References to items of one type whose partition is told alike. */
interface Target {
  readonly type: ModelType;
  readonly given: GivenPartitionKey;
}

const load = createBatches<Target, Item | undefined>(settle);

/**
 * The item that a reference points to, or undefined if there is none that the caller can read by
 * the id. References that are resolved together are read together: one query for each partition, or
 * one point read where only one id is wanted.
 *
 * @param given the item's partition key as far as the reference tells it.
 * @throws GatewayError as a point read does.
 */
export function loadReference(
  context: RequestContext,
  type: ModelType,
  id: string,
  given: GivenPartitionKey,
): Promise<Item | undefined> {
  if (!isAddressableId(id)) {
    return Promise.resolve(undefined);
  }
  const key = JSON.stringify([
    type.name,
    given.map((value) => (value === undefined ? [] : [value])),
  ]);
  return load(context, key, { type, given }, id);
}

async function settle(
  { items }: RequestContext,
  target: Target,
  wanted: readonly Wanted<Item | undefined>[],
): Promise<void> {
  const { type } = target;
  const isTogether =
    items.grantsOn(type.container).some(coversContainer) ||
    type.partitionKey.every(({ name }) => name !== "id");
  // What is read apart fails apart: one id that the caller may not read takes no other along.
  const reads = isTogether ? [wanted] : [...Map.groupBy(wanted, ({ id }) => id).values()];
  await Promise.all(reads.map((together) => settleTogether(together, items, target)));
}

async function settleTogether(
  wanted: readonly Wanted<Item | undefined>[],
  items: ItemOperations,
  target: Target,
): Promise<void> {
  try {
    const ids = [...new Set(wanted.map(({ id }) => id))];
    const found = Map.groupBy(await readItems(items, target, ids), (item) => item.id);
    for (const { id, resolve, reject } of wanted) {
      const [item, another] = found.get(id) ?? [];
      if (another === undefined) {
        resolve(item);
      } else {
        reject(ambiguous(target.type));
      }
    }
  } catch (error) {
    for (const { reject } of wanted) {
      reject(error);
    }
  }
}

/** The items of one id, or of several that are in one place, wherever the caller may look. */
async function readItems(
  items: ItemOperations,
  { type, given }: Target,
  ids: readonly string[],
): Promise<readonly Item[]> {
  const grants = items.grantsOn(type.container);
  const [id] = ids;
  const choice =
    id !== undefined && ids.length === 1
      ? choosePartitions(type, completedBy(id, type, given), grants, id)
      : choosePartitions(type, given, grants);
  const rows = await Promise.all(
    partitionsOf(choice).map((partitionKey) => readInPartition(items, type, ids, partitionKey)),
  );
  return rows.flat().filter((item) => isOfType(type, item));
}

/** Where the id is a level of the partition key, it tells the partition too. */
function completedBy(id: string, type: ModelType, given: GivenPartitionKey): GivenPartitionKey {
  return given.map((value, level) => (type.partitionKey[level]?.name === "id" ? id : value));
}

async function readInPartition(
  items: ItemOperations,
  type: ModelType,
  ids: readonly string[],
  partitionKey: PartitionKey | undefined,
): Promise<readonly Item[]> {
  const [id] = ids;
  if (id !== undefined && ids.length === 1 && partitionKey?.length === type.partitionKey.length) {
    const item = await items.read(type.container, id, partitionKey);
    return item === undefined ? [] : [item];
  }
  const queries = inChunks(ids).map((values) => {
    const condition: Condition = all(typeCondition(type), { kind: "in", path: ["id"], values });
    const query = selectQuery({ condition, orderBy: [] });
    return items.query<Item>(type.container, query, partitionKey, {
      limit: Number.MAX_SAFE_INTEGER,
    });
  });
  const rows = await Promise.all(queries).catch(
    namePartitionArguments(partitionArgumentList(type)),
  );
  return rows.flat();
}

function partitionsOf(choice: PartitionChoice): readonly (PartitionKey | undefined)[] {
  switch (choice.kind) {
    case "one":
      return [choice.partitionKey];
    case "several":
      return choice.partitionKeys;
    case "container":
      return [undefined];
  }
}

function ambiguous(type: ModelType): GatewayError {
  return argumentNeeded(
    type,
    `Several partitions that you may read have ${withArticle(type.name)} of this id, so it can't be read by reference. Read it with \`${type.name}\`'s own query`,
  );
}
