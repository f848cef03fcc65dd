import { FORBIDDEN_IN_ID, idFault } from "../cosmos/id-rules.ts";
import type { PartitionKeyValue } from "../cosmos/partition-key.ts";
import { type ClaimTemplate, characterAfter, parseClaimTemplate } from "./claim-template.ts";
import { identifyingClaim, scalarClaim } from "./claim-value.ts";
import { encodeClaim, percentEncode } from "./encode-claim.ts";
import { allExpanded, type Expanded } from "./expanded.ts";

type Claims = Readonly<Record<string, unknown>>;

/** Longest partition key value, in bytes of UTF-8 (Cosmos DB's limits page: 2 KB). */
const MAX_PARTITION_KEY_BYTES = 2048;

/**
 * Fills a template of a user id or an item id. For one template, different values of its claims
 * give different ids, and each id obeys Cosmos DB's rules or is refused.
 */
export function expandId(
  template: ClaimTemplate,
  claims: Claims,
  what: "user id" | "item id",
): Expanded<string> {
  const text = expandText(template, claims, FORBIDDEN_IN_ID);
  if (!text.ok) {
    return text;
  }
  const id = encodeEnd(template, text.value);
  const fault = idFault(id);
  return fault === undefined
    ? { ok: true, value: id }
    : { ok: false, reasons: [`the ${what} ${fault}`] };
}

/**
 * One level of a partition key. A template that is one placeholder takes the claim as it is, with
 * its JSON type: `1` and `"1"` are two partitions. One that mixes text and claims gives text, by
 * the rule of ids but with nothing forbidden.
 */
export function expandPartitionKeyValue(
  configured: PartitionKeyValue,
  claims: Claims,
): Expanded<PartitionKeyValue> {
  if (typeof configured !== "string") {
    return { ok: true, value: configured };
  }
  const template = parseClaimTemplate(configured);
  const [first, ...rest] = template;
  const value =
    first?.kind === "claim" && rest.length === 0
      ? oneClaim(claims, first.claim)
      : expandText(template, claims, undefined);
  if (value.ok && typeof value.value === "string") {
    const bytes = Buffer.byteLength(value.value);
    if (bytes > MAX_PARTITION_KEY_BYTES) {
      return {
        ok: false,
        reasons: [
          `a partition key value is ${bytes} bytes long; the most is ${MAX_PARTITION_KEY_BYTES}`,
        ],
      };
    }
  }
  return value;
}

function oneClaim(claims: Claims, claim: string): Expanded<string | number | boolean> {
  const found = scalarClaim(claims, claim);
  return found.ok ? found : { ok: false, reasons: [found.reason] };
}

function expandText(
  template: ClaimTemplate,
  claims: Claims,
  forbidden: RegExp | undefined,
): Expanded<string> {
  const pieces = allExpanded(
    template.map((part, index): Expanded<string> => {
      if (part.kind === "text") {
        return { ok: true, value: part.text };
      }
      const found = identifyingClaim(claims, part.claim);
      if (!found.ok) {
        return { ok: false, reasons: [found.reason] };
      }
      const nextCharacter = characterAfter(template, index);
      return { ok: true, value: encodeClaim(found.value, { nextCharacter, forbidden }) };
    }),
  );
  return pieces.ok ? { ok: true, value: pieces.value.join("") } : pieces;
}

/**
 * A value may end an id where Cosmos DB or a URL minds what it ends with: white space at the end is
 * refused, and `.` and `..` as whole ids vanish from a URL's path. Then the last character, which
 * is the value's, is percent-encoded; that can be read back, as a value's own `%` never stands
 * bare.
 */
function encodeEnd(template: ClaimTemplate, id: string): string {
  const endsBadly = /\s$/u.test(id) || id === "." || id === "..";
  return template.at(-1)?.kind === "claim" && endsBadly
    ? id.slice(0, -1) + percentEncode(id.slice(-1))
    : id;
}
