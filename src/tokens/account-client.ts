import { type HttpClient, RestError } from "@azure/core-rest-pipeline";
import {
  CosmosClient,
  type FeedOptions,
  setAuthorizationTokenHeaderUsingMasterKey,
} from "@azure/cosmos";
import type { WantedPermission } from "../access/access.ts";
import { isAddressableId } from "../cosmos/addressable-id.ts";
import { createPatientHttpClient } from "../cosmos/patient-http-client.ts";
import { type CosmosFailure, readCosmosFailure } from "../cosmos/read-cosmos-failure.ts";
import { GatewayError } from "../gateway-error.ts";
import type { Observe } from "../observability/observation.ts";
import type { Secret } from "../secret.ts";
import {
  type AccountQueue,
  type AccountTurn,
  createAccountQueue,
  ThrottledRequest,
} from "./account-queue.ts";
import { explainAccountFailure } from "./explain-account-failure.ts";
import {
  type MintedPermission,
  readPermission,
  requirePermission,
  toPermissionBody,
} from "./permission-resource.ts";

export interface AccountClientOptions {
  /** For example `https://contoso.documents.azure.com:443/`. */
  readonly endpoint: string;
  /**
   * Account keys, tried in turn. At least one. A function gives those of the moment: the same list
   * until they change.
   */
  readonly keys: readonly Secret[] | (() => readonly Secret[]);
  /** Called when the account has refused every key: `keys` may give others then. */
  readonly onEveryKeyRefused?: () => void;
  readonly database: string;
  /** What carries the requests. */
  readonly httpClient: HttpClient;
  readonly observe: Observe;
}

/**
 * Everything that is done with the account key, as functions. There is no way through them to an
 * item: the client that holds the key never leaves this module, and sends nothing to `/docs`.
 *
 * Answers that are part of the work are results; everything else is thrown as a `GatewayError`
 * (`UPSTREAM_UNAVAILABLE`, or `THROTTLED` after all waiting), whose `logReason` names the setting
 * to look at. Lifetimes are in seconds, 600 to 86400.
 *
 * At most 16 requests are under way at a time; the others wait their turn, which `turn` says on
 * whose behalf it is. Left out, a request is made for its own sake.
 */
export interface AccountClient {
  /** All permissions of a Cosmos user, each with a fresh token; undefined if there is no such user. */
  readPermissionFeed(
    cosmosUserId: string,
    lifetimeSeconds: number,
    turn?: AccountTurn,
  ): Promise<readonly MintedPermission[] | undefined>;
  createUser(cosmosUserId: string, turn?: AccountTurn): Promise<"created" | "exists">;
  /** `exists`: the id is taken, or another permission of the user covers the same resource. */
  createPermission(
    cosmosUserId: string,
    wanted: WantedPermission,
    lifetimeSeconds: number,
    turn?: AccountTurn,
  ): Promise<MintedPermission | "exists" | "missing">;
  replacePermission(
    cosmosUserId: string,
    wanted: WantedPermission,
    lifetimeSeconds: number,
    turn?: AccountTurn,
  ): Promise<MintedPermission | "exists" | "missing">;
  deletePermission(
    cosmosUserId: string,
    permissionId: string,
    turn?: AccountTurn,
  ): Promise<"deleted" | "missing">;
  /** Milliseconds until a newcomer would have a turn; undefined while nothing is throttled. */
  throttledForMs(): number | undefined;
  /** Throws unless the configured database is there. */
  checkDatabase(): Promise<void>;
  /** Undefined if the database has no such container. */
  readContainer(container: string): Promise<ContainerDefinition | undefined>;
}

/** What start-up checks need to know of a container. */
export interface ContainerDefinition {
  readonly id: string;
  /** For example `["/tenantId"]`; several for a hierarchical key. */
  readonly partitionKeyPaths: readonly string[];
}

/** Permissions in one page of the feed. The service's own default is 100. */
const PERMISSIONS_A_PAGE = 1000;

/** How long one request may take, in milliseconds. */
const REQUEST_TIMEOUT_MS = 10_000;

