/**
 * Writes schema/api.graphql: the API of the sample model as SDL.
 *
 *     node scripts/generate-api-schema.ts [--check]
 *
 * With --check it writes nothing and exits 1 if the file is not current.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { printApiSchema } from "../src/graphql/print-api-schema.ts";
import { loadModel } from "../src/model/load-model.ts";

const root = new URL("../", import.meta.url);
const modelPath = "schema/shop.model.graphql";
const target = new URL("schema/api.graphql", root);

const text = printApiSchema(
  loadModel([{ path: modelPath, text: readFileSync(new URL(modelPath, root), "utf8") }]),
);
if (!process.argv.includes("--check")) {
  writeFileSync(target, text);
} else if (readFileSync(target, "utf8") !== text) {
  process.stderr.write(
    "schema/api.graphql is not current. Run node scripts/generate-api-schema.ts.\n",
  );
  process.exitCode = 1;
}
