import type { ExplainedSurvivor } from "../explained-survivor.ts";

export const EXPLAINED_IN_TEMPLATES: readonly ExplainedSurvivor[] = [
  {
    file: "src/templates/claim-template.ts",
    from: "const PART = /\\{\\{|\\}\\}|\\{([^{}]*)\\}|[{}]|[^{}]+/gu;",
    to: "const PART = /\\{\\{|\\}\\}|\\{([^{}]*)\\}|[{}]|[^{}]/gu;",
    why: "text that is cut into characters is put together again, so that the parts are the same",
  },
  {
    file: "src/templates/template-overlap.ts",
    from: "const waiting: (readonly [number, number])[] = [[0, 0]];",
    to: "const waiting: (readonly [number, number])[] = [[]];",
    why: "the types refuse it, and every sum with a position that is not there counts it as 0",
  },
  {
    file: "src/templates/template-overlap.ts",
    from: "shareCharacter(leftStep, rightStep) ? [[afterLeft, afterRight] as const] : [],",
    to: 'shareCharacter(leftStep, rightStep) ? [[afterLeft, afterRight] as const] : ["Stryker was here"],',
    why: "the types refuse it, and a text for a pair of positions counts as the beginning of both, where the search has been",
  },
];