export function createAccountClient(options: AccountClientOptions): AccountClient {
  const { database } = options;
  const queue = createAccountQueue();
  const withKey = createKeyRing(options, queue);
  const user = (client: CosmosClient, id: string) =>
    client.database(database).user(requireUserId(id));

  return {
    throttledForMs: queue.throttledForMs,

    readPermissionFeed: (cosmosUserId, lifetimeSeconds, turn) =>
      withKey(
        async (client) => {
          // Not in the type of feed options, but sent. The feed mints new tokens, so it counts there too.
          const feedOptions: FeedOptions & { readonly resourceTokenExpirySeconds: number } = {
            maxItemCount: PERMISSIONS_A_PAGE,
            resourceTokenExpirySeconds: lifetimeSeconds,
          };
          const feed = user(client, cosmosUserId).permissions.readAll(feedOptions);
          const permissions: MintedPermission[] = [];
          while (feed.hasMoreResults()) {
            const { resources } = await feed.fetchNext();
            permissions.push(
              ...(resources ?? []).flatMap((each) => readPermission(database, each) ?? []),
            );
          }
          return permissions;
        },
        { 404: () => undefined },
        // What a Cosmos user's grants begin with; everything else is part of something begun.
        { kind: "beginning", turn },
      ),

    createUser: (cosmosUserId, turn) =>
      withKey(
        async (client) => {
          await client.database(database).users.create({ id: requireUserId(cosmosUserId) });
          return "created" as const;
        },
        { 409: () => "exists" as const },
        { turn },
      ),

    createPermission: (cosmosUserId, wanted, lifetimeSeconds, turn) =>
      withKey(
        async (client) => {
          const { resource } = await user(client, cosmosUserId).permissions.create(
            toPermissionBody(database, wanted),
            { resourceTokenExpirySeconds: lifetimeSeconds },
          );
          return requirePermission(database, resource);
        },
        { 404: () => "missing" as const, 409: () => "exists" as const },
        { turn },
      ),

    replacePermission: (cosmosUserId, wanted, lifetimeSeconds, turn) =>
      withKey(
        async (client) => {
          const { resource } = await user(client, cosmosUserId)
            .permission(wanted.permissionId)
            .replace(toPermissionBody(database, wanted), {
              resourceTokenExpirySeconds: lifetimeSeconds,
            });
          return requirePermission(database, resource);
        },
        { 404: () => "missing" as const, 409: () => "exists" as const },
        { turn },
      ),

    deletePermission: (cosmosUserId, permissionId, turn) =>
      withKey(
        async (client) => {
          await user(client, cosmosUserId).permission(permissionId).delete();
          return "deleted" as const;
        },
        { 404: () => "missing" as const },
        { turn },
      ),

    checkDatabase: () =>
      withKey(async (client) => {
        await client.database(database).read();
      }),

    readContainer: (container) =>
      withKey(
        async (client) => {
          const { resource } = await client.database(database).container(container).read();
          return (
            resource && { id: resource.id, partitionKeyPaths: resource.partitionKey?.paths ?? [] }
          );
        },
        { 404: () => undefined },
      ),
  };
}

interface QueuePlace {
  readonly kind?: "beginning" | "continuing";
  readonly turn?: AccountTurn | undefined;
}

type ExpectedAnswers<Result> = Readonly<Record<number, () => Result>>;

/**
 * Runs an action with the key that worked last, and with each other key in turn while Cosmos DB
 * answers 401: so a key can be rolled while the gateway runs. When it has refused them all, those
 * that came meanwhile are tried. `expected` says which other error answers are results.
 */
function createKeyRing(options: AccountClientOptions, queue: AccountQueue) {
  const { keys, onEveryKeyRefused } = options;
  const currentKeys = typeof keys === "function" ? keys : () => keys;
  const ringFor = (keysNow: readonly Secret[]) => ringOf(keysNow, options, queue);
  let latest = ringFor(currentKeys());

  const currentRing = (): KeyRing => {
    const keysNow = currentKeys();
    if (keysNow !== latest.keys) {
      latest = ringFor(keysNow);
    }
    return latest;
  };

  const runWithKeys = async <Result, Expected>(
    action: (client: CosmosClient) => Promise<Result>,
    expected: ExpectedAnswers<Expected>,
  ): Promise<Result | Expected> => {
    for (;;) {
      const ring = currentRing();
      const outcome = await tryKeys(ring, (client) => settle(action(client), expected), options);
      if (!("failure" in outcome)) {
        return outcome.result;
      }
      if (isKeyRefused(outcome.failure)) {
        onEveryKeyRefused?.();
      }
      if (!isKeyRefused(outcome.failure) || currentRing() === ring) {
        const error = explainAccountFailure(outcome.failure, { ...options, keys: ring.keys });
        throw error.code === "THROTTLED" ? new ThrottledRequest(error) : error;
      }
    }
  };

  return function withKey<Result, Expected = never>(
    action: (client: CosmosClient) => Promise<Result>,
    expected: ExpectedAnswers<Expected> = {},
    { kind = "continuing", turn }: QueuePlace = {},
  ): Promise<Result | Expected> {
    return queue.run(kind, () => runWithKeys(action, expected), turn);
  };
}

/** Clients for a list of keys, in its order. */
interface KeyRing {
  readonly keys: readonly Secret[];
  readonly clients: readonly CosmosClient[];
  workingKeyIndex: number;
}

