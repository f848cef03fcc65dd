import { EXPLAINED_IN_ACCESS } from "./explained/access.ts";
import { EXPLAINED_IN_AUTHENTICATION } from "./explained/authentication.ts";
import { EXPLAINED_IN_CURSORS } from "./explained/cursors.ts";
import { EXPLAINED_IN_EMULATOR } from "./explained/emulator.ts";
import { EXPLAINED_IN_GRANTS } from "./explained/grants.ts";
import { EXPLAINED_IN_ITEMS } from "./explained/items.ts";
import { EXPLAINED_IN_TEMPLATES } from "./explained/templates.ts";
import type { ExplainedSurvivor } from "./explained-survivor.ts";

/** Every survivor that was looked at, by group. */
export const EXPLAINED_SURVIVORS: readonly ExplainedSurvivor[] = [
  ...EXPLAINED_IN_AUTHENTICATION,
  ...EXPLAINED_IN_ACCESS,
  ...EXPLAINED_IN_TEMPLATES,
  ...EXPLAINED_IN_GRANTS,
  ...EXPLAINED_IN_ITEMS,
  ...EXPLAINED_IN_CURSORS,
  ...EXPLAINED_IN_EMULATOR,
];
