/**
 * An answer of the service that is an error: thrown anywhere in the emulator, written once by the
 * server.
 */
export class CosmosError extends Error {
  readonly status: number;
  /** The service's own word for it, such as `Forbidden`. */
  readonly code: string;
  readonly substatus: number;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON text that some errors carry beside their message: a query plan with 400/1004. */
  readonly additionalErrorInfo: string | undefined;

  constructor(
    status: number,
    code: string,
    message: string,
    options: {
      readonly substatus?: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly additionalErrorInfo?: string;
    } = {},
  ) {
    super(message);
    this.name = "CosmosError";
    this.status = status;
    this.code = code;
    this.substatus = options.substatus ?? 0;
    this.headers = options.headers ?? {};
    this.additionalErrorInfo = options.additionalErrorInfo;
  }
}
