import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CosmosError } from "../../../src/emulator/cosmos-error.ts";
import {
  createUserDirectory,
  type UserDirectory,
  type UserDirectoryEvent,
} from "../../../src/emulator/users/user-directory.ts";

const database = { databaseId: "shop", databaseRid: "YV1WAA==" };
const nowMs = 1_800_000_000_000;

interface Step {
  readonly verb: "create" | "rename" | "delete" | "grant" | "change" | "revoke";
  readonly user: string;
  readonly other: string;
  readonly permission: string;
  readonly resource: string;
  readonly key: readonly string[] | undefined;
}

const name = fc.constantFrom("a", "b", "c");
const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({
    verb: fc.constantFrom(
      "create",
      "create",
      "grant",
      "grant",
      "rename",
      "delete",
      "change",
      "revoke",
    ),
    user: name,
    other: name,
    permission: name,
    resource: name,
    key: fc.option(fc.constantFrom(["x"], ["y"]), { nil: undefined }),
  }),
  { maxLength: 40 },
);

/** Does what a request would do; a refusal changes nothing. */
function take(directory: UserDirectory, step: Step): void {
  const user = directory.users.byId(step.user);
  const permissions = directory.permissions(user?.rid ?? "");
  const permission = permissions.byId(step.permission);
  const definition = {
    id: step.verb === "change" ? step.other : step.permission,
    mode: "Read" as const,
    resource: step.resource,
    ...(step.key === undefined ? {} : { partitionKey: step.key }),
  };
  try {
    if (step.verb === "create") {
      directory.writeUser(step.user, nowMs);
    }
    if (user === undefined) {
      return;
    }
    if (step.verb === "rename") {
      directory.writeUser(step.other, nowMs, user);
    }
    if (step.verb === "delete") {
      directory.deleteUser(user);
    }
    if (step.verb === "grant") {
      directory.writePermission(user, definition, nowMs);
    }
    if (permission === undefined) {
      return;
    }
    if (step.verb === "change") {
      directory.writePermission(user, definition, nowMs, permission);
    }
    if (step.verb === "revoke") {
      directory.deletePermission(user, permission);
    }
  } catch (error) {
    expect(error).toBeInstanceOf(CosmosError);
    expect(error).toMatchObject({ status: 409 });
  }
}

/** Everything that requests can see. */
function view(directory: UserDirectory) {
  return [...directory.users.after(undefined)].map((user) => ({
    user,
    permissions: [...directory.permissions(user.rid).after(undefined)],
  }));
}

function rebuilt(events: Iterable<UserDirectoryEvent>): UserDirectory {
  const directory = createUserDirectory(database);
  // As JSON, which is how a log keeps them.
  for (const event of events) {
    directory.apply(JSON.parse(JSON.stringify(event)));
  }
  return directory;
}

describe("a user directory", () => {
  test("is rebuilt by its events and by its snapshot, and goes on with the same rids", () => {
    fc.assert(
      fc.property(steps, steps, (first, then) => {
        const events: UserDirectoryEvent[] = [];
        const directory = createUserDirectory({
          ...database,
          onChange: (event) => events.push(event),
        });
        for (const step of first) {
          take(directory, step);
        }
        const copies = [rebuilt(events), rebuilt(directory.snapshot())];
        for (const copy of copies) {
          expect(view(copy)).toEqual(view(directory));
          expect(copy.users.size).toBe(directory.users.size);
          expect(copy.permissionCount()).toBe(directory.permissionCount());
        }
        for (const each of [directory, ...copies]) {
          for (const step of then) {
            take(each, step);
          }
        }
        const rids = (each: UserDirectory) =>
          view(each).map(({ user, permissions }) => [user.rid, permissions.map(({ rid }) => rid)]);
        for (const copy of copies) {
          expect(rids(copy)).toEqual(rids(directory));
        }
      }),
    );
  });

  test("never gives a rid twice, holds each id and each target once, and counts right", () => {
    fc.assert(
      fc.property(steps, (all) => {
        const given = new Set<string>();
        const directory = createUserDirectory({
          ...database,
          onChange: (event) => {
            if (event.kind === "userDeleted") {
              given.add(`gone ${event.userRid}`);
            }
            if (event.kind === "userWritten") {
              expect(given).not.toContain(`gone ${event.user.rid}`);
            }
          },
        });
        for (const step of all) {
          take(directory, step);
        }
        const users = view(directory);
        expect(new Set(users.map(({ user }) => user.id)).size).toBe(directory.users.size);
        const counts = users.map(({ permissions }) => permissions.length);
        expect(counts.reduce((sum, count) => sum + count, 0)).toBe(directory.permissionCount());
        for (const { permissions } of users) {
          const targets = permissions.map(({ resource, partitionKey }) =>
            JSON.stringify([resource, partitionKey]),
          );
          expect(new Set(targets).size).toBe(permissions.length);
          expect(new Set(permissions.map(({ id }) => id)).size).toBe(permissions.length);
        }
      }),
    );
  });

  test("tells no event for a change that is repeated or refused", () => {
    const events: UserDirectoryEvent[] = [];
    const directory = createUserDirectory({ ...database, onChange: (each) => events.push(each) });
    const user = directory.writeUser("u", nowMs);
    expect(() => directory.writeUser("u", nowMs)).toThrow(CosmosError);
    directory.apply({ kind: "userWritten", user: { ...user, id: "v" } });
    expect(events).toHaveLength(1);
    expect(directory.users.byId("u")).toBeUndefined();
    expect(directory.users.byId("v")?.rid).toBe(user.rid);
  });

  test("pages through 20,000 users in order", () => {
    const directory = createUserDirectory(database);
    for (let index = 0; index < 20_000; index += 1) {
      directory.writeUser(`u${index}`, nowMs);
    }
    let after: string | undefined;
    let seen = 0;
    do {
      let taken = 0;
      let last: string | undefined;
      for (const { id, rid } of directory.users.after(after)) {
        if (taken === 100) {
          break;
        }
        expect(id).toBe(`u${seen}`);
        seen += 1;
        taken += 1;
        last = rid;
      }
      after = last;
    } while (after !== undefined);
    expect(seen).toBe(20_000);
  });
});
