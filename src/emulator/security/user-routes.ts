import type { CosmosRequest, CosmosResponse } from "../http/cosmos-request.ts";
import type { JsonObject } from "../json.ts";
import { requireResourceName } from "../resources/resource-identifier.ts";
import { notFound } from "../service-errors.ts";
import { readPermissionDefinition } from "../users/permission-definition.ts";
import { permissionModeOf } from "../users/permission-mode.ts";
import type { StoredPermission, StoredUser, UserDirectory } from "../users/user-directory.ts";
import {
  answerFeedRequest,
  answerResourceRequest,
  type DirectoryFeed,
  requireResource,
} from "./directory-feed.ts";
import type { ResourceTokenSealer } from "./resource-token.ts";
import { tokenLifetimeSeconds } from "./token-lifetime.ts";

export interface UserRequestContext {
  readonly sealer: ResourceTokenSealer;
  /** The emulator's clock: minted tokens start here. Milliseconds since the epoch. */
  readonly nowMs: number;
}

/** An account's, as the service's quota headers tell. */
const USER_QUOTA = 500_000;
const PERMISSION_QUOTA = 2_000_000;

/**
 * Answers every request under `/dbs/{db}/users`, after authentication and authorization.
 * The path's database is the directory's. Headers that every answer has are the server's.
 *
 * @throws CosmosError 400, 404, 405, 409, 412
 */
export function handleUserRequest(
  directory: UserDirectory,
  request: CosmosRequest,
  context: UserRequestContext,
): CosmosResponse {
  const [, database, , user, permissions, permission, ...rest] = request.segments;
  const isRid = database !== directory.databaseId;
  const users = userFeed(directory, context);
  if (user === undefined) {
    return answerFeedRequest(users, request);
  }
  const userLink = { text: user, isRid };
  if (permissions === undefined) {
    return answerResourceRequest(users, userLink, request);
  }
  if (permissions !== "permissions" || rest.length > 0) {
    throw notFound();
  }
  const owner = requireResource(users.resources, userLink);
  const feed = permissionFeed(directory, owner, request, context);
  return permission === undefined
    ? answerFeedRequest(feed, request)
    : answerResourceRequest(feed, { text: permission, isRid }, request);
}

function userFeed(
  directory: UserDirectory,
  { nowMs }: UserRequestContext,
): DirectoryFeed<StoredUser> {
  return {
    name: "Users",
    owner: { link: `dbs/${directory.databaseId}`, rid: directory.databaseRid },
    resources: directory.users,
    write: (body, former) => directory.writeUser(requireResourceName(body.id), nowMs, former),
    delete: (user) => directory.deleteUser(user),
    toJson: ({ id, rid, etag, tsSeconds }) => ({
      id,
      _rid: rid,
      _self: `dbs/${directory.databaseRid}/users/${rid}/`,
      _etag: etag,
      _permissions: "permissions/",
      _ts: tsSeconds,
    }),
    nowMs,
    usage: () => ({ used: directory.users.size, quota: USER_QUOTA }),
  };
}

function permissionFeed(
  directory: UserDirectory,
  user: StoredUser,
  request: CosmosRequest,
  { sealer, nowMs }: UserRequestContext,
): DirectoryFeed<StoredPermission> {
  // Read before anything is written: a lifetime that is refused must leave nothing behind.
  const lifetimeSeconds = tokenLifetimeSeconds(request);
  return {
    name: "Permissions",
    owner: { link: `dbs/${directory.databaseId}/users/${user.id}`, rid: user.rid },
    resources: directory.permissions(user.rid),
    write: (body, former) =>
      directory.writePermission(user, readPermissionDefinition(body, directory), nowMs, former),
    delete: (permission) => directory.deletePermission(user, permission),
    toJson: (permission) =>
      permissionJson(
        permission,
        `dbs/${directory.databaseRid}/users/${user.rid}`,
        mint(permission),
      ),
    nowMs,
    usage: () => ({ used: directory.permissionCount(), quota: PERMISSION_QUOTA }),
  };

  function mint({ id, mode, resource, partitionKey }: StoredPermission): string {
    return sealer.seal({
      userRid: user.rid,
      userId: user.id,
      permissionId: id,
      // No stored mode is another one: were there one, it would allow the least.
      mode: permissionModeOf(mode) ?? "Read",
      resource,
      ...(partitionKey === undefined ? {} : { partitionKey }),
      startMs: nowMs,
      expiryMs: nowMs + lifetimeSeconds * 1000,
    });
  }
}

function permissionJson(
  permission: StoredPermission,
  userSelf: string,
  resourceToken: string,
): JsonObject {
  const { id, mode, resource, partitionKey, rid, etag, tsSeconds } = permission;
  return {
    id,
    permissionMode: mode,
    resource,
    ...(partitionKey === undefined ? {} : { resourcePartitionKey: partitionKey }),
    _rid: rid,
    _self: `${userSelf}/permissions/${rid}/`,
    _etag: etag,
    _token: resourceToken,
    _ts: tsSeconds,
  };
}
