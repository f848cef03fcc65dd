import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ROOT } from "./commands/run-command.ts";
import { type GatewayUnderTest, startGatewayUnderTest } from "./features/gateway-under-test.ts";

const readme = readFileSync(`${ROOT}/README.md`, "utf8");

/** Fenced blocks of the README, in order. */
const blocks = [...readme.matchAll(/^```(\w+)\n([\s\S]*?)^```/gm)].map(([, language, text]) => ({
  language,
  text: text ?? "",
}));

/** Each request of the README with the answer that stands under it. */
const examples = blocks.flatMap((block, index) => {
  const next = blocks[index + 1];
  return block.language === "sh" && next?.language === "json"
    ? [{ command: block.text, answer: JSON.parse(next.text) }]
    : [];
});

let gateway: GatewayUnderTest;
beforeAll(async () => {
  gateway = await startGatewayUnderTest();
});
afterAll(() => gateway.stop());

test("the README's requests get the README's answers", async () => {
  expect(examples.length).toBeGreaterThanOrEqual(3);
  const caller = /token --as (\S+)\)/.exec(readme)?.[1] ?? "";
  const TOKEN = await gateway.bearerTokenOf(caller);
  const { host } = new URL(gateway.address);
  for (const { command, answer } of examples) {
    const request = command.replace(/^TOKEN=.*\n/, "").replaceAll("localhost:4000", host);
    const env = { ...process.env, TOKEN };
    const { stdout } = await promisify(execFile)("bash", ["-c", request], { env });
    expect(withoutCharge(JSON.parse(stdout))).toEqual(withoutCharge(answer));
  }
});

/** The request charge may change with the emulator; the number of requests may not. */
function withoutCharge(answer: { extensions: { cosmos: { requests: number } } }): unknown {
  const { requests } = answer.extensions.cosmos;
  return { ...answer, extensions: { cosmos: { requests } } };
}

test("every file that the README links to is there", () => {
  const links = [...readme.matchAll(/\]\(([^)#:]+)\)/g)].map(([, path]) => String(path));
  expect(links.length).toBeGreaterThan(5);
  for (const path of links) {
    expect(() => readFileSync(`${ROOT}/${path}`), path).not.toThrow();
  }
});
