import {
  buildSchema,
  findBreakingChanges,
  findDangerousChanges,
  type GraphQLSchema,
  isInputObjectType,
} from "graphql";

export interface ReleaseComparison {
  /** The schema of the last release, as SDL. */
  readonly released: string;
  /** The schema as it is now, as SDL. */
  readonly current: string;
  /** The text of CHANGELOG.md. */
  readonly changelog: string;
  /** The heading of the changelog's section that lists what broke, such as "Unreleased" or "0.2.0". */
  readonly section: string;
}

export interface SchemaChanges {
  /** Changes that break clients, and of which the changelog says nothing. */
  readonly unlisted: readonly string[];
  /** Changes that break clients, and that the changelog lists. */
  readonly listed: readonly string[];
  /** Changes that are allowed, but may surprise a client: a new enum value, a new default. */
  readonly dangerous: readonly string[];
}

/**
 * What has happened to the schema since the last release. A change is listed if an entry of the
 * changelog's section has the change's description in it, word for word; line breaks count as spaces.
 */
export function compareWithRelease(comparison: ReleaseComparison): SchemaChanges {
  const before = buildSchema(comparison.released);
  const now = buildSchema(comparison.current);
  const entries = entriesOf(comparison.changelog, comparison.section);
  const breaking = [
    ...findBreakingChanges(before, now).map(description),
    ...newOneOfs(before, now),
  ];
  return {
    unlisted: breaking.filter((change) => !isListed(change, entries)),
    listed: breaking.filter((change) => isListed(change, entries)),
    dangerous: findDangerousChanges(before, now).map(description),
  };
}

/** The newest release that the changelog has a section of, such as "0.2.0". */
export function newestRelease(changelog: string): string | undefined {
  return changelog
    .split(/^## /m)
    .map(sectionName)
    .find((name) => /^\d/.test(name));
}

function description(change: { readonly description: string }): string {
  return oneLine(change.description);
}

/** graphql-js does not look at `@oneOf`, though it refuses inputs that were fine before. */
function newOneOfs(before: GraphQLSchema, now: GraphQLSchema): readonly string[] {
  return Object.values(now.getTypeMap()).flatMap((type) => {
    const old = before.getType(type.name);
    const isNew = isInputObjectType(type) && isInputObjectType(old) && type.isOneOf && !old.isOneOf;
    return isNew ? [`${type.name} became a @oneOf input.`] : [];
  });
}

/** The entries of the list under a heading of the second level, each as one line. */
function entriesOf(changelog: string, section: string): readonly string[] {
  const text = changelog.split(/^## /m).find((part) => sectionName(part) === section) ?? "";
  return text
    .split(/^[-*] /m)
    .slice(1)
    .map(oneLine);
}

/** The space in front keeps `Order.total was removed.` apart from `OldOrder.total was removed.` */
function isListed(change: string, entries: readonly string[]): boolean {
  return entries.some((entry) => ` ${entry}`.includes(` ${change}`));
}

/** "0.2.0" of "0.2.0 (2026-12-01)", as of "[0.2.0] - 2026-12-01". */
function sectionName(section: string): string {
  return /^\[?v?([^\s\]]+)/.exec(section)?.[1] ?? "";
}

function oneLine(text: string): string {
  return text.trim().replace(/\s+/g, " ");
}
