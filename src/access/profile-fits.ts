import type { Caller } from "../auth/caller.ts";
import type { ProfileConfig } from "../config/config.ts";

/**
 * Whether a profile is for this caller: every claim that `when` names equals the value or is a list
 * that has it, with the same JSON type. `{}` fits everyone who signed in, and only `"anonymous"`
 * fits the anonymous caller.
 */
export function isProfileFor(when: ProfileConfig["when"], caller: Caller): boolean {
  if (when === "anonymous" || caller.kind === "anonymous") {
    return when === "anonymous" && caller.kind === "anonymous";
  }
  return Object.entries(when).every(([claim, wanted]) => {
    const value = Object.hasOwn(caller.claims, claim) ? caller.claims[claim] : undefined;
    return Array.isArray(value) ? value.includes(wanted) : value === wanted;
  });
}
