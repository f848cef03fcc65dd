/**
 * What Cosmos DB must answer to an allowed request for items of one partition, and what is stored
 * then: all items of a container in one flat list, in the order of their creation. It imports
 * nothing, and knows nothing of tokens: `verdictOf` says what is allowed.
 */
export interface StoredItems {
  readonly items: readonly StoredItem[];
  /** How many writes there were; an item's version is the number of its last one. */
  readonly writes: number;
}

export interface StoredItem {
  readonly key: PartitionKey;
  readonly content: Content;
  readonly version: number;
}

/** One level of a partition key; `{}` is a property that the item lacks. */
export type KeyLevel = string | number | boolean | null | { readonly [none: string]: never };
export type PartitionKey = readonly KeyLevel[];

/** An item without what the service adds. */
export interface Content {
  readonly id: string;
  readonly rank: number;
  readonly status: string;
  readonly [name: string]: unknown;
}

/** A write of one item; `ifMatch` is a version, and 0 one that no item has. */
export type ItemWrite =
  | { readonly kind: "create"; readonly content: Content }
  | { readonly kind: "upsert" | "replace"; readonly content: Content; readonly ifMatch?: number }
  | {
      readonly kind: "patch";
      readonly id: string;
      readonly note: string;
      readonly ifMatch?: number;
    }
  | { readonly kind: "delete"; readonly id: string; readonly ifMatch?: number };

export type PartitionRequest =
  | { readonly kind: "read"; readonly id: string; readonly ifNoneMatch?: number }
  | { readonly kind: "list" | "changes" }
  | {
      readonly kind: "query";
      readonly status?: string;
      readonly fromRank?: number;
      readonly order?: "ASC" | "DESC";
    }
  | ItemWrite
  | { readonly kind: "batch"; readonly operations: readonly ItemWrite[] };

/** Of a list all its pages; of a batch each operation's item, or its status where it has none. */
export interface Answer {
  readonly status: number;
  readonly results: readonly (Content | number)[];
}

/** The partition that a request names, and the properties that make an item's key. */
export interface Partition {
  readonly key: PartitionKey;
  readonly levels: readonly string[];
}

export interface Answered {
  readonly answer: Answer;
  readonly after: StoredItems;
}

export function answerOf(
  before: StoredItems,
  partition: Partition,
  request: PartitionRequest,
): Answered {
  const own = before.items.filter(({ key }) => isSameKey(key, partition.key));
  const tell = (status: number, items: readonly StoredItem[] = []) => ({
    answer: { status, results: items.map(({ content }) => content) },
    after: before,
  });
  switch (request.kind) {
    case "list":
      return tell(200, own);
    case "changes":
      // Each item once, where its last write was. Nothing new is 304.
      return own.length === 0
        ? tell(304)
        : tell(
            200,
            own.toSorted((left, right) => left.version - right.version),
          );
    case "query":
      return tell(200, queried(own, request));
    case "read": {
      const item = own.find(({ content }) => content.id === request.id);
      if (item === undefined) {
        return tell(404);
      }
      return request.ifNoneMatch === item.version ? tell(304) : tell(200, [item]);
    }
    case "batch":
      return batched(before, partition, request.operations);
    default: {
      const { status, item, after } = written(before, partition, request);
      return { answer: { status, results: item === undefined ? [] : [item] }, after };
    }
  }
}

function queried(
  items: readonly StoredItem[],
  { status, fromRank, order }: PartitionRequest & { readonly kind: "query" },
): readonly StoredItem[] {
  const found = items.filter(
    ({ content }) =>
      (status === undefined || content.status === status) &&
      (fromRank === undefined || content.rank >= fromRank),
  );
  const ascending = found.toSorted((left, right) => left.content.rank - right.content.rank);
  return order === undefined ? found : order === "ASC" ? ascending : ascending.toReversed();
}

/** All operations or none: after one that fails, what was there before is there. */
function batched(
  before: StoredItems,
  partition: Partition,
  operations: readonly ItemWrite[],
): Answered {
  let after = before;
  const results: (Content | number)[] = [];
  for (const operation of operations) {
    const step = written(after, partition, operation);
    if (step.status >= 400) {
      const failed = operations.map((_, at) => (at === results.length ? step.status : 424));
      return { answer: { status: 207, results: failed }, after: before };
    }
    results.push(step.item ?? step.status);
    after = step.after;
  }
  return { answer: { status: 200, results }, after };
}

interface Written {
  readonly status: number;
  readonly item?: Content;
  readonly after: StoredItems;
}

function written(before: StoredItems, partition: Partition, write: ItemWrite): Written {
  const refused = (status: number) => ({ status, after: before });
  if ("content" in write && !isSameKey(keyOf(write.content, partition.levels), partition.key)) {
    return refused(400);
  }
  const id = "content" in write ? write.content.id : write.id;
  const isIt = ({ key, content }: StoredItem) => content.id === id && isSameKey(key, partition.key);
  const held = before.items.find(isIt);
  if (held === undefined && write.kind !== "create" && write.kind !== "upsert") {
    return refused(404);
  }
  if (held !== undefined && write.kind === "create") {
    return refused(409);
  }
  // An upsert that creates has nothing to match.
  if (held !== undefined && "ifMatch" in write && write.ifMatch !== held.version) {
    return refused(412);
  }
  const writes = before.writes + 1;
  if (write.kind === "delete") {
    return { status: 204, after: { writes, items: before.items.filter((item) => item !== held) } };
  }
  const content = write.kind === "patch" ? patched(held, write.note) : write.content;
  const item = { key: partition.key, content, version: writes };
  const items =
    held === undefined
      ? [...before.items, item]
      : before.items.map((each) => (each === held ? item : each));
  return { status: held === undefined ? 201 : 200, item: content, after: { writes, items } };
}

function patched(held: StoredItem | undefined, note: string): Content {
  if (held === undefined) {
    throw new Error("Only an item that is there is patched.");
  }
  return { ...held.content, note };
}

function keyOf(content: Content, levels: readonly string[]): PartitionKey {
  // A generated content holds nothing but such values there.
  return levels.map((level) => (level in content ? (content[level] as KeyLevel) : {}));
}

/** Types count: 1 is not "1". What is missing is not null. */
export function isSameKey(left: PartitionKey, right: PartitionKey): boolean {
  return (
    left.length === right.length &&
    left.every((level, at) => level === right[at] || (isMissing(level) && isMissing(right[at])))
  );
}

function isMissing(level: KeyLevel | undefined): boolean {
  return typeof level === "object" && level !== null;
}
