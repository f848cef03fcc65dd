import type { Random } from "../random.ts";
import type { KnownContainer, WireRequest } from "./account-in-process.ts";
import type { ItemFeed, RequestKind } from "./request-kinds.ts";

/** One level of a partition-key header; `{}` is a property that the item lacks. */
export type HeaderLevel = string | number | boolean | null | { readonly [none: string]: never };

/** A link in names, and how it is written. */
export interface Link {
  /** What it means: names, or what is written where that leads nowhere. */
  readonly names: readonly string[];
  /** What is written, in names or in rids. */
  readonly written: readonly string[];
  /** The partition key of the one item that a rid names. */
  readonly itemKey?: readonly HeaderLevel[];
}

/** What a request is aimed at, before it is written down. */
export interface Aim {
  readonly container: KnownContainer;
  /** What a permission on an item or script is on. */
  readonly feed: ItemFeed;
  readonly id: string;
  readonly key: readonly HeaderLevel[];
}

/** A request as it goes over the wire, and what it means. */
export interface AimedRequest {
  readonly kind: RequestKind;
  readonly aim: Aim;
  /** Without an authorization header. */
  readonly wire: WireRequest;
  /** Decoded segments, as they are written: account keys sign these. */
  readonly written: readonly string[];
  /** Decoded segments in names; undefined if the path can't be read. */
  readonly names: readonly string[] | undefined;
}

const LEVELS: readonly HeaderLevel[] = [
  "contoso",
  "contoso",
  "fabrikam",
  "1",
  1,
  0,
  null,
  true,
  {},
];
const USERS: readonly HeaderLevel[] = ["ann", "ann", "bob", null];

export function anyAim(containers: readonly KnownContainer[], random: Random): Aim {
  const container = random.pick(containers);
  return {
    container,
    feed: random.pick(["docs", "docs", "docs", "docs", "docs", "sprocs", "triggers", "udfs"]),
    id: random.pick(["1", "1", "2", "a b", "ü?", "docs", "_rid"]),
    key: anyKey(container.levels, random),
  };
}

/** The same aim or one that misses it in a respect. */
export function nearAim(aim: Aim, containers: readonly KnownContainer[], random: Random): Aim {
  switch (random.int(0, 9)) {
    case 0:
      return { ...aim, container: random.pick(containers) };
    case 1:
      return { ...aim, id: random.pick(["1", "2", "a b", " 1"]) };
    case 2:
      return { ...aim, key: anyKey(aim.container.levels, random) };
    case 3:
      // The levels above a permission's: what lies there is more than what is permitted.
      return { ...aim, key: aim.key.slice(0, 1) };
    default:
      return aim;
  }
}

export function anyKey(levels: number, random: Random): readonly HeaderLevel[] {
  const first = random.pick(LEVELS);
  return levels === 1 || random.chance(0.2) ? [first] : [first, random.pick(USERS)];
}

/** Writes a request of a kind in one of the many ways there are. */
export function writeRequest(kind: RequestKind, aim: Aim, random: Random): AimedRequest {
  const { names, written } = aimedPath(kind, aim, random);
  const { url, isReadable } = writeUrl(written, names, random);
  return {
    kind,
    aim,
    wire: {
      method: kind.method,
      url,
      headers: { ...kindHeaders(kind, random), ...partitionHeaders(aim, random) },
    },
    written,
    names: isReadable ? names : undefined,
  };
}

function aimedPath(kind: RequestKind, aim: Aim, random: Random): Link {
  const template = kind.path.split("/").filter((segment) => segment !== "");
  const places: Readonly<Record<string, string>> = {
    "{d}": aim.container.database,
    "{c}": aim.container.id,
    "{i}": aim.id,
  };
  const names = template.map((segment) => places[segment] ?? segment);
  if (random.chance(0.05)) {
    return inOddNames(names, random);
  }
  // A path of the forms that the emulator knows may be in rids as a whole.
  return template[0] === "dbs" && random.chance(0.15)
    ? inRids(names, aim.container, random)
    : { names, written: names };
}

/** Names that mean another container or item than they seem to. */
function inOddNames(names: readonly string[], random: Random): Link {
  const at = random.pick([1, 3, 5]);
  const twist = random.pick([
    (name: string) => name.toUpperCase(),
    (name: string) => `${name} `,
    (name: string) => `${name}/docs/1`,
    (name: string) => `../${name}`,
    (name: string) => `${name}%2F1`,
    () => "..",
    () => "*",
  ]);
  const odd = names.map((name, place) => (place === at ? twist(name) : name));
  return { names: odd, written: odd };
}

