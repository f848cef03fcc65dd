/** One REST request to the emulator, taken apart. */
export interface CosmosRequest {
  /** Upper case. */
  readonly method: string;
  /**
   * Decoded path segments: `["dbs", "shop", "colls", "orders", "docs", "1"]`. `[]` is the account.
   */
  readonly segments: readonly string[];
  /** The path as it came, still encoded, without the query string: signatures and logs need it. */
  readonly rawPath: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
}

/** What a route returns. `body` is sent as JSON, undefined as no body. */
export interface CosmosResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}
