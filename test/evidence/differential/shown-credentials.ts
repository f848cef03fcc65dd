import { createHmac } from "node:crypto";
import type { ResourceToken, Shown } from "../../model/verdict.ts";
import type { Random } from "../random.ts";
import type { AccountInProcess } from "./account-in-process.ts";
import { type Aim, type AimedRequest, anyKey, type HeaderLevel, inRids } from "./aimed-request.ts";

/** What a request shows, as text and as what it means. */
export interface Credential {
  /** The header; undefined: none. */
  readonly authorization?: string;
  /** Beside it, for account keys. */
  readonly date?: Readonly<Record<string, string>>;
  readonly shown: Shown;
  /** The key of the one item that the token's rid names: a second condition. */
  readonly itemKey?: readonly HeaderLevel[];
  /** True for an account key's signature that is good and out of its time. */
  readonly isDated?: boolean;
}

const HOUR_MS = 3_600_000;
/** COSMOS-FACTS §5: five minutes, measured. */
const SKEW_MS = 300_000;

/**
 * What a request shows: mostly the given token, in one of the forms that are taken.
 *
 * @param nowMs a whole second.
 */
export function anyCredential(
  request: AimedRequest,
  { token, sealed, itemKey }: SealedToken,
  account: AccountInProcess,
  nowMs: number,
  random: Random,
): Credential {
  const dice = random.int(0, 99);
  if (dice < 3) {
    return { shown: "missing", ...pickOptional(random, [undefined, "", "  "]) };
  }
  if (dice < 18) {
    return accountKey(request, account, nowMs, random);
  }
  if (dice < 23) {
    return { shown: "malformed", authorization: random.pick(MALFORMED)(sealed) };
  }
  if (dice < 28) {
    const foreign = account.foreignSealer.seal({ ...OWNER, ...token });
    return { shown: "forged", authorization: encodeURIComponent(forge(sealed, foreign, random)) };
  }
  return {
    shown: token,
    authorization: present(sealed, random),
    ...(itemKey === undefined ? {} : { itemKey }),
  };
}

function pickOptional(random: Random, texts: readonly (string | undefined)[]) {
  const authorization = random.pick(texts);
  return authorization === undefined ? {} : { authorization };
}

const OWNER = { userRid: "rid", userId: "user", permissionId: "permission" };

/** A resource token as text, and what it says. */
export interface SealedToken {
  readonly token: ResourceToken;
  readonly sealed: string;
  /** The key of the one item that its rid names. */
  readonly itemKey?: readonly HeaderLevel[];
}

/** A token that often covers what is aimed at, or misses it in one respect. */
export function sealToken(
  aim: Aim,
  account: AccountInProcess,
  nowMs: number,
  random: Random,
): SealedToken {
  const container = random.chance(0.85) ? aim.container : random.pick(account.containers);
  const link = ["dbs", container.database, "colls", container.id];
  if (random.chance(0.2)) {
    link.push(
      random.chance(0.85) ? aim.feed : random.pick(["docs", "sprocs", "udfs"]),
      random.chance(0.8) ? aim.id : random.pick(["1", "*", "2 ", "%31"]),
    );
  }
  const meant = random.chance(0.15)
    ? inRids(link, container, random)
    : { names: link, written: link };
  const { startMs, expiryMs } = anyTimes(nowMs, random);
  const token: ResourceToken = {
    resource: meant.names.join("/"),
    mode: random.chance(0.6) ? "All" : "Read",
    startMs,
    expiryMs,
    ...(random.chance(0.55)
      ? { partitionKey: permittedKey(aim.key, container.levels, random) }
      : {}),
  };
  const resource = `${meant.written.join("/")}${random.chance(0.05) ? "/" : ""}`;
  return {
    token,
    sealed: account.sealer.seal({ ...OWNER, ...token, resource }),
    ...(meant.itemKey === undefined ? {} : { itemKey: meant.itemKey }),
  };
}

function permittedKey(
  aimed: readonly HeaderLevel[],
  levels: number,
  random: Random,
): readonly HeaderLevel[] {
  const dice = random.int(0, 9);
  return dice < 6 ? aimed : dice < 8 ? aimed.slice(0, 1) : anyKey(levels, random);
}

/** Mostly current; often at the very edge of what is still taken, or just beyond it. */
function anyTimes(nowMs: number, random: Random) {
  const edge = random.pick([-1, 0, 1, 1000, -1000]);
  switch (random.int(0, 11)) {
    case 0: {
      const expiryMs = nowMs - SKEW_MS + edge;
      return { startMs: expiryMs - HOUR_MS, expiryMs };
    }
    case 1: {
      const startMs = nowMs + SKEW_MS + edge;
      return { startMs, expiryMs: startMs + HOUR_MS };
    }
    case 2:
      return { startMs: nowMs - 3 * HOUR_MS, expiryMs: nowMs - 2 * HOUR_MS };
    case 3:
      return { startMs: nowMs + HOUR_MS, expiryMs: nowMs + 2 * HOUR_MS };
    default:
      return { startMs: nowMs - random.int(0, HOUR_MS), expiryMs: nowMs + random.int(0, HOUR_MS) };
  }
}

