import type { ResourceToken } from "../../model/verdict.ts";
import type { PartitionKey } from "../oracle/stored-items.ts";
import type { Random } from "../random.ts";
import { type AnsweringAccount, DATABASE } from "./answering-account.ts";
import type { ContainerPlan } from "./confusable-partitions.ts";

/** A resource token that is out, and what it was made from. */
export interface IssuedToken {
  readonly token: ResourceToken;
  /** What the authorization header holds. */
  readonly authorization: string;
  readonly container: ContainerPlan;
  /** Of an item's permission. */
  readonly id?: string;
  /** The permission's path, while it is there as it was. */
  permission: string | undefined;
  /** What has come over the permission since. */
  fate: string;
}

/** What an event was answered with. */
export interface EventOutcome {
  readonly event: string;
  readonly expected: number;
  readonly observed: number;
}

const LIFETIME_SECONDS = 3600;

/** Tokens that are tried at the same time. */
const MAX_TOKENS = 40;

/** Not a whole share of a lifetime, so that no token is asked about at the moment of its end. */
const ADVANCE_SECONDS = 1500;

/** Issues tokens, and does to their permissions what must not touch them. */
export function createIssuedTokens(account: AnsweringAccount) {
  const tokens: IssuedToken[] = [];
  /** A user's permissions by path, and what each is on. */
  const targets = new Map<string, string>();
  let users = 0;
  let permissions = 0;

  const ask = async (method: string, path: string, body?: unknown) => {
    const message = { method, path: `/${path}`, headers: {}, body: body && JSON.stringify(body) };
    // An object is never the empty text.
    return account.sendAsAccount(message as Parameters<typeof account.sendAsAccount>[0]);
  };
  const userPath = () => `dbs/${DATABASE}/users/user-${users}`;

  const addUser = async (): Promise<EventOutcome> => {
    users += 1;
    const { status } = await ask("POST", `dbs/${DATABASE}/users`, { id: `user-${users}` });
    return { event: "add a user", expected: 201, observed: status };
  };

  const issue = async (random: Random): Promise<EventOutcome> => {
    permissions += 1;
    const id = `permission-${permissions}`;
    const permission = `${userPath()}/permissions/${id}`;
    const { body, ...made } = anyPermission(account, random);
    const expected = isTaken(body, permission) ? 409 : 201;
    const { status, body: text } = await ask("POST", `${userPath()}/permissions`, { id, ...body });
    if (status === 201) {
      targets.set(permission, targetOf(body));
      keep({ ...made, permission }, text);
    }
    return { event: "issue a token", expected, observed: status };
  };

  /** COSMOS-FACTS §2: a user has one permission on a resource and partition. */
  const isTaken = (body: PermissionBody, path: string): boolean =>
    [...targets].some(([other, target]) => other !== path && target === targetOf(body));

  const keep = (
    made: Pick<IssuedToken, "container" | "id" | "permission"> & {
      readonly scope: Pick<ResourceToken, "resource" | "partitionKey" | "mode">;
    },
    text: string,
  ): void => {
    const { scope, ...rest } = made;
    const startMs = account.nowMs();
    // The answer of the service holds the token.
    const { _token } = JSON.parse(text) as { readonly _token: string };
    tokens.push({
      ...rest,
      token: { ...scope, startMs, expiryMs: startMs + LIFETIME_SECONDS * 1000 },
      authorization: encodeURIComponent(_token),
      fate: "there",
    });
    if (tokens.length > MAX_TOKENS) {
      tokens.shift();
    }
  };

  const deletePermission = async (issued: IssuedToken): Promise<EventOutcome> => {
    const { status } = await ask("DELETE", issued.permission ?? "");
    targets.delete(issued.permission ?? "");
    lose([issued], "permission deleted");
    return { event: "delete a permission", expected: 204, observed: status };
  };

  const replacePermission = async (issued: IssuedToken, random: Random): Promise<EventOutcome> => {
    const path = issued.permission ?? "";
    const { body, ...made } = anyPermission(account, random);
    const expected = isTaken(body, path) ? 409 : 200;
    const answer = await ask("PUT", path, { id: path.split("/").at(-1), ...body });
    if (answer.status === 200) {
      targets.set(path, targetOf(body));
      lose([issued], "permission replaced");
      keep({ ...made, permission: path }, answer.body);
    }
    return { event: "replace a permission", expected, observed: answer.status };
  };

  const deleteUser = async (): Promise<EventOutcome> => {
    const path = userPath();
    const { status } = await ask("DELETE", path);
    targets.clear();
    lose(
      tokens.filter(({ permission }) => permission?.startsWith(`${path}/`)),
      "user deleted",
    );
    const added = await addUser();
    const isGone = status === 204;
    return {
      event: "delete a user",
      expected: 204,
      observed: isGone ? added.observed + 3 : status,
    };
  };

  const lose = (those: readonly IssuedToken[], fate: string): void => {
    for (const issued of those) {
      issued.permission = undefined;
      issued.fate = fate;
    }
  };

  return {
    start: addUser,
    issue,
    /** One that is wanted, if there is one; undefined: none is out. */
    any: (random: Random, wants: (issued: IssuedToken) => boolean): IssuedToken | undefined => {
      const wanted = tokens.filter(wants);
      const from = wanted.length === 0 ? tokens : wanted;
      return from.length === 0 ? undefined : random.pick(from);
    },
    /** Something that ends no token, or only by its time. */
    disturb: async (random: Random): Promise<EventOutcome> => {
      const present = tokens.filter(({ permission }) => permission !== undefined);
      const dice = random.int(0, 99);
      if (dice < 40 && present.length > 0) {
        return deletePermission(random.pick(present));
      }
      if (dice < 70 && present.length > 0) {
        return replacePermission(random.pick(present), random);
      }
      if (dice < 82) {
        return deleteUser();
      }
      if (dice < 94) {
        account.regenerateKey(random.pick(["primary", "secondary"]));
        return issue(random);
      }
      account.advance(ADVANCE_SECONDS);
      return issue(random);
    },
  };
}

