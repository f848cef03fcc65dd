import { expect, test } from "vitest";
import { loadConfig } from "../src/config/load-config.ts";
import { createSecretReader } from "../src/config/secret-reader.ts";
import type { Observation } from "../src/observability/observation.ts";
import { createReloadableSecrets, READ_AGAIN_MS } from "../src/reloadable-secrets.ts";

const YAML = `
cosmos:
  endpoint: https://contoso.documents.azure.com
  keys: ["\${file:first.key}", "\${file:second.key}"]
  database: shop
auth: { anonymous: true }
profiles: [{ name: all, when: anonymous, cosmosUser: "all:all" }]
`;

function createSubject(files: Record<string, string>) {
  let reads = 0;
  const options = {
    text: YAML,
    path: "/etc/gateway/gateway.yaml",
    env: {},
    readFile: (path: string) => {
      reads += 1;
      const content = files[path.replace("/etc/gateway/", "")];
      if (content === undefined) {
        throw Object.assign(new Error(path), { code: "ENOENT" });
      }
      return content;
    },
  };
  const loaded = loadConfig(options);
  if (!loaded.ok) {
    throw new Error(JSON.stringify(loaded.faults));
  }
  const observations: Observation[] = [];
  const time = { nowMs: 1_000_000 };
  const secrets = createReloadableSecrets({
    config: loaded.config,
    readSecretsAgain: createSecretReader(options, loaded.config),
    onKeySets: () => {},
    clock: { nowMs: () => time.nowMs },
    observe: (observation) => observations.push(observation),
  });
  reads = 0;
  const keys = () => secrets.accountKeys().map((key) => key.reveal());
  return { secrets, keys, observations, time, reads: () => reads };
}

test("of many refusals at once, one reads the files, and the next one seconds later", () => {
  const files: Record<string, string> = { "first.key": "a", "second.key": "b" };
  const { secrets, keys, reads, time } = createSubject(files);
  const before = secrets.accountKeys();
  for (let count = 0; count < 100; count += 1) {
    secrets.readAgainIfDue();
  }
  expect(reads()).toBe(2);
  expect(secrets.accountKeys()).toBe(before);
  files["first.key"] = "c\n";
  time.nowMs += READ_AGAIN_MS - 1;
  secrets.readAgainIfDue();
  expect(keys()).toEqual(["a", "b"]);
  time.nowMs += 1;
  secrets.readAgainIfDue();
  expect(keys()).toEqual(["c", "b"]);
});

test("a second key whose file has gone stays, while the first gets its new value", () => {
  const files: Record<string, string> = { "first.key": "a", "second.key": "b" };
  const { secrets, keys, observations } = createSubject(files);
  files["first.key"] = "c";
  delete files["second.key"];
  secrets.readAgain();
  expect(keys()).toEqual(["c", "b"]);
  expect(observations).toEqual([
    {
      kind: "secret-unreadable",
      setting: "cosmos.keys[1]",
      expected: "a readable file /etc/gateway/second.key",
      found: "ENOENT",
    },
    { kind: "secrets-read-again", changed: ["cosmos.keys[0]"] },
  ]);
});

test("a second key that was never there is not missed", () => {
  const { secrets, keys, observations } = createSubject({ "first.key": "a" });
  secrets.readAgain();
  expect(keys()).toEqual(["a"]);
  expect(observations).toEqual([{ kind: "secrets-read-again", changed: [] }]);
});

test("that a refusal of every key found nothing new in the files is not observed", () => {
  const { secrets, observations } = createSubject({ "first.key": "a", "second.key": "b" });
  secrets.readAgainIfDue();
  expect(observations).toEqual([]);
});
