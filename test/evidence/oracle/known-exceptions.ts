import type { KnownException } from "./search-context.ts";

const TAKEN_OUT = "(allowed)";

/** The key that Microsoft publishes for its emulator: the one line that tells how to connect. */
function publicEmulatorKey(key: string): KnownException {
  return {
    name: "the public emulator key, where its page names it",
    withoutAllowed: (text, { where, path }) =>
      where === "document" && path === "docs/emulator.md" ? text.replace(key, TAKEN_OUT) : text,
  };
}

/** `cosmos-gateway emulator` tells at its start which key it takes; `key` is that one. */
function emulatorKeyAtStart(key: string): KnownException {
  return {
    name: "the emulator's key, in the line of its start",
    withoutAllowed: (text, { where }) =>
      where === "start message"
        ? text.replace(`\nAccount key: ${key}\n`, `\nAccount key: ${TAKEN_OUT}\n`)
        : text,
  };
}

/** With `tokens.issue: true`: each token once, as `token` of the field, to its own Cosmos user. */
const ISSUED_TO_OWNER: KnownException = {
  name: "resource tokens that issueResourceTokens hands to their owner",
  withoutAllowed: (text, { where, cosmosUser, ownerOf }) => {
    if (where !== "answer" || cosmosUser === undefined) {
      return text;
    }
    return issuedTokens(text)
      .filter((token) => ownerOf(token) === cosmosUser)
      .reduce((rest, token) => {
        const field = rest.indexOf('"issueResourceTokens":');
        const allowed = `"token":${JSON.stringify(token)}`;
        return (
          rest.slice(0, field) + rest.slice(field).replace(allowed, () => `"token":"${TAKEN_OUT}"`)
        );
      }, text);
  },
};

function issuedTokens(text: string): readonly string[] {
  if (!text.includes('"issueResourceTokens":')) {
    return [];
  }
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    return [];
  }
  // The field may be null or missing, and whatever else isn't a list has no tokens.
  const { data } = answer as { readonly data?: { readonly issueResourceTokens?: unknown } | null };
  const issued = data?.issueResourceTokens;
  return Array.isArray(issued)
    ? issued.map(({ token }: { readonly token?: unknown }) => token).filter(isText)
    : [];
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

/** The development issuer signs anything for whoever reaches it on loopback: its one answer. */
const DEVELOPMENT_TOKEN: KnownException = {
  name: "the development issuer's answer",
  withoutAllowed: (text, { where }) =>
    where === "development issuer"
      ? text.replace(/^\{"bearerToken":"[\w-]+\.[\w-]+\.[\w-]+"\}$/, TAKEN_OUT)
      : text,
};

/** @param emulatorKey the emulator's primary account key. */
export function knownExceptions(emulatorKey: string): readonly KnownException[] {
  return [
    publicEmulatorKey(emulatorKey),
    emulatorKeyAtStart(emulatorKey),
    ISSUED_TO_OWNER,
    DEVELOPMENT_TOKEN,
  ];
}
