import { unauthorized } from "../service-errors.ts";

/** The parts of an authorization header. */
export interface AuthorizationHeader {
  /** Lower case: `master`, `resource`, or what a client made up. */
  readonly type: string;
  /** Secret. */
  readonly signature: string;
}

/** Most characters, decoded: `AuthorizationHelper` of Microsoft's public .NET SDK. */
const MAX_MASTER_CHARACTERS = 1024;
const MAX_RESOURCE_CHARACTERS = 8 * 1024;

const FORM = /^type=([^&]+)&ver=[^&]+&sig=(.+)$/i;

/**
 * Takes an authorization header apart. It must be URL-encoded as a whole; what follows a comma (a
 * second header that a proxy has joined to the first) does not count.
 *
 * @throws CosmosError 401 if it is missing or malformed. The text never repeats the header.
 */
export function parseAuthorizationHeader(header: string | undefined): AuthorizationHeader {
  if (header === undefined || header.trim() === "") {
    throw unauthorized(
      "Required Header authorization is missing. Ensure a valid Authorization token is passed.",
    );
  }
  const text = decode(header);
  const [, type, signature] = FORM.exec(text) ?? [];
  if (type === undefined || signature === undefined) {
    throw malformed();
  }
  const form = { type: type.toLowerCase(), signature };
  const limit = form.type === "master" ? MAX_MASTER_CHARACTERS : MAX_RESOURCE_CHARACTERS;
  if (text.length > limit) {
    throw malformed();
  }
  return form;
}

function decode(header: string): string {
  if (header.includes("&")) {
    throw malformed();
  }
  try {
    return decodeURIComponent(header.trim()).replace(/,.*/s, "");
  } catch {
    throw malformed();
  }
}

function malformed() {
  return unauthorized(
    "Authorization header doesn't confirm to the required format. Please verify and try again.",
  );
}
