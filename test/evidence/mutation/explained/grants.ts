import type { ExplainedSurvivor } from "../explained-survivor.ts";

export const EXPLAINED_IN_GRANTS: readonly ExplainedSurvivor[] = [
  {
    file: "src/tokens/provision-permissions.ts",
    from: "return { changed: false, lostRace: false };",
    to: "return {};",
    why: "the types refuse it, and what is not there counts as false",
  },
  {
    file: "src/tokens/provision-permissions.ts",
    from: "return { changed: false, lostRace: true };",
    to: "return { changed: true, lostRace: true };",
    why: "harmless: the log says `provisioned` of permissions that another process made at that moment",
  },
];