/** A link in rids. Databases and containers are known by theirs, and items that are stored. */
export function inRids(names: readonly string[], container: KnownContainer, random: Random): Link {
  const written = [...names];
  if (written.length > 1) {
    written[1] = container.databaseRid;
  }
  if (names.length < 4 || names[2] !== "colls") {
    return { names, written };
  }
  written[3] = container.rid;
  const [, , , , feed, id] = names;
  if (id === undefined || feed === "operations" || feed === "pkranges" || feed === "conflicts") {
    return { names, written };
  }
  const stored = container.items.filter((item) => item.id === id);
  if (feed !== "docs" || stored.length === 0 || random.chance(0.2)) {
    // A rid of nothing; the id itself is no rid, and names nothing in a link of rids either.
    const rid = random.pick([id, container.rid, "AAAAAIAAAAABAAAAAAAAAA=="]);
    const nothing = names.map((name, at) => (at === 5 ? `nothing of rid ${rid}` : name));
    return { names: nothing, written: written.map((name, at) => (at === 5 ? rid : name)) };
  }
  const { rid, key } = random.pick(stored);
  return { names, written: written.map((name, at) => (at === 5 ? rid : name)), itemKey: key };
}

/** The path, encoded; some paths are none. */
function writeUrl(
  written: readonly string[],
  names: readonly string[],
  random: Random,
): { readonly url: string; readonly isReadable: boolean } {
  const encoded = written.map((segment) => encodeSegment(segment, random));
  if (encoded.length > 0 && random.chance(0.02)) {
    const at = random.int(0, encoded.length - 1);
    const broken = random.pick(["%", "%zz", "%c3%28", `${encoded[at]}%e2%82`]);
    return { url: `/${encoded.with(at, broken).join("/")}`, isReadable: false };
  }
  if (encoded.length > 1 && random.chance(0.02)) {
    const at = random.int(1, encoded.length - 1);
    return { url: `/${encoded.toSpliced(at, 0, "").join("/")}`, isReadable: false };
  }
  const before = random.chance(0.05) ? random.pick(["//", "///", "http://127.0.0.1:8081/"]) : "/";
  // Behind an item's id a question mark is part of it, so only other paths get a query string.
  const mayEnd = names[4] !== "docs" && random.chance(0.05);
  const after = mayEnd ? random.pick(["/", "//", "?api-version=1", "/?/docs/1"]) : "";
  return { url: `${before}${encoded.join("/")}${after}`, isReadable: true };
}

function encodeSegment(segment: string, random: Random): string {
  const encoded = encodeURIComponent(segment);
  if (!random.chance(0.1)) {
    return encoded;
  }
  // Percent escapes that need not be, in either case
  const escaped = [...Buffer.from(segment)].map((byte) => `%${byte.toString(16).padStart(2, "0")}`);
  const text = escaped.join("");
  return random.chance(0.5) ? text.toUpperCase() : text;
}

function kindHeaders({ headers = {} }: RequestKind, random: Random): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      value === "on"
        ? random.pick(["True", "true", " TRUE "])
        : value === "off"
          ? random.pick(["False", "", "1", "yes", "true,true"])
          : value,
    ]),
  );
}

const RANGE_HEADERS = ["x-ms-documentdb-partitionkeyrangeid", "x-ms-start-epk", "x-ms-end-epk"];

function partitionHeaders(aim: Aim, random: Random): Record<string, string> {
  const headers: Record<string, string> = {};
  if (random.chance(0.85)) {
    headers["x-ms-documentdb-partitionkey"] = writeKey(aim.key, random);
  }
  if (random.chance(0.06)) {
    headers[random.pick(RANGE_HEADERS)] = random.pick(["0", "", "FF"]);
  }
  return headers;
}

/** The header's text: JSON in one of its forms, and sometimes none. */
function writeKey(key: readonly HeaderLevel[], random: Random): string {
  const text = JSON.stringify(key);
  if (random.chance(0.06)) {
    return random.pick([
      "",
      " ",
      "contoso",
      text.slice(0, -1),
      `[${text}]`,
      `${text},${text}`,
      `${text}, ${text}`,
      '[{"a":1}]',
      '{"0":"contoso"}',
      "[]",
      "[[]]",
      "[1e400]",
      "undefined",
      '["contoso","ann","x","y"]',
      "['contoso']",
    ]);
  }
  const [first, ...rest] = key;
  if (rest.length === 0 && random.chance(0.2)) {
    return JSON.stringify(first);
  }
  const form = random.int(0, 9);
  if (form === 0) {
    return ` [ ${key.map((level) => JSON.stringify(level)).join(" , ")} ] `;
  }
  if (form === 1) {
    return text.replace(/[a-z](?=[^"]*"(,|\]))/, unicodeEscape);
  }
  if (form === 2) {
    return text.replace("[1", "[1.0e0").replace("[0", "[-0");
  }
  return text;
}

function unicodeEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
