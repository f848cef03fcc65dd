import { createEtag } from "../resources/etag.ts";
import { conflict } from "../service-errors.ts";
import { createNumberedResources, type NumberedResources } from "./numbered-resources.ts";
import type { PermissionDefinition } from "./permission-definition.ts";
import {
  permissionNumber,
  permissionResourceId,
  userNumber,
  userResourceId,
} from "./user-resource-id.ts";

/** What every stored resource has. */
interface Stored {
  readonly id: string;
  readonly rid: string;
  /** With its quotes, as it travels. */
  readonly etag: string;
  /** Seconds since the epoch, the resource's `_ts`. */
  readonly tsSeconds: number;
}

/** A user as stored. */
export type StoredUser = Stored;

/** A permission as stored. It holds no token: each answer mints one. */
export interface StoredPermission extends Stored, PermissionDefinition {}

/** One change, as plain JSON: enough to repeat it after a restart. */
export type UserDirectoryEvent =
  | { readonly kind: "userWritten"; readonly user: StoredUser }
  /** Takes the user's permissions along. */
  | { readonly kind: "userDeleted"; readonly userRid: string }
  | {
      readonly kind: "permissionWritten";
      readonly userRid: string;
      readonly permission: StoredPermission;
    }
  | {
      readonly kind: "permissionDeleted";
      readonly userRid: string;
      readonly permissionRid: string;
    };

export interface UserDirectoryOptions {
  readonly databaseId: string;
  readonly databaseRid: string;
  /** Called after each change that a request made, never for `apply`. */
  readonly onChange?: (event: UserDirectoryEvent) => void;
}

/** The users and permissions of one database. Bodies are checked before they come here. */
export interface UserDirectory {
  readonly databaseId: string;
  readonly databaseRid: string;
  readonly users: Pick<NumberedResources<StoredUser>, "byId" | "byRid" | "after" | "size">;
  /** The permissions of a user; none for a user that does not exist. */
  permissions(
    userRid: string,
  ): Pick<NumberedResources<StoredPermission>, "byId" | "byRid" | "after" | "size">;
  /** How many permissions there are, of all users. */
  permissionCount(): number;
  /**
   * Creates a user, or with `former` gives that one another id.
   *
   * @throws CosmosError 409 if another user has the id.
   */
  writeUser(id: string, nowMs: number, former?: StoredUser): StoredUser;
  deleteUser(user: StoredUser): void;
  /**
   * Creates a permission, or replaces `former`.
   *
   * @throws CosmosError 409 if another permission of the user has the id, or has the same resource
   *   link, letter by letter, together with the same partition key.
   */
  writePermission(
    user: StoredUser,
    definition: PermissionDefinition,
    nowMs: number,
    former?: StoredPermission,
  ): StoredPermission;
  deletePermission(user: StoredUser, permission: StoredPermission): void;
  /** Repeats a change of an earlier run. */
  apply(event: UserDirectoryEvent): void;
  /** The events that build the present state in an empty directory. */
  snapshot(): Iterable<UserDirectoryEvent>;
}

interface UserPermissions {
  readonly feed: NumberedResources<StoredPermission>;
  /** The rid of the permission on each resource and partition. */
  readonly ridByTarget: Map<string, string>;
}

