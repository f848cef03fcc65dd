import type { QueriedType } from "../../model/model.ts";
import { keyOfApiValue } from "../partitions/partition-arguments.ts";
import type { RequestContext } from "../request-context.ts";
import { type ItemMisfit, ItemMisfitError } from "./item-misfit-error.ts";
import type { ValueFault } from "./value-check.ts";

/** How many errors an answer has about misfit items. A page may have a thousand, all alike. */
const MAX_ERRORS = 100;

interface MisfitLedger {
  errors: number;
  /** Places that are null without an error. */
  others: number;
  /** The items that an error is about. */
  readonly named: Set<string>;
}

const ledgers = new WeakMap<RequestContext, MisfitLedger>();

export interface MisfitPlace extends ItemMisfit {
  /** Such as `is missing` or `is no Float`. */
  readonly what: string;
  /** Whether a null may stand in the item's place. */
  readonly mayBeNull: boolean;
}

/** @param item as the API shows it. */
export function misfitOf(
  type: QueriedType,
  item: Readonly<Record<string, unknown>>,
  { path, what }: ValueFault,
): ItemMisfit & Pick<MisfitPlace, "what"> {
  return {
    type: type.name,
    container: type.container,
    field: path.join("."),
    id: String(item.id),
    partitionKey: keyOfApiValue(type, item),
    what,
  };
}

/**
 * What to put in the place of an item that does not fit: an error, or null where the answer has
 * enough of them. The last error says how many places are null without one.
 */
export function inPlaceOfMisfit(
  context: RequestContext,
  { mayBeNull, ...misfit }: MisfitPlace,
): ItemMisfitError | null {
  const ledger = ledgers.get(context) ?? { errors: 0, others: 0, named: new Set() };
  ledgers.set(context, ledger);
  if (ledger.errors >= MAX_ERRORS && mayBeNull) {
    ledger.others += 1;
    return null;
  }
  ledger.errors += 1;
  const isLast = ledger.errors === MAX_ERRORS;
  const name = JSON.stringify([misfit.container, misfit.type, misfit.id, misfit.partitionKey]);
  const isFirst = !ledger.named.has(name);
  ledger.named.add(name);
  return new ItemMisfitError({
    ...misfit,
    isFirst,
    countOthers: () => (isLast ? ledger.others : 0),
  });
}
