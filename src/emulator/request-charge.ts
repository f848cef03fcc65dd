/**
 * Request units of the emulator's answers. The service's own formula is not public; these figures
 * are its published ones for small cases (a point read of 1 KB is 1 RU, of 100 KB 10 RU; a write of
 * 1 KB about 5, of 100 KB 50) with straight lines between, and grow with what a request reads.
 */

const KILOBYTE = 1024;

export function pointReadCharge(sizeBytes: number): number {
  return 1 + Math.max(0, sizeBytes / KILOBYTE - 1) * (9 / 99);
}

/** A point operation that found nothing. */
export const MISS_CHARGE = 1;

/**
 * Create, replace, upsert, patch and delete; `sizeBytes` is the item's, before or after, whichever
 * is larger.
 */
export function writeCharge(sizeBytes: number): number {
  return 5.29 + Math.max(0, sizeBytes / KILOBYTE - 1) * (44.7 / 99);
}

export function feedCharge(itemsRead: number): number {
  return 2.28 + itemsRead * 0.05;
}

/** Reading or listing databases, containers, scripts and ranges. */
export const METADATA_READ_CHARGE = 1;

/**
 * Creating, replacing or deleting them. Source: recorded answers of the service, in
 * azure-sdk-for-rust `permission_operations`.
 */
export const METADATA_WRITE_CHARGE = 4.95;