/** An empty directory. */
export function createUserDirectory(options: UserDirectoryOptions): UserDirectory {
  const { databaseId, databaseRid, onChange } = options;
  const users = createNumberedResources<StoredUser>(userNumber);
  const permissionsByUser = new Map<string, UserPermissions>();
  let permissionCount = 0;

  function permissionsOf(userRid: string): UserPermissions {
    return permissionsByUser.get(userRid) ?? createUserPermissions();
  }

  function withPermissions(userRid: string, write: (owned: UserPermissions) => void): void {
    const owned = permissionsOf(userRid);
    permissionsByUser.set(userRid, owned);
    permissionCount -= owned.feed.size;
    write(owned);
    permissionCount += owned.feed.size;
  }

  function apply(event: UserDirectoryEvent): void {
    switch (event.kind) {
      case "userWritten":
        users.put(event.user);
        break;
      case "userDeleted":
        users.delete(event.userRid);
        permissionCount -= permissionsOf(event.userRid).feed.size;
        permissionsByUser.delete(event.userRid);
        break;
      case "permissionWritten":
        withPermissions(event.userRid, (owned) => putPermission(owned, event.permission));
        break;
      case "permissionDeleted":
        withPermissions(event.userRid, (owned) => deletePermission(owned, event.permissionRid));
        break;
    }
  }

  function change(event: UserDirectoryEvent): void {
    apply(event);
    onChange?.(event);
  }

  return {
    databaseId,
    databaseRid,
    users,
    permissions: (userRid) => permissionsOf(userRid).feed,
    permissionCount: () => permissionCount,
    writeUser(id, nowMs, former) {
      refuseOther(users.byId(id), former);
      const rid = former?.rid ?? userResourceId(databaseRid, users.lastNumber() + 1);
      const user = { id, rid, ...stamp(nowMs) };
      change({ kind: "userWritten", user });
      return user;
    },
    deleteUser: (user) => change({ kind: "userDeleted", userRid: user.rid }),
    writePermission(user, definition, nowMs, former) {
      const { feed, ridByTarget } = permissionsOf(user.rid);
      refuseOther(feed.byId(definition.id), former);
      refuseOther(feed.byRid(ridByTarget.get(targetKey(definition)) ?? ""), former);
      const rid = former?.rid ?? permissionResourceId(user.rid, feed.lastNumber() + 1);
      const permission = { ...definition, rid, ...stamp(nowMs) };
      change({ kind: "permissionWritten", userRid: user.rid, permission });
      return permission;
    },
    deletePermission: (user, permission) =>
      change({
        kind: "permissionDeleted",
        userRid: user.rid,
        permissionRid: permission.rid,
      }),
    apply,
    *snapshot() {
      // The deletion of the last one, gone already, keeps its number from coming again.
      const lastUserRid = userResourceId(databaseRid, users.lastNumber());
      if (users.lastNumber() > 0 && users.byRid(lastUserRid) === undefined) {
        yield { kind: "userDeleted", userRid: lastUserRid };
      }
      for (const user of users.after(undefined)) {
        yield { kind: "userWritten", user };
        yield* permissionEvents(user.rid, permissionsOf(user.rid).feed);
      }
    },
  };
}

function* permissionEvents(
  userRid: string,
  feed: NumberedResources<StoredPermission>,
): Iterable<UserDirectoryEvent> {
  const lastRid = permissionResourceId(userRid, feed.lastNumber());
  if (feed.lastNumber() > 0 && feed.byRid(lastRid) === undefined) {
    yield { kind: "permissionDeleted", userRid, permissionRid: lastRid };
  }
  for (const permission of feed.after(undefined)) {
    yield { kind: "permissionWritten", userRid, permission };
  }
}

function createUserPermissions(): UserPermissions {
  return { feed: createNumberedResources(permissionNumber), ridByTarget: new Map() };
}

function putPermission({ feed, ridByTarget }: UserPermissions, permission: StoredPermission): void {
  const former = feed.byRid(permission.rid);
  if (former !== undefined) {
    ridByTarget.delete(targetKey(former));
  }
  feed.put(permission);
  ridByTarget.set(targetKey(permission), permission.rid);
}

function deletePermission({ feed, ridByTarget }: UserPermissions, rid: string): void {
  const former = feed.byRid(rid);
  if (former !== undefined) {
    ridByTarget.delete(targetKey(former));
  }
  feed.delete(rid);
}

/**
 * What may occur once in a user's permissions. Names and rids of one container are two targets, as
 * in the service: `ResourceTokenTest.java` of Microsoft's Java SDK creates both.
 */
function targetKey({ resource, partitionKey }: PermissionDefinition): string {
  return JSON.stringify([resource, partitionKey ?? null]);
}

function refuseOther(found: Stored | undefined, former: Stored | undefined): void {
  if (found !== undefined && found.rid !== former?.rid) {
    throw conflict();
  }
}

/** The etag and time of a write. */
function stamp(nowMs: number): Pick<Stored, "etag" | "tsSeconds"> {
  const tsSeconds = Math.floor(nowMs / 1000);
  return { etag: createEtag(tsSeconds), tsSeconds };
}
