import type { ExplainedSurvivor } from "./explained-survivor.ts";
import type { Mutant } from "./mutant.ts";

export interface Judgement {
  /** Survivors that nobody has explained: tests are missing. */
  readonly unexplained: readonly Mutant[];
  readonly explained: readonly { readonly mutant: Mutant; readonly why: string }[];
  /** Explanations of mutants that are dead or gone, with how many survivors they still fit. */
  readonly stale: readonly { readonly explanation: ExplainedSurvivor; readonly found: number }[];
}

/**
 * Compares the survivors with the explanations of the files that were mutated. Both must agree:
 * a survivor too many and an explanation too many are faults alike.
 */
export function judgeSurvivors(
  mutants: readonly Mutant[],
  explanations: readonly ExplainedSurvivor[],
): Judgement {
  const files = new Set(mutants.map(({ file }) => file));
  const survivors = mutants.filter(({ fate }) => fate === "survived" || fate === "unreached");
  const unexplained: Mutant[] = [];
  const explained: { readonly mutant: Mutant; readonly why: string }[] = [];
  const found = new Map<ExplainedSurvivor, number>();
  for (const mutant of survivors) {
    const explanation = explanations.find((each) => isOf(each, mutant));
    const before = explanation === undefined ? 0 : (found.get(explanation) ?? 0);
    if (explanation === undefined || before >= (explanation.times ?? 1)) {
      unexplained.push(mutant);
    } else {
      found.set(explanation, before + 1);
      explained.push({ mutant, why: explanation.why });
    }
  }
  const stale = explanations
    .filter(({ file }) => files.has(file))
    .map((explanation) => ({ explanation, found: found.get(explanation) ?? 0 }))
    .filter((each) => each.found < (each.explanation.times ?? 1));
  return { unexplained, explained, stale };
}

function isOf(explanation: ExplainedSurvivor, { file, from, to }: Mutant): boolean {
  return explanation.file === file && explanation.from === from && explanation.to === to;
}
