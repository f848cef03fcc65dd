import type { Model, StreamName } from "./run-decisions.ts";

/** A model that is wrong in one rule. */
export interface LoosenedRule {
  readonly name: string;
  /** The stream that must find it. */
  readonly stream: StreamName;
  readonly loosen: (model: Model) => Model;
}
