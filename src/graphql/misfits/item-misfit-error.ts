import type { PartitionKey } from "../../cosmos/partition-key.ts";
import { GatewayError } from "../../gateway-error.ts";

/** Which stored item does not fit the model, and where. Holds none of its values but its name. */
export interface ItemMisfit {
  /** The model's name of it, such as `Order`. */
  readonly type: string;
  readonly container: string;
  /** The way to what does not fit, by the model's names: `lines.0.sku`. */
  readonly field: string;
  readonly id: string;
  /** One value a level; null where the item has none. */
  readonly partitionKey: PartitionKey;
}

export interface ItemMisfitDetails extends ItemMisfit {
  /** Such as `is missing` or `is no Float`. */
  readonly what: string;
  /** Whether this is the answer's first error about the item. */
  readonly isFirst: boolean;
  /** How many items of the answer are null without an error: known once all of it is there. */
  readonly countOthers: () => number;
}

/** Stands in the place of an item that GraphQL could not show. */
export class ItemMisfitError extends GatewayError {
  readonly misfit: ItemMisfit;
  readonly isFirst: boolean;
  readonly #countOthers: () => number;

  constructor(details: ItemMisfitDetails) {
    const { type, container, field, id, partitionKey, what } = details;
    super("ITEM_MISFIT", `This ${type} does not fit the model: \`${field}\` ${what}.`);
    this.misfit = { type, container, field, id, partitionKey };
    this.isFirst = details.isFirst;
    this.#countOthers = details.countOthers;
  }

  /** What the client is told: for when the whole answer is there. */
  describe(): { readonly message: string; readonly extensions: Readonly<Record<string, unknown>> } {
    const { type, field, id, partitionKey } = this.misfit;
    const others = this.#countOthers();
    return {
      message:
        others === 0
          ? this.message
          : `${this.message} ${others} more places of the answer are null for the same reason, without an error of their own.`,
      extensions: {
        type,
        field,
        id,
        partitionKey,
        ...(others > 0 && { others }),
      },
    };
  }
}
