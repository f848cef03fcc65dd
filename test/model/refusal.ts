/** Thrown where something is refused: the codes that its error may have, or reasons in words. */
export class Refusal extends Error {
  readonly codes: readonly string[];
  constructor(...codes: readonly string[]) {
    super(codes.join(" or "));
    this.codes = codes;
  }
}

/** What the work gives, or how it was refused. */
export function attempt<Result>(work: () => Result): Result | Refusal {
  try {
    return work();
  } catch (error) {
    if (error instanceof Refusal) {
      return error;
    }
    throw error;
  }
}
