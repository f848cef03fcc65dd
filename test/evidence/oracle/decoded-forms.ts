/** A text that another one holds, and how it was written there: `base64`, `escaped > hex`. */
export interface DecodedForm {
  readonly text: string;
  readonly form: string;
}

/** How many codings may lie around one another, such as a base64 text in an escaped JSON string. */
const MAX_DEPTH = 4;

/** A bound for texts that are made to decode for ever. Sixteen times what is searched. */
const MAX_GROWTH = 16;

/**
 * The text itself, and whatever can be decoded from parts of it: escapes of JSON, URLs and HTML,
 * base64 and base64url at each alignment, hexadecimal, and Node.js's two ways of showing bytes.
 * Decoded bytes are one character each, so UTF-8 beyond ASCII stays in its bytes.
 */
export function decodedForms(text: string): readonly DecodedForm[] {
  const forms: DecodedForm[] = [{ text, form: "as it is" }];
  let budget = text.length * MAX_GROWTH + 4096;
  const decodeFrom = (source: string, codings: readonly string[]): void => {
    for (const { name, decode, givesBytes } of CODINGS) {
      const decoded = decode(source);
      if (decoded.length > 0 && budget > 0) {
        budget -= decoded.length;
        const all = [...codings, name];
        forms.push({ text: decoded, form: all.join(" > ") });
        if (all.length < MAX_DEPTH) {
          decodeFrom(givesBytes ? readableParts(decoded) : decoded, all);
        }
      }
    }
  };
  decodeFrom(text, []);
  return forms;
}

interface Coding {
  readonly name: string;
  /** The decoded text, empty where nothing is coded that way. */
  readonly decode: (text: string) => string;
  readonly givesBytes: boolean;
}

const CODINGS: readonly Coding[] = [
  { name: "escaped", decode: unescapeText, givesBytes: false },
  { name: "base64", decode: decodeBase64, givesBytes: true },
  { name: "hex", decode: decodeHex, givesBytes: true },
  { name: "list of bytes", decode: decodeByteList, givesBytes: true },
];

/** Only text holds another coding. Sealed or random bytes give nothing here, which saves time. */
function readableParts(bytes: string): string {
  return (bytes.match(/[\x20-\x7e]{12,}/g) ?? []).join("\n");
}

const ESCAPE =
  /%([0-9a-f]{2})|\\+u([0-9a-f]{4})|\\+u\{0*([0-9a-f]{1,4})\}|\\+x([0-9a-f]{2})|&#x0*([0-9a-f]{1,4});|&#0*([0-9]{1,5});|&amp;|\\+([/&=;+])/gi;

function unescapeText(text: string): string {
  let changed = false;
  const plain = text.replace(ESCAPE, (whole, ...parts: (string | undefined)[]) => {
    changed = true;
    const [percent, unicode, braced, byte, entity, decimal, character] = parts;
    const code = percent ?? unicode ?? braced ?? byte ?? entity;
    if (code !== undefined) {
      return String.fromCharCode(Number.parseInt(code, 16));
    }
    return decimal !== undefined
      ? String.fromCharCode(Number(decimal))
      : (character ?? (whole === "&amp;" ? "&" : ""));
  });
  return changed ? plain : "";
}

/** 24 characters are 18 bytes: room for the half of a mark, and longer than a mark itself. */
const BASE64_RUN = /[A-Za-z0-9+/_-]{24,}/g;

function decodeBase64(text: string): string {
  const parts: string[] = [];
  for (const [run] of text.matchAll(BASE64_RUN)) {
    // A coded text may begin anywhere in a run: at one of these four its alignment is right.
    for (let offset = 0; offset < 4; offset++) {
      parts.push(Buffer.from(run.slice(offset), "base64").toString("latin1"));
    }
  }
  return parts.join("\n");
}

/** Sixteen bytes or more, close together or with a space, colon, comma or dash between them. */
const HEX_RUN = /(?:[0-9a-f]{2}[ :,-]?){12,}/gi;

function decodeHex(text: string): string {
  const parts: string[] = [];
  for (const [run] of text.matchAll(HEX_RUN)) {
    const digits = run.replaceAll(/[^0-9a-f]/gi, "");
    parts.push(Buffer.from(digits, "hex").toString("latin1"));
    parts.push(Buffer.from(digits.slice(1), "hex").toString("latin1"));
  }
  return parts.join("\n");
}

/** `[109,107,…]`, as `JSON.stringify` writes a buffer. */
const BYTE_LIST = /(?:\d{1,3}, ?){11,}\d{1,3}/g;

function decodeByteList(text: string): string {
  const parts: string[] = [];
  for (const [run] of text.matchAll(BYTE_LIST)) {
    const bytes = run.split(",").map(Number);
    if (bytes.every((byte) => byte < 256)) {
      parts.push(String.fromCharCode(...bytes));
    }
  }
  return parts.join("\n");
}
