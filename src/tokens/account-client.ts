import type { HttpClient } from "@azure/core-rest-pipeline";
import {
  type CosmosClient,
  type FeedOptions,
  setAuthorizationTokenHeaderUsingMasterKey,
} from "@azure/cosmos";
import { isAddressableId } from "../cosmos/addressable-id.ts";
import { GatewayError } from "../gateway-error.ts";
import type { Secret } from "../secret.ts";
import { createKeyClient, type SignRequest } from "./account-key-client.ts";
import { createKeyRing, type KeyRingOptions } from "./account-key-ring.ts";
import type { AccountOperations } from "./account-operations.ts";
import { createAccountQueue } from "./account-queue.ts";
import {
  type MintedPermission,
  readPermission,
  requirePermission,
  toPermissionBody,
} from "./permission-resource.ts";

export interface AccountClientOptions extends KeyRingOptions {
  /** What carries the requests. */
  readonly httpClient: HttpClient;
}

/** Permissions in one page of the feed. The service's own default is 100. */
const PERMISSIONS_A_PAGE = 1000;

/**
 * The one module that reads the account key. The clients that sign with it never leave it; what it
 * gives away are functions.
 */
export function createAccountClient(options: AccountClientOptions): AccountOperations {
  const { database } = options;
  const queue = createAccountQueue();
  const withKey = createKeyRing(options, queue, (key) =>
    createKeyClient(options, signWith(key), queue.onAnswer),
  );
  const user = (client: CosmosClient, id: string) =>
    client.database(database).user(requireUserId(id));

  return {
    throttledForMs: queue.throttledForMs,

    readPermissionFeed: (cosmosUserId, lifetimeSeconds, turn) =>
      withKey(
        async (client) => {
          // Not in the type of feed options, but sent. The feed mints new tokens, so it counts
          // there too.
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

/** The only place that reads an account key. */
function signWith(key: Secret): SignRequest {
  return async ({ verb, resourceId, resourceType, headers }) => {
    await setAuthorizationTokenHeaderUsingMasterKey(
      verb,
      resourceId,
      resourceType,
      headers,
      key.reveal(),
    );
    // The signer encodes the header, and the SDK encodes what it is given once more.
    return decodeURIComponent(String(headers.authorization));
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
