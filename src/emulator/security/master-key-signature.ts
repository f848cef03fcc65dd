import { createHmac, timingSafeEqual } from "node:crypto";
import type { CosmosRequest } from "../http/cosmos-request.ts";

/** What a signature with an account key is made of, besides the key. */
export interface SignedParts {
  readonly method: string;
  /** `dbs`, `colls`, `docs`, …; empty for the account. */
  readonly resourceType: string;
  /** The resource's own link, or for a feed that of its parent. */
  readonly resourceLink: string;
  /** The `x-ms-date` header, or empty if only `date` is sent. */
  readonly xMsDate: string;
  /** The `date` header, or empty if `x-ms-date` is sent. */
  readonly date: string;
}

/**
 * The text that is signed:
 * https://learn.microsoft.com/rest/api/cosmos-db/access-control-on-cosmosdb-resources
 */
export function signaturePayload(parts: SignedParts): string {
  const { method, resourceType, resourceLink, xMsDate, date } = parts;
  return `${[
    method.toLowerCase(),
    resourceType.toLowerCase(),
    resourceLink,
    xMsDate.toLowerCase(),
    date.toLowerCase(),
  ].join("\n")}\n`;
}

/** The signature, base64. `key` is base64 too. */
export function signWithKey(payload: string, key: string): string {
  return createHmac("sha256", Buffer.from(key, "base64")).update(payload).digest("base64");
}

/**
 * True if `signature` is that of one of the payloads with one of the keys. Takes the same time
 * either way.
 */
export function isSignedWithAny(
  signature: string,
  payloads: readonly string[],
  keys: readonly string[],
): boolean {
  const given = Buffer.from(signature);
  let isMatch = false;
  for (const key of keys) {
    for (const payload of payloads) {
      const expected = Buffer.from(signWithKey(payload, key));
      if (given.length === expected.length && timingSafeEqual(given, expected)) {
        isMatch = true;
      }
    }
  }
  return isMatch;
}

/** The form of a database's rid: 4 bytes. */
const DATABASE_RID = /^[A-Za-z0-9+-]{6}==$/;

/**
 * What clients sign for a request, the usual form first. Links are signed decoded; some clients
 * sign the path as it travels, and a link of rids as its last rid in lower case.
 */
export function signedForms(
  request: CosmosRequest,
): readonly Pick<SignedParts, "resourceType" | "resourceLink">[] {
  const { segments } = request;
  const raw = request.rawPath.split("/").filter((segment) => segment !== "");
  const [root, database = "", , , operations, operation] = segments;
  let resourceType = segments.at(-2) ?? "";
  let length = segments.length;
  if (operations === "operations" && operation === "partitionkeydelete") {
    resourceType = "colls";
    length = 4;
  } else if (length % 2 === 1) {
    resourceType = segments.at(-1) ?? "";
    length -= 1;
  }
  const links = [segments.slice(0, length).join("/"), raw.slice(0, length).join("/")];
  if (root === "offers" || DATABASE_RID.test(database)) {
    links.push((segments[length - 1] ?? "").toLowerCase());
  }
  return [...new Set(links)].map((resourceLink) => ({ resourceType, resourceLink }));
}
