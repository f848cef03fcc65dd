import { createHmac } from "node:crypto";
import { request as httpRequest } from "node:http";
import {
  type Container,
  type ContainerRequest,
  CosmosClient,
  type CosmosClientOptions,
} from "@azure/cosmos";
import { type EmulatorOptions, startEmulator } from "../../src/emulator/start-emulator.ts";
import type { LoggedRequest } from "../emulator-controls.ts";

/** An answer over plain HTTP. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  // a test looks into bodies of every shape
  // biome-ignore lint/suspicious/noExplicitAny: see above
  readonly body: any;
}

export interface RawOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Sent as it is; default: signed with the primary key. null: none. */
  readonly authorization?: string | null;
}

/** An emulator of its own with test controls, and clients of it. */
export interface TestAccount {
  readonly endpoint: string;
  readonly key: string;
  readonly client: CosmosClient;
  createClient(options?: Partial<CosmosClientOptions>): CosmosClient;
  /** A new container in the database `db`; default partition key `/pk`. */
  createContainer(definition?: Partial<ContainerRequest>): Promise<Container>;
  /** A request whose path goes out exactly as written. */
  send(method: string, path: string, options?: RawOptions): Promise<RawAnswer>;
  advanceClock(seconds: number): Promise<void>;
  addFault(fault: unknown): Promise<void>;
  requests(): Promise<readonly LoggedRequest[]>;
  clearRequests(): Promise<void>;
  stop(): Promise<void>;
}

export async function startTestAccount(options: EmulatorOptions = {}): Promise<TestAccount> {
  const emulator = await startEmulator({ port: 0, testControls: true, ...options });
  const { endpoint } = emulator;
  const [key] = emulator.keys;
  const clients: CosmosClient[] = [];
  const createClient = (clientOptions: Partial<CosmosClientOptions> = {}): CosmosClient => {
    const client = new CosmosClient({
      endpoint,
      key,
      connectionPolicy: { enableBackgroundEndpointRefreshing: false },
      ...clientOptions,
    });
    clients.push(client);
    return client;
  };
  const client = createClient();
  let containerCount = 0;
  const control = (method: string, name: string, body?: unknown): Promise<RawAnswer> =>
    sendRaw(endpoint, method, `/_emulator/${name}`, body === undefined ? {} : { body });
  return {
    endpoint,
    key,
    client,
    createClient,
    createContainer: async (definition = {}) => {
      await client.databases.createIfNotExists({ id: "db" });
      containerCount += 1;
      const { container } = await client.database("db").containers.create({
        id: `c${containerCount}`,
        partitionKey: "/pk",
        ...definition,
      });
      return container;
    },
    send: (method, path, rawOptions = {}) => {
      const headers = {
        "x-ms-date": new Date().toUTCString(),
        "x-ms-version": "2020-07-15",
        ...rawOptions.headers,
      };
      const authorization =
        rawOptions.authorization === undefined
          ? sign(key, method, path, headers["x-ms-date"])
          : rawOptions.authorization;
      return sendRaw(endpoint, method, path, {
        ...rawOptions,
        headers: authorization === null ? headers : { ...headers, authorization },
      });
    },
    advanceClock: async (seconds) => {
      await control("POST", "clock", { advanceSeconds: seconds });
    },
    addFault: async (fault) => {
      const { status, body } = await control("POST", "faults", fault);
      if (status !== 201) {
        throw new Error(body.message);
      }
    },
    requests: async () => (await control("GET", "requests")).body.requests,
    clearRequests: async () => {
      await control("DELETE", "requests");
    },
    stop: async () => {
      for (const open of clients) {
        open.dispose();
      }
      await emulator.stop();
    },
  };
}

/** The master-key signature: over the resource's own link, or its parent's where the path names a feed. */
export function sign(key: string, method: string, path: string, date: string): string {
  const segments = path.split("/").filter((segment) => segment !== "");
  const isFeed = segments.length % 2 === 1;
  const type = (isFeed ? segments.at(-1) : segments.at(-2)) ?? "";
  const link = (isFeed ? segments.slice(0, -1) : segments).map(safeDecode).join("/");
  const text = `${method.toLowerCase()}\n${type}\n${link}\n${date.toLowerCase()}\n\n`;
  const signature = createHmac("sha256", Buffer.from(key, "base64")).update(text).digest("base64");
  return encodeURIComponent(`type=master&ver=1.0&sig=${signature}`);
}

function safeDecode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** node:http and not fetch: fetch normalises paths. */
function sendRaw(
  endpoint: string,
  method: string,
  path: string,
  options: { readonly headers?: Readonly<Record<string, string>>; readonly body?: unknown },
): Promise<RawAnswer> {
  const { hostname, port } = new URL(endpoint);
  const body =
    options.body === undefined || options.body instanceof Buffer
      ? options.body
      : Buffer.from(typeof options.body === "string" ? options.body : JSON.stringify(options.body));
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      {
        hostname,
        port,
        method,
        path,
        headers: {
          ...options.headers,
          ...(body === undefined ? {} : { "content-length": String(body.length) }),
        },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          const text = Buffer.concat(chunks).toString("utf8");
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers as RawAnswer["headers"],
            body: text === "" ? undefined : JSON.parse(text),
          });
        });
      },
    );
    request.on("error", reject);
    request.end(body);
  });
}

/** The error of a promise that must reject, as the SDK throws it. */
export async function errorOf(
  promise: Promise<unknown>,
): Promise<{ readonly code: number; readonly substatus?: number; readonly message: string }> {
  try {
    await promise;
  } catch (error) {
    return error as { readonly code: number; readonly message: string };
  }
  throw new Error("It should have been refused.");
}
