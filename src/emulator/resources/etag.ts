let count = 0;
const run = Math.floor(Math.random() * 0x100000000);

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, "0").slice(-digits);
}

/**
 * A new etag, quotes included, in the service's form: different from every other, of earlier runs
 * too.
 */
export function createEtag(timestampSeconds: number): string {
  count += 1;
  return `"${hex(count, 8)}-${hex(run >>> 16, 4)}-${hex(run & 0xffff, 4)}-0000-${hex(timestampSeconds, 8)}0000"`;
}
