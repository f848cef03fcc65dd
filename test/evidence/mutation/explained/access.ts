import type { ExplainedSurvivor } from "../explained-survivor.ts";

export const EXPLAINED_IN_ACCESS: readonly ExplainedSurvivor[] = [];
