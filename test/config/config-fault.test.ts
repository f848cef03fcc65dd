import { expect, test } from "vitest";
import { formatConfigFault, formatConfigPath } from "../../src/config/config-fault.ts";

test("a path reads as in YAML, with quotes where a name needs them", () => {
  expect(formatConfigPath(["profiles", 1, "when", "https://contoso.com/tid"])).toBe(
    'profiles[1].when["https://contoso.com/tid"]',
  );
  expect(formatConfigPath(["a b", "a.b"])).toBe('["a b"]["a.b"]');
  expect(formatConfigPath([])).toBe("");
});

test("a fault is a line with its place, if it has one", () => {
  const fault = { path: "server.port", expected: "a port", found: "x" };
  expect(formatConfigFault({ ...fault, line: 2, column: 3 }, "gateway.yaml")).toBe(
    "gateway.yaml:2:3: server.port: expected a port, found x",
  );
  expect(formatConfigFault({ ...fault, path: "" }, "gateway.yaml")).toBe(
    "gateway.yaml: expected a port, found x",
  );
});
