/**
 * Writes docs/configuration.md: every key of gateway.yaml, from the schema that validates it.
 *
 *     node scripts/generate-configuration-reference.ts [--check]
 *
 * With --check it writes nothing and exits 1 if the file is not current.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { renderConfigurationReference } from "./render-configuration-reference.ts";

const target = new URL("../docs/configuration.md", import.meta.url);
const text = renderConfigurationReference();

if (!process.argv.includes("--check")) {
  writeFileSync(target, text);
} else if (readFileSync(target, "utf8") !== text) {
  process.stderr.write(
    "docs/configuration.md is not current. Run node scripts/generate-configuration-reference.ts.\n",
  );
  process.exitCode = 1;
}
