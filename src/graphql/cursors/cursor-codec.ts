import type { PartitionKeyValue } from "../../cosmos/partition-key.ts";
import { GatewayError } from "../../gateway-error.ts";
import type { PagePosition } from "../../items/sql/page-position.ts";
import { createTextSealer, type SealingKeys, type SealScope } from "./text-sealer.ts";

/** What a cursor belongs to; it opens for nothing else. Any JSON. */
export type CursorScope = SealScope;

export interface CursorCodec {
  /** Equal positions in equal scopes give equal cursors, so clients can use them as keys. */
  seal(position: PagePosition, scope: CursorScope): string;
  /**
   * @throws GatewayError BAD_USER_INPUT for a cursor that was altered, or sealed in another scope.
   */
  open(cursor: string, scope: CursorScope): PagePosition;
}

/**
 * A cursor shows nothing of the item it points to.
 *
 * @param key as `createTextSealer` takes it.
 */
export function createCursorCodec(key: SealingKeys): CursorCodec {
  const sealer = createTextSealer(key, "cursor");
  return {
    seal: (position, scope) => sealer.seal(serialize(position), scope),
    open: (cursor, scope) => {
      const text = sealer.open(cursor, scope);
      if (text === undefined) {
        throw foreignCursor();
      }
      return deserialize(text);
    },
  };
}

/** What to say of a cursor that is not of the list it is given to. */
export function foreignCursor(): GatewayError {
  return new GatewayError(
    "BAD_USER_INPUT",
    "This cursor is not one of this list: it was altered, or comes from another operation, other arguments or another caller. Start again without `after`.",
  );
}

/** A missing value is an empty list and any other is a list of one: JSON has no undefined. */
function serialize({ values, id, partitionKey }: PagePosition): string {
  const box = (value: unknown) => (value === undefined ? [] : [value]);
  return JSON.stringify([values.map(box), id, partitionKey.map(box)]);
}

function deserialize(text: string): PagePosition {
  // The tag proves that `serialize` wrote it.
  const [values, id, partitionKey] = JSON.parse(text) as [
    readonly (readonly unknown[])[],
    string,
    readonly (readonly PartitionKeyValue[])[],
  ];
  return {
    values: values.map((box) => box[0]),
    id,
    // An item may lack a level of its partition key; the position keeps it as it was.
    partitionKey: partitionKey.map((box) => box[0] as PartitionKeyValue),
  };
}
