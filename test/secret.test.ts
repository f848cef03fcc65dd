import { format, inspect } from "node:util";
import { pino } from "pino";
import { expect, test } from "vitest";
import { Secret } from "../src/secret.ts";

const VALUE = "type=resource&ver=1&sig=abc";

test.each<[string, (secret: Secret) => string]>([
  ["a template", (secret) => `${secret}`],
  ["JSON", (secret) => JSON.stringify({ secret, list: [secret] })],
  ["inspect", (secret) => inspect({ secret }, { depth: 9, showHidden: true })],
  ["format", (secret) => format("%s %o %O %j", secret, secret, secret, secret)],
  ["an error's cause", (secret) => inspect(new Error("x", { cause: secret }))],
  ["a copy of its properties", (secret) => JSON.stringify({ ...secret })],
  [
    "a log line",
    (secret) => {
      let line = "";
      pino({}, { write: (text) => (line += text) }).info(
        { secret, error: { secret } },
        "%s",
        secret,
      );
      return line;
    },
  ],
])("%s does not show a secret", (_name, show) => {
  expect(show(new Secret(VALUE))).not.toContain("sig=");
});

test("a secret reveals its value only when asked", () => {
  expect(new Secret(VALUE).reveal()).toBe(VALUE);
});
