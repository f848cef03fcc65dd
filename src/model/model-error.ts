/** One thing that is wrong in a model file. */
export interface ModelFault {
  readonly path: string;
  /** Counted from 1. */
  readonly line: number;
  /** Counted from 1. */
  readonly column: number;
  /** What is wrong, and what to write instead. */
  readonly message: string;
}

/** The model files can't be used. Holds every fault, in the order of files and lines. */
export class ModelError extends Error {
  readonly faults: readonly ModelFault[];

  constructor(faults: readonly ModelFault[]) {
    super(faults.map(formatFault).join("\n"));
    this.name = "ModelError";
    this.faults = faults;
  }
}

/** `schema/shop.model.graphql:3:5: message`, which editors and terminals make a link of. */
export function formatFault(fault: ModelFault): string {
  return `${fault.path}:${fault.line}:${fault.column}: ${fault.message}`;
}