function ringOf(
  keys: readonly Secret[],
  options: AccountClientOptions,
  queue: AccountQueue,
): KeyRing {
  return {
    keys,
    clients: keys.map((key) => createKeyClient(options, key, queue)),
    workingKeyIndex: 0,
  };
}

type Outcome<Result> = { readonly result: Result } | { readonly failure: CosmosFailure };

/**
 * Returns the first outcome that is no refusal of the key, or else the last refusal. Refused keys are
 * observed unless all are: the error that this leads to says so, once.
 */
async function tryKeys<Result>(
  ring: KeyRing,
  action: (client: CosmosClient) => Promise<Outcome<Result>>,
  { observe }: Pick<AccountClientOptions, "observe">,
): Promise<Outcome<Result>> {
  const inTurn = [...ring.clients.entries()];
  const { workingKeyIndex } = ring;
  const refused: number[] = [];
  let outcome: Outcome<Result> = { failure: { kind: "unknown" } };
  for (const [keyIndex, client] of [
    ...inTurn.slice(workingKeyIndex),
    ...inTurn.slice(0, workingKeyIndex),
  ]) {
    outcome = await action(client);
    if ("failure" in outcome && isKeyRefused(outcome.failure)) {
      refused.push(keyIndex);
      continue;
    }
    for (const index of refused) {
      observe({ kind: "account-key-refused", keyIndex: index });
    }
    if (!("failure" in outcome)) {
      ring.workingKeyIndex = keyIndex;
    }
    return outcome;
  }
  return outcome;
}

async function settle<Result, Expected>(
  promise: Promise<Result>,
  expected: ExpectedAnswers<Expected>,
): Promise<Outcome<Result | Expected>> {
  try {
    return { result: await promise };
  } catch (error) {
    if (error instanceof GatewayError) {
      throw error;
    }
    const failure = readCosmosFailure(error);
    const answer = failure.kind === "answer" ? expected[failure.status] : undefined;
    return answer === undefined ? { failure } : { result: answer() };
  }
}

function isKeyRefused(failure: CosmosFailure): boolean {
  return failure.kind === "answer" && failure.status === 401;
}

/**
 * A client that signs with one key. The SDK never holds the key itself, so no log or error of it
 * can show one. It talks to the account's global endpoint, which leads to the write region: where
 * users and permissions are written.
 */
function createKeyClient(
  { endpoint, httpClient }: AccountClientOptions,
  key: Secret,
  queue: AccountQueue,
): CosmosClient {
  return new CosmosClient({
    endpoint,
    userAgentSuffix: "cosmos-graphql-gateway",
    // A 429 is the affair of the whole queue; a 449 passes by itself.
    httpClient: refuseItemRequests(
      createPatientHttpClient(reportAnswers(httpClient, queue), [449]),
    ),
    connectionPolicy: {
      enableEndpointDiscovery: false,
      enableBackgroundEndpointRefreshing: false,
      requestTimeout: REQUEST_TIMEOUT_MS,
      retryOptions: { maxRetryAttemptCount: 0 },
    },
    tokenProvider: async ({ verb, resourceId, resourceType, headers }) => {
      await setAuthorizationTokenHeaderUsingMasterKey(
        verb,
        resourceId,
        resourceType,
        headers,
        key.reveal(),
      );
      // The signer encodes the header, and the SDK encodes what it is given once more.
      return decodeURIComponent(String(headers.authorization));
    },
  });
}

function reportAnswers(httpClient: HttpClient, queue: AccountQueue): HttpClient {
  return {
    sendRequest: async (request) => {
      const response = await httpClient.sendRequest(request);
      if (response.status !== 429) {
        queue.onAnswer(Number(response.headers.get("x-ms-request-charge")) || 0);
      }
      return response;
    },
  };
}

/** Nothing here asks for an item; should that ever change, this keeps the key away from them. */
function refuseItemRequests(httpClient: HttpClient): HttpClient {
  return {
    sendRequest: async (request) => {
      if (/\/colls\/[^/]+\/docs(\/|$)/.test(new URL(request.url).pathname)) {
        throw new RestError("The account key is not for items.", { code: "ITEM_REQUEST_REFUSED" });
      }
      return httpClient.sendRequest(request);
    },
  };
}

/** Access profiles make no such id; this keeps a URL from naming something else than the user. */
function requireUserId(id: string): string {
  if (!isAddressableId(id) || id.includes("?") || id.endsWith(" ")) {
    throw new GatewayError("NO_ACCESS_PROFILE", "No access profile fits this caller.", {
      logReason: `not an id that a Cosmos DB user can have: ${JSON.stringify(id)}`,
    });
  }
  return id;
}