/** The token in a header, in the forms that are taken. */
function present(token: string, random: Random): string {
  switch (random.int(0, 19)) {
    case 0:
      return ` ${encodeURIComponent(token)} `;
    case 1:
      return `${encodeURIComponent(token)},type%3Dmaster%26ver%3D1.0%26sig%3Dx`;
    case 2:
      return encodeURIComponent(
        token.replace("type=resource&ver=1&sig=", "TYPE=Resource&VER=1&SIG="),
      );
    case 3:
      return encodeURIComponent(token).replace(/[a-z]/, (c) => `%${c.charCodeAt(0).toString(16)}`);
    default:
      return encodeURIComponent(token);
  }
}

const MALFORMED: readonly ((token: string) => string)[] = [
  (token) => token,
  () => "null",
  () => "undefined",
  (token) => `Bearer ${encodeURIComponent(token)}`,
  (token) => encodeURIComponent(encodeURIComponent(token)),
  (token) => encodeURIComponent(token.replace("&ver=1", "")),
  (token) => encodeURIComponent(token.replace("type=resource&", "")),
  () => encodeURIComponent("type=resource&ver=1&sig="),
  () => encodeURIComponent("type=&ver=1&sig=x"),
  (token) => `${encodeURIComponent(token)}%`,
  (token) => encodeURIComponent(`,${token}`),
  // COSMOS-FACTS §5: 8 kB for resource tokens
  (token) => encodeURIComponent(`${token}${"x".repeat(8192)}`),
];

/** Well-formed, and sealed by nobody: each way changes a byte at least. */
function forge(token: string, foreign: string, random: Random): string {
  const [, vector = "", body = ""] = /sig=([^;]+);([^;]+);$/.exec(token) ?? [];
  const [, otherVector = ""] = /sig=([^;]+);/.exec(foreign) ?? [];
  const sign = (first: string, second: string) => `type=resource&ver=1&sig=${first};${second};`;
  switch (random.int(0, 8)) {
    case 0:
      return foreign;
    case 1:
      return sign(otherVector, body);
    case 2:
      return sign(flipBit(vector, random), body);
    case 3:
      return sign(vector, Buffer.from(body, "base64").subarray(16).toString("base64"));
    case 4:
      return sign(vector, Buffer.from(body, "base64").subarray(0, 16).toString("base64"));
    case 5:
      return token.slice(0, -1);
    case 6:
      return token.replace("type=resource", random.pick(["type=master", "type=aad", "type=sas"]));
    case 7:
      return sign(body, vector);
    default:
      return sign(vector, flipBit(body, random));
  }
}

function flipBit(base64: string, random: Random): string {
  const bytes = Buffer.from(base64, "base64");
  const at = random.int(0, bytes.length - 1);
  bytes[at] = (bytes[at] ?? 0) ^ (1 << random.int(0, 7));
  return bytes.toString("base64");
}

/** A signature with an account key, by COSMOS-FACTS §16. Dates are whole seconds. */
function accountKey(
  request: AimedRequest,
  { keys }: AccountInProcess,
  nowMs: number,
  random: Random,
): Credential {
  const offsetMs = random.pick([0, 0, 0, 900_000, -900_000, 901_000, -901_000, 5 * HOUR_MS]);
  const date = new Date(nowMs + offsetMs).toUTCString();
  const isDateHeader = random.chance(0.2);
  const form = signedForm(request);
  const text = (verb: string, type: string, link: string) =>
    `${verb.toLowerCase()}\n${type}\n${link}\n${isDateHeader ? "" : date.toLowerCase()}\n${isDateHeader ? date.toLowerCase() : ""}\n`;
  const right = text(request.wire.method, form.type, form.link);
  const key = random.pick(keys);
  const wrong = random.chance(0.3)
    ? random.pick([
        sign(text(`${request.wire.method}x`, form.type, form.link), key),
        sign(text(request.wire.method, "users", `${form.link}/of another`), key),
        sign(right.replace("gmt", "utc"), key),
        sign(right, Buffer.from("another key").toString("base64")),
        sign(right, key).slice(0, -4),
        "null",
      ])
    : undefined;
  const authorization = encodeURIComponent(`type=master&ver=1.0&sig=${wrong ?? sign(right, key)}`);
  const headers = { [isDateHeader ? "date" : "x-ms-date"]: date };
  if (random.chance(0.05)) {
    const undated = random.pick([{}, { "x-ms-date": "" }, { "x-ms-date": "yesterday" }]);
    return { authorization, date: undated, shown: "malformed" };
  }
  if (wrong !== undefined) {
    return { authorization, date: headers, shown: "forged" };
  }
  return {
    authorization,
    date: headers,
    shown: "account key",
    isDated: Math.abs(offsetMs) > 900_000,
  };
}

function sign(text: string, key: string): string {
  return createHmac("sha256", Buffer.from(key, "base64")).update(text).digest("base64");
}

/** The resource's own link, or the parent's for a feed. */
function signedForm({ written }: AimedRequest): { readonly type: string; readonly link: string } {
  const isPartitionDelete = written[4] === "operations" && written[5] === "partitionkeydelete";
  if (isPartitionDelete) {
    return { type: "colls", link: written.slice(0, 4).join("/") };
  }
  return written.length % 2 === 0
    ? { type: written.at(-2)?.toLowerCase() ?? "", link: written.join("/") }
    : { type: written.at(-1)?.toLowerCase() ?? "", link: written.slice(0, -1).join("/") };
}
