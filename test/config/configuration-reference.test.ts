import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { renderConfigurationReference } from "../../scripts/render-configuration-reference.ts";

test("docs/configuration.md is what scripts/generate-configuration-reference.ts writes", () => {
  expect(readFileSync("docs/configuration.md", "utf8")).toBe(renderConfigurationReference());
});