interface PermissionBody {
  readonly permissionMode: string;
  readonly resource: string;
  readonly resourcePartitionKey?: PartitionKey;
}

function targetOf({ resource, resourcePartitionKey }: PermissionBody): string {
  return JSON.stringify([resource, resourcePartitionKey ?? null]);
}

/** Mostly on a partition, sometimes on an item, a prefix of a key or a whole container. */
function anyPermission(account: AnsweringAccount, random: Random) {
  const container = random.pick(account.containers);
  const key = anyKey(container, random);
  const mode = random.pick(["Read", "All", "All", "All"] as const);
  const dice = random.int(0, 99);
  const id = dice < 8 ? random.pick(["1", "2", "3"]) : undefined;
  const link = `dbs/${DATABASE}/colls/${container.id}`;
  const resource = id === undefined ? link : `${link}/docs/${id}`;
  const isWide = dice >= 92;
  const partitionKey = dice >= 84 && key.length > 1 ? key.slice(0, 1) : key;
  const scope = { resource, mode, ...(isWide ? {} : { partitionKey }) };
  return {
    container,
    scope,
    ...(id === undefined ? {} : { id }),
    body: {
      permissionMode: mode,
      resource,
      ...(isWide ? {} : { resourcePartitionKey: partitionKey }),
    },
  };
}

/** The first of a container more often: the large partition is the first of its container. */
function anyKey({ keys }: ContainerPlan, random: Random): PartitionKey {
  const [first] = keys;
  return first !== undefined && random.chance(0.2) ? first : random.pick(keys);
}

/** A full key under that of a token. */
export function keyUnder({ token, container }: IssuedToken, random: Random): PartitionKey {
  return token.partitionKey === undefined
    ? anyKey(container, random)
    : random.pick(container.keys.filter((key) => isUnder(key, token)));
}

/** A full key beside that of a token, if there is one. */
export function keyBeside({ token, container }: IssuedToken, random: Random): PartitionKey {
  const others = container.keys.filter((key) => !isUnder(key, token));
  return random.pick(others.length === 0 ? container.keys : others);
}

function isUnder(key: PartitionKey, { partitionKey = [] }: ResourceToken): boolean {
  return partitionKey.every((level, at) => JSON.stringify(level) === JSON.stringify(key[at]));
}

/** True for a token on a whole partition that all requests of its mode are answered with. */
export function isAble({ token, container, id }: IssuedToken, isWrite: boolean, nowMs: number) {
  return (
    id === undefined &&
    token.partitionKey?.length === container.levels.length &&
    (token.mode === "All" || !isWrite) &&
    nowMs < token.expiryMs
  );
}
