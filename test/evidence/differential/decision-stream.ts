import type { Random } from "../random.ts";

/** One decision, as the model made it and as the code did. */
export interface Decision {
  /** What was decided about, such as the kind of a request. */
  readonly kind: string;
  /** Short and comparable: `allowed`, `403`, or the whole of what was decided, as JSON. */
  readonly expected: string;
  readonly observed: string;
  /** The class under which the summary counts it: `allowed`, `refused`, `401`. */
  readonly outcome: string;
  /** Everything that the decision hung on, for a reader. Asked for only where both differ. */
  describe(): unknown;
}

/** An endless source of decisions: each runs the model and the code. */
export interface DecisionStream {
  readonly name: string;
  /** Kinds that must occur in a run. */
  readonly kinds: readonly string[];
  decide(random: Random): Promise<Decision>;
}
