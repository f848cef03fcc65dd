export interface GraphQLResponseError {
  readonly message: string;
  /** The field that failed. Missing if the whole operation did. */
  readonly path?: readonly (string | number)[];
  /** `code` is one of docs/errors.md. The message is for people, and may change. */
  readonly extensions?: {
    readonly code?: string;
    readonly retryAfterMs?: number;
    /** The write was done, but what it wrote can't be shown. */
    readonly written?: boolean;
  };
}

/** An operation that failed, as a whole or in one of its fields. */
export class OperationError extends Error {
  readonly errors: readonly GraphQLResponseError[];

  constructor(errors: readonly GraphQLResponseError[]) {
    super(errors.map(({ message }) => message).join(" ") || "The response has no data.");
    this.name = "OperationError";
    this.errors = errors;
  }

  /** The code of the first error. */
  get code(): string | undefined {
    return this.errors[0]?.extensions?.code;
  }
}
