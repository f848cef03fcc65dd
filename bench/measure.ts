/** One figure: the median of several runs after a warm-up, in milliseconds. */
export interface Measured {
  readonly name: string;
  readonly medianMs: number;
}

/** Runs `action` twice unmeasured and `runs` times measured, one after the other. */
export async function measure(
  name: string,
  runs: number,
  action: () => Promise<unknown>,
): Promise<Measured> {
  for (let run = 0; run < 2; run += 1) {
    await action();
  }
  const durations: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    const startMs = performance.now();
    await action();
    durations.push(performance.now() - startMs);
  }
  durations.sort((left, right) => left - right);
  return { name, medianMs: durations[Math.floor(runs / 2)] ?? Number.NaN };
}

/** Prints the figures, each with its ratio to the first: that says more than milliseconds of some machine. */
export function report(title: string, figures: readonly Measured[]): void {
  const base = figures[0]?.medianMs ?? Number.NaN;
  console.log(`\n${title}`);
  for (const { name, medianMs } of figures) {
    const ratio = `${(medianMs / base).toFixed(2)}x`;
    console.log(`  ${name.padEnd(52)} ${medianMs.toFixed(2).padStart(9)} ms ${ratio.padStart(9)}`);
  }
}
