import type { ModelPlace } from "./model.ts";

/** One thing that is wrong in a model file. */
export interface ModelFault extends ModelPlace {
  /** What is wrong, and what to write instead. */
  readonly message: string;
}

/** The model files can't be used. Holds every fault, in the order of files and lines. */
export class ModelError extends Error {
  readonly faults: readonly ModelFault[];

  constructor(faults: readonly ModelFault[], options: { readonly cause?: unknown } = {}) {
    super(faults.map(formatFault).join("\n"), options);
    this.name = "ModelError";
    this.faults = faults;
  }
}

/** `schema/shop.model.graphql:3:5: message`, which editors and terminals make a link of. */
export function formatFault(fault: ModelFault): string {
  return `${fault.path}:${fault.line}:${fault.column}: ${fault.message}`;
}
