import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { ERROR_CODES } from "../../src/gateway-error.ts";

test("docs/errors.md has each error code as the code has it", () => {
  const rows = Object.entries(ERROR_CODES).map(
    ([code, { when, httpStatus }]) => `| \`${code}\` | ${when} | ${httpStatus} |`,
  );
  const table = ["| code | when | HTTP status |", "| --- | --- | --- |", ...rows, "", ""].join(
    "\n",
  );
  expect(readFileSync("docs/errors.md", "utf8")).toContain(table);
});
