import { Refusal } from "./refusal.ts";
import type { Claims, KeyValue } from "./terms.ts";

/** What no id of Cosmos DB may hold (COSMOS-FACTS §1.3), and control characters. */
const FORBIDDEN = /[/\\?#\p{Cc}]/u;

/** `{{`, `}}`, `{claim}`, or one character. */
const PIECE = /\{\{|\}\}|\{[^{}]+\}|[^{}]/gu;

/** `manager:{tid}` as the id of a user or an item (DESIGN §5). */
export function idOf(template: string, claims: Claims): string {
  let id = fill(template, claims, FORBIDDEN);
  // DESIGN says "whatever Cosmos DB forbids in ids"; the ends are a choice of the implementation:
  // white space at the end, and the whole ids `.` and `..`, which URLs drop.
  const isBad = () => /\s$/u.test(id) || id === "." || id === "..";
  if (isBad() && isClaim(piecesOf(template).at(-1))) {
    id = id.slice(0, -1) + percent(id.slice(-1));
  }
  if (id === "" || id.length > 255 || FORBIDDEN.test(id) || isBad() || !id.isWellFormed()) {
    throw new Refusal(`no id can be "${id}"`);
  }
  return id;
}

/** One level of a partition key: a lone `{claim}` keeps the claim's JSON type (DESIGN §5). */
export function keyValueOf(level: KeyValue, claims: Claims): KeyValue {
  if (typeof level !== "string") {
    return level;
  }
  const pieces = piecesOf(level);
  const value =
    pieces.length === 1 && isClaim(pieces[0])
      ? claimOf(pieces[0], claims)
      : fill(level, claims, undefined);
  // COSMOS-FACTS §18.9: at most 2 kB.
  if (typeof value === "string" && Buffer.byteLength(value) > 2048) {
    throw new Refusal("a partition-key value is longer than 2 kB");
  }
  return value;
}

function fill(template: string, claims: Claims, forbidden: RegExp | undefined): string {
  const pieces = piecesOf(template);
  return pieces
    .map((piece, at) => {
      if (!isClaim(piece)) {
        return literal(piece);
      }
      const value = claimOf(piece, claims);
      if (typeof value === "boolean") {
        throw new Refusal(`${piece} is neither text nor number`);
      }
      const next = pieces[at + 1];
      const encoded = [...String(value)].map((character) =>
        character === "%" ||
        forbidden?.test(character) === true ||
        (next !== undefined && character === literal(next))
          ? percent(character)
          : character,
      );
      // The mark of a number is a choice of the implementation: `%n`, which no text gives.
      return (typeof value === "number" ? "%n" : "") + encoded.join("");
    })
    .join("");
}

/** The claim that `{name}` stands for. */
function claimOf(placeholder: string, claims: Claims): string | number | boolean {
  const name = placeholder.slice(1, -1);
  const value = Object.hasOwn(claims, name) ? claims[name] : undefined;
  // Beyond 2^53 the number that the issuer wrote is lost: two of them would be one.
  const isExact = !Number.isInteger(value) || Number.isSafeInteger(value);
  const isText = typeof value === "string" && value !== "" && value.isWellFormed();
  if (!isExact || !(isText || typeof value === "number" || typeof value === "boolean")) {
    throw new Refusal(`${placeholder} is missing, empty, or no exact text, number or boolean`);
  }
  return value === 0 ? 0 : value;
}

function piecesOf(template: string): readonly string[] {
  return template.match(PIECE) ?? [];
}

function isClaim(piece: string | undefined): piece is string {
  return piece !== undefined && piece.length > 2 && piece.startsWith("{");
}

function literal(piece: string): string {
  return piece === "{{" ? "{" : piece === "}}" ? "}" : piece;
}

function percent(character: string): string {
  return Buffer.from(character).toString("hex").toUpperCase().replaceAll(/../g, "%$&");
}
