import type { ExplainedSurvivor } from "../explained-survivor.ts";

export const EXPLAINED_IN_CURSORS: readonly ExplainedSurvivor[] = [
  {
    file: "src/graphql/cursors/text-sealer.ts",
    from: "sealers.set(key, sealer);",
    to: ";",
    why: "keys are derived again each time: slower, and the same",
  },
  {
    file: "src/graphql/cursors/text-sealer.ts",
    from: 'if (bytes.length <= TAG_BYTES || bytes.toString("base64url") !== sealed) {',
    to: 'if (bytes.length < TAG_BYTES || bytes.toString("base64url") !== sealed) {',
    why: "a tag with nothing behind it is that of an empty text, and still has to be the right one",
  },
  {
    file: "src/graphql/cursors/canonical-json.ts",
    from: "Object.entries(part).sort(([left], [right]) => (left < right ? -1 : 1)),",
    to: "Object.entries(part).sort(([left], [right]) => (left <= right ? -1 : 1)),",
    why: "no two names of an object are equal",
  },
];
