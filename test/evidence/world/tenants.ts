import type { Random } from "../random.ts";
import { AUDITED_TENANTS } from "./world-profiles.ts";

export interface Tenant {
  readonly id: string;
  readonly mark: string;
}

/** Finds every mark in a text: what no caller but those who may carry it should ever receive. */
export const MARK_PATTERN = /mk[0-9a-z]{20}/g;

export function createMark(random: Random): string {
  return `mk${random.text(20)}`;
}

/**
 * Names that something could mistake for each other or for something else: escapes, quotes, steps
 * of a path, white space, other scripts, the number and the text, a part of another name.
 */
const ODD_NAMES: readonly string[] = [
  "42",
  "per%2Fcent%",
  "sla/sh\\ed?#",
  `quo"te's`,
  "ünï 東京 𝒳",
  " spa ce ",
  "con:toso",
  "Contoso",
  "{tid}",
  "null",
  "a,b]",
  "..",
];

/** `contoso` and `fabrikam` always, then odd names, then plain ones. */
export function createTenants(random: Random, count: number): readonly Tenant[] {
  const names = [...AUDITED_TENANTS, ...random.shuffle(ODD_NAMES)];
  return Array.from({ length: Math.max(count, AUDITED_TENANTS.length) }, (_, index) => ({
    id: names[index] ?? `tenant-${index}`,
    mark: createMark(random),
  }));
}
