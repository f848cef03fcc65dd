import type { ExplainedSurvivor } from "../explained-survivor.ts";

const AUTHORIZATION = "src/emulator/security/authorization.ts";
const RESOURCE_TOKEN = "src/emulator/security/resource-token.ts";
const AUTHORIZATION_HEADER = "src/emulator/security/authorization-header.ts";

/** Of a pattern's parts, all are there or none. */
const TOGETHER = "the parts of a pattern that matched are all there; one is asked for by types";

const REST =
  "of the words of a rule, All, container, around, none and whole are asked for; this is the rest";
const FEED = "no permission's link is that of a feed: what is a prefix of it is the container's";

/** Rules of `authorization.ts` with a word less, and why they mean the same. */
const RULES: readonly (readonly [from: string, to: string, why: string])[] = [
  [
    'const WRITE_DEFINITION: Rule = { needs: "All", link: "container", partition: "none" };',
    'const WRITE_DEFINITION: Rule = { needs: "All", link: "", partition: "none" };',
    FEED,
  ],
  [
    'const READ_ITEMS: Rule = { needs: "Read", link: "container", partition: "whole" };',
    'const READ_ITEMS: Rule = { needs: "", link: "container", partition: "whole" };',
    REST,
  ],
  [
    'const READ_ITEMS: Rule = { needs: "Read", link: "container", partition: "whole" };',
    'const READ_ITEMS: Rule = { needs: "Read", link: "", partition: "whole" };',
    FEED,
  ],
  [
    'const ADD_ITEMS: Rule = { needs: "All", link: "container", partition: "own" };',
    'const ADD_ITEMS: Rule = { needs: "All", link: "", partition: "own" };',
    FEED,
  ],
  [
    'const ADD_ITEMS: Rule = { needs: "All", link: "container", partition: "own" };',
    'const ADD_ITEMS: Rule = { needs: "All", link: "container", partition: "" };',
    REST,
  ],
  ...[
    "{}",
    '{ needs: "", link: "resource", partition: "own" }',
    '{ needs: "Read", link: "", partition: "own" }',
    '{ needs: "Read", link: "resource", partition: "" }',
  ].map(
    (rule) =>
      [
        'const READ_ITEM: Rule = { needs: "Read", link: "resource", partition: "own" };',
        `const READ_ITEM: Rule = ${rule};`,
        REST,
      ] as const,
  ),
  ...[
    '{ needs: "All", link: "", partition: "own" }',
    '{ needs: "All", link: "resource", partition: "" }',
  ].map(
    (rule) =>
      [
        'const WRITE_ITEM: Rule = { needs: "All", link: "resource", partition: "own" };',
        `const WRITE_ITEM: Rule = ${rule};`,
        REST,
      ] as const,
  ),
  [
    'bulk: { needs: "All", link: "container", partition: "none" },',
    'bulk: { needs: "All", link: "", partition: "none" },',
    FEED,
  ],
  ...["listScripts", "queryScripts"].flatMap(
    (kind) =>
      [
        [
          `${kind}: { needs: "Read", link: "container", partition: "none" },`,
          `${kind}: { needs: "", link: "container", partition: "none" },`,
          REST,
        ],
        [
          `${kind}: { needs: "Read", link: "container", partition: "none" },`,
          `${kind}: { needs: "Read", link: "", partition: "none" },`,
          FEED,
        ],
      ] as const,
  ),
  ...[
    '{ needs: "", link: "resource", partition: "none" }',
    '{ needs: "Read", link: "", partition: "none" }',
  ].map(
    (rule) =>
      [
        'readScript: { needs: "Read", link: "resource", partition: "none" },',
        `readScript: ${rule},`,
        REST,
      ] as const,
  ),
  ...["replaceScript", "deleteScript"].map(
    (kind) =>
      [
        `${kind}: { needs: "All", link: "resource", partition: "none" },`,
        `${kind}: { needs: "All", link: "", partition: "none" },`,
        REST,
      ] as const,
  ),
];

export const EXPLAINED_IN_EMULATOR: readonly ExplainedSurvivor[] = [
  ...RULES.map(([from, to, why]) => ({ file: AUTHORIZATION, from, to, why })),
  {
    file: AUTHORIZATION,
    from: 'coversPartition(granted.itemPartitionKey, "own", request) &&',
    to: 'coversPartition(granted.itemPartitionKey, "", request) &&',
    why: "of the three words, only none and whole are asked for; own is the rest",
  },
  {
    file: AUTHORIZATION,
    from: 'const requested = parsePartitionKey(request.headers[PARTITION_KEY_HEADER] ?? "");',
    to: 'const requested = parsePartitionKey(request.headers[PARTITION_KEY_HEADER] ?? "Stryker was here!");',
    why: "neither text is a partition key",
  },
  ...[
    "if (permitted === undefined || false || containerId === undefined) {",
    "if (permitted === undefined || databaseId === undefined || false) {",
  ].map((to) => ({
    file: AUTHORIZATION,
    from: "if (permitted === undefined || databaseId === undefined || containerId === undefined) {",
    to,
    why: "the link was compared with that of a container: both are there, which types don't tell",
  })),
  {
    file: "src/emulator/security/authentication.ts",
    from: 'const date = xMsDate === "" ? (request.headers.date ?? "") : "";',
    to: 'const date = xMsDate === "" ? (request.headers.date ?? "Stryker was here!") : "";',
    why: "neither text is a date",
  },
  {
    file: RESOURCE_TOKEN,
    from: "const [, vector, body] = SIGNATURE.exec(signature) ?? [];",
    to: 'const [, vector, body] = SIGNATURE.exec(signature) ?? ["Stryker was here"];',
    why: "the first of the list is not looked at",
  },
  ...[
    "vector === undefined && body === undefined",
    "false || body === undefined",
    "vector === undefined || false",
  ].map((condition) => ({
    file: RESOURCE_TOKEN,
    from: "if (vector === undefined || body === undefined) {",
    to: `if (${condition}) {`,
    why: TOGETHER,
  })),
  {
    file: RESOURCE_TOKEN,
    from: 'const decipher = createDecipheriv(CIPHER, key, Buffer.from(vector, "base64"), {',
    to: 'const decipher = createDecipheriv(CIPHER, key, Buffer.from(vector, "base64"), {});',
    why: "the tag that is handed over is 16 bytes long wherever there is a text to open",
  },
  {
    file: RESOURCE_TOKEN,
    from: "const cipher = createCipheriv(CIPHER, key, vector, { authTagLength: BLOCK_BYTES });",
    to: "const cipher = createCipheriv(CIPHER, key, vector, {});",
    why: "16 bytes are what the cipher gives by itself",
  },
  {
    file: AUTHORIZATION_HEADER,
    from: "const [, type, signature] = FORM.exec(text) ?? [];",
    to: 'const [, type, signature] = FORM.exec(text) ?? ["Stryker was here"];',
    why: "the first of the list is not looked at",
  },
  ...[
    "type === undefined && signature === undefined",
    "false || signature === undefined",
    "type === undefined || false",
  ].map((condition) => ({
    file: AUTHORIZATION_HEADER,
    from: "if (type === undefined || signature === undefined) {",
    to: `if (${condition}) {`,
    why: TOGETHER,
  })),
  {
    file: AUTHORIZATION_HEADER,
    from: "} catch {",
    to: "} catch {}",
    why: "the text undefined has not the form of a header, and is refused in the same words",
  },
  {
    file: "src/emulator/http/partition-key-header.ts",
    from: "} catch {",
    to: "} catch {}",
    why: "what then counts as parsed is undefined, which is no partition key either",
  },
];
