/** A line of the emulator's request log, as `GET /_emulator/requests` answers it. */
export interface LoggedRequest {
  readonly method: string;
  readonly path: string;
  readonly partitionKey: unknown;
  readonly kind: string;
  readonly authorization: "master" | "resource" | "none";
  readonly cosmosUser: string | null;
  readonly permissionId: string | null;
  readonly query: string | null;
  readonly status: number;
  readonly requestCharge: number;
}

export interface Fault {
  readonly match: { readonly method?: string; readonly path?: string };
  readonly times?: number;
  readonly status?: number;
  readonly substatus?: number;
  readonly retryAfterMs?: number;
  readonly delayMs?: number;
  readonly slowBodyMs?: number;
  /** True is "request". */
  readonly drop?: boolean | "request" | "response";
}

/** Request units a second; 0 switches a limit off. */
export interface Throughput {
  readonly metadataRequestUnitsPerSecond?: number;
  readonly itemRequestUnitsPerSecond?: number;
}

/** The test controls of an emulator that was started with them, over HTTP. */
export function emulatorControls(endpoint: string) {
  const control = async (method: string, path: string, body?: unknown): Promise<string> => {
    const response = await fetch(new URL(`_emulator/${path}`, endpoint), {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) {
      throw new Error(`${method} ${path}: ${response.status} ${text}`);
    }
    return text;
  };
  return {
    requests: async (): Promise<readonly LoggedRequest[]> => {
      const { requests } = JSON.parse(await control("GET", "requests")) as {
        readonly requests: readonly LoggedRequest[];
      };
      return requests;
    },
    forgetRequests: () => control("DELETE", "requests"),
    advanceSeconds: (advanceSeconds: number) => control("POST", "clock", { advanceSeconds }),
    addFault: (fault: Fault) => control("POST", "faults", fault),
    clearFaults: () => control("DELETE", "faults"),
    setThroughput: (limits: Throughput) => control("POST", "throughput", limits),
    /** Answers the new key. */
    regenerateKey: async (regenerate: "primary" | "secondary"): Promise<string> => {
      const { key } = JSON.parse(await control("POST", "keys", { regenerate })) as {
        readonly key: string;
      };
      return key;
    },
  };
}

/** The requests for items, which must never carry the account key. */
export function itemRequests(requests: readonly LoggedRequest[]): readonly LoggedRequest[] {
  return requests.filter(({ path }) => /\/docs(\/|$)/.test(path));
}
