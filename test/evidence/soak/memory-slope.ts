/** Memory at one time, of one process. */
export interface MemoryPoint {
  readonly atMs: number;
  readonly bytes: number;
}

/** Fewer samples make no line. */
const MIN_POINTS = 6;

/** The first part of a process's life fills its caches, and says nothing about leaks. */
const WARM_UP_SHARE = 0.3;

const TEN_MINUTES_MS = 600_000;
const MEGABYTE = 1024 * 1024;

export interface Slope {
  /** Of the line of least squares through the points after the warm-up. */
  readonly megabytesPerTenMinutes: number;
  /** What that line gained from the first of these points to the last. */
  readonly grownMegabytes: number;
}

/** Undefined for a process that didn't live long enough. */
export function slopeOf(points: readonly MemoryPoint[]): Slope | undefined {
  const counted = points.slice(Math.floor(points.length * WARM_UP_SHARE));
  const [first] = counted;
  const last = counted.at(-1);
  if (counted.length < MIN_POINTS || first === undefined || last === undefined) {
    return undefined;
  }
  const meanMs = mean(counted.map(({ atMs }) => atMs));
  const meanBytes = mean(counted.map(({ bytes }) => bytes));
  const sum = (value: (point: MemoryPoint) => number) =>
    counted.reduce((total, point) => total + value(point), 0);
  const bytesPerMs =
    sum(({ atMs, bytes }) => (atMs - meanMs) * (bytes - meanBytes)) /
    sum(({ atMs }) => (atMs - meanMs) ** 2);
  return {
    megabytesPerTenMinutes: (bytesPerMs * TEN_MINUTES_MS) / MEGABYTE,
    grownMegabytes: (bytesPerMs * (last.atMs - first.atMs)) / MEGABYTE,
  };
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}
