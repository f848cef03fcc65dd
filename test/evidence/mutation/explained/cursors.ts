import type { ExplainedSurvivor } from "../explained-survivor.ts";

export const EXPLAINED_IN_CURSORS: readonly ExplainedSurvivor[] = [
  {
    file: "src/graphql/cursors/text-sealer.ts",
    from: "sealers.set(key, sealer);",
    to: ";",
    why: "keys are derived again each time: slower, and the same",
  },
];
