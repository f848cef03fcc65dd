/**
 * Checks that each change of schema/api.graphql that breaks clients of the last release is listed in
 * CHANGELOG.md. Run it in the project's folder.
 *
 *     node scripts/check-schema-changes.ts             exits 1 if a change is not listed
 *     node scripts/check-schema-changes.ts --release   the same for the newest release's section, then
 *                                                      keeps the schema as schema/released.graphql
 *
 * Without a release in CHANGELOG.md there is nothing that can break.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { compareWithRelease, newestRelease } from "./compare-with-release.ts";

const RELEASED = "schema/released.graphql";
const RELEASE_COMMAND = "node scripts/check-schema-changes.ts --release";

const isRelease = process.argv.includes("--release");
const changelog = readFileSync("CHANGELOG.md", "utf8");
const current = readFileSync("schema/api.graphql", "utf8");
const released = existsSync(RELEASED) ? readFileSync(RELEASED, "utf8") : undefined;
const newest = newestRelease(changelog);
const kept = /^# Release (\S+)$/m.exec(released ?? "")?.[1];

if (isRelease && newest === undefined) {
  fail('CHANGELOG.md has no release. Give its section "Unreleased" the version first.');
} else if (!isRelease && newest !== kept) {
  fail(`${RELEASED} is of release ${kept ?? "none"}, CHANGELOG.md's newest is ${newest ?? "none"}.
Run ${RELEASE_COMMAND}.`);
} else if (released === undefined || checkChanges(released)) {
  if (isRelease) {
    writeFileSync(RELEASED, `# Release ${newest}\n# Written by ${RELEASE_COMMAND}.\n\n${current}`);
    process.stdout.write(`${RELEASED} is the schema of release ${newest}.\n`);
  } else if (released === undefined) {
    process.stdout.write("There is no release yet, so no change of the schema breaks one.\n");
  }
}

/** Reports the changes since the last release, and answers whether each that must be listed is. */
function checkChanges(lastRelease: string): boolean {
  const section = isRelease && newest !== undefined ? newest : "Unreleased";
  const changes = compareWithRelease({ released: lastRelease, current, changelog, section });
  const { listed, unlisted, dangerous } = changes;
  for (const change of dangerous) {
    process.stdout.write(`May surprise clients: ${change}\n`);
  }
  if (unlisted.length > 0) {
    const lines = unlisted.map((change) => `- Breaking: ${change}`).join("\n");
    fail(`The API breaks clients of release ${kept}. Take that back, or add to CHANGELOG.md, under
"## ${section}", these lines, and how clients can go on:\n\n${lines}`);
    return false;
  }
  process.stdout.write(
    `Changes since release ${kept} that break clients: ${listed.length}, all listed.\n`,
  );
  return true;
}

function fail(text: string): void {
  process.stderr.write(`${text}\n`);
  process.exitCode = 1;
}
