/**
 * A mutant that no test can kill, or that need not be killed. Found by its text, so that it
 * survives edits elsewhere in the file: when its own line changes, it has to be judged again.
 */
export interface ExplainedSurvivor {
  readonly file: string;
  /** The line as it is, without the space around it. */
  readonly from: string;
  /** The same line as mutated, as the report prints it. */
  readonly to: string;
  /** How many mutants of the file read like this; 1 by default. */
  readonly times?: number;
  /** Why the mutant does the same, or why the difference harms nobody. */
  readonly why: string;
}
