// biome-ignore-all lint/suspicious/noTemplateCurlyInString: a configuration's variables look like that
import { readFileSync } from "node:fs";
import { inspect } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatConfigFault } from "../../src/config/config-fault.ts";
import { type LoadConfigOptions, loadConfig } from "../../src/config/load-config.ts";
import { Secret } from "../../src/secret.ts";

const ENV = { COSMOS_ENDPOINT: "https://shop.documents.azure.com/", COSMOS_KEY: "c2VjcmV0" };

/** The shortest configuration; every other key has a default. */
const MINIMAL = `
cosmos:
  endpoint: \${COSMOS_ENDPOINT}
  keys: ["\${COSMOS_KEY}", "\${COSMOS_SECONDARY_KEY}"]
  database: shop
auth:
  issuers:
    - { issuer: https://login.example.com/, audience: shop, jwksUri: https://login.example.com/keys }
profiles:
  - name: member
    cosmosUser: "member:{sub}"
`;

function withDatabase(yaml: string): string {
  return MINIMAL.replace("shop\n", () => `${yaml}\n`);
}

function load(text: string, options: Partial<LoadConfigOptions> = {}) {
  return loadConfig({
    text,
    path: "/etc/gateway/gateway.yaml",
    env: ENV,
    readFile: (path) => {
      throw Object.assign(new Error(`cannot read ${path}`), { code: "ENOENT" });
    },
    ...options,
  });
}

function faultsOf(text: string, options: Partial<LoadConfigOptions> = {}): readonly string[] {
  const loaded = load(text, options);
  return loaded.ok ? [] : loaded.faults.map((fault) => formatConfigFault(fault, "gateway.yaml"));
}

function configOf(text: string, options: Partial<LoadConfigOptions> = {}) {
  const loaded = load(text, options);
  if (!loaded.ok) {
    throw new Error(faultsOf(text, options).join("\n"));
  }
  return loaded.config;
}

describe("a configuration", () => {
  test("has these defaults", () => {
    expect(configOf(MINIMAL)).toEqual({
      server: { host: "127.0.0.1", port: 4000, corsOrigins: [], drainDelayMs: 0 },
      cosmos: {
        endpoint: "https://shop.documents.azure.com/",
        keys: [expect.any(Secret)],
        database: "shop",
      },
      schema: "/etc/gateway/schema/*.model.graphql",
      auth: {
        issuers: [
          {
            issuer: "https://login.example.com/",
            audience: "shop",
            keys: { kind: "uri", jwksUri: "https://login.example.com/keys" },
            algorithms: ["RS256", "ES256"],
          },
        ],
        anonymous: false,
      },
      profiles: [{ name: "member", when: {}, cosmosUser: "member:{sub}", permissions: [] }],
      tokens: {
        lifetimeSeconds: 3600,
        refreshAheadSeconds: 600,
        maxCachedUsers: 50_000,
        provision: "auto",
        issue: false,
      },
      limits: {
        depth: 10,
        complexity: 5000,
        pageSize: { default: 50, max: 1000 },
        requestBytes: 1_048_576,
        requestTimeoutMs: 10_000,
        inFlightPerUser: 32,
        inFlight: 256,
        answerBytes: 268_435_456,
      },
      introspection: true,
      api: { generic: false },
    });
  });

  test("of the sample shop is valid", () => {
    const config = configOf(readFileSync("gateway.yaml", "utf8"));
    expect(config.profiles.map(({ name }) => name)).toEqual(["manager", "member", "auditor"]);
    expect(config.profiles[1]?.permissions[0]).toEqual({
      container: "orders",
      partitionKey: ["{tid}"],
      mode: "Read",
    });
  });

  test("can't be changed, and shows no secret", () => {
    const config = configOf(MINIMAL);
    expect(Object.isFrozen(config.profiles[0]?.permissions)).toBe(true);
    expect(config.cosmos.keys.map((key) => key.reveal())).toEqual(["c2VjcmV0"]);
    for (const shown of [JSON.stringify(config), inspect(config, { depth: 9 })]) {
      expect(shown).not.toContain("c2VjcmV0");
    }
  });

  test("renews tokens a sixth of their life ahead where 600 seconds are too much", () => {
    expect(configOf(`${MINIMAL}tokens: { lifetimeSeconds: 600 }`).tokens.refreshAheadSeconds).toBe(
      100,
    );
    expect(
      configOf(`${MINIMAL}tokens: { lifetimeSeconds: 86400 }`).tokens.refreshAheadSeconds,
    ).toBe(600);
  });

  test("uses tokens for a minute at least before it renews them", () => {
    const tokens = (ahead: number) =>
      `${MINIMAL}tokens: { lifetimeSeconds: 600, refreshAheadSeconds: ${ahead} }`;
    expect(configOf(tokens(540)).tokens.refreshAheadSeconds).toBe(540);
    expect(faultsOf(tokens(541))).toEqual([
      expect.stringContaining("tokens.refreshAheadSeconds: expected at most 540"),
    ]);
  });

  test("names no container whose link is too long for a permission", () => {
    const text = `${MINIMAL}    permissions: [{ container: ${"c".repeat(250)}, mode: Read }]`;
    expect(faultsOf(text)).toEqual([expect.stringContaining("is 265 characters long")]);
  });

  test("says all that is wrong with it at once, with places", () => {
    const text = `
server: { port: 70000, hots: x }
cosmos:
  endpoint: http://shop.documents.azure.com/
  keys: ["AccountEndpoint=https://x;AccountKey=c2VjcmV0;"]
  database: a/b
auth:
  issuers:
    - { issuer: a, audience: b, jwksUri: http://login.example.com/keys, algorithms: [HS256, none] }
    - { issuer: a, audience: b }
profiles:
  - name: Member
    when: { roles: [a] }
    cosmosUser: "{tid}{sub}"
    permissions: [{ container: c, mode: read, partitionKey: "{tid}" }]
  - name: reader
    cosmosUser: "reader:{sub}"
    permissions:
      - { container: c, mode: Read, partitionKey: ["{tid}"] }
      - { container: c, mode: All, partitionKey: ["{tid}"] }
tokens: { lifetimeSeconds: 5, provison: auto }
limits: { pageSize: { default: 20, max: 10 } }
instrospection: true
`;
    expect(faultsOf(text)).toMatchInlineSnapshot(`
      [
        "gateway.yaml:2:17: server.port: expected a whole number from 0 to 65535, found 70000",
        "gateway.yaml:2:30: server.hots: expected one of the keys host, port, corsOrigins, drainDelayMs, cursorSecret, found an unknown key; did you mean host?",
        "gateway.yaml:4:13: cosmos.endpoint: expected the account's endpoint, an https URL such as https://contoso.documents.azure.com:443/ (http for an emulator on this machine or a private network's name), found "http://shop.documents.azure.com/"",
        "gateway.yaml:5:10: cosmos.keys[0]: expected an account key alone, as one piece of text, found another value (not shown)",
        "gateway.yaml:6:13: cosmos.database: expected a database's name: this one holds one of / \\ ? # or a control character, found "a/b"",
        "gateway.yaml:9:42: auth.issuers[0].jwksUri: expected an https URL (or http on this machine) without a password, found "http://login.example.com/keys"",
        "gateway.yaml:9:86: auth.issuers[0].algorithms[0]: expected an asymmetric signature algorithm (RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, EdDSA, Ed25519), found "HS256"",
        "gateway.yaml:9:93: auth.issuers[0].algorithms[1]: expected an asymmetric signature algorithm (RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, EdDSA, Ed25519), found "none"",
        "gateway.yaml:10:7: auth.issuers[1]: expected either jwksUri or jwksFile, found neither",
        "gateway.yaml:12:11: profiles[0].name: expected a name of lower-case letters, digits and -, found "Member"",
        "gateway.yaml:13:20: profiles[0].when.roles: expected text, a number, true or false, found a list",
        "gateway.yaml:14:17: profiles[0].cosmosUser: expected a template such as "member:{tid}:{sub}": put text between {tid} and {sub}: without it, different claims could give the same text, found "{tid}{sub}"",
        "gateway.yaml:15:41: profiles[0].permissions[0].mode: expected "Read" or "All", found "read"",
        "gateway.yaml:15:61: profiles[0].permissions[0].partitionKey: expected a list with one value for each level of the partition key, found "{tid}"",
        "gateway.yaml:19:52: profiles[1].permissions[0].partitionKey[0]: expected claims that stand in the profile's cosmosUser too: callers who differ only in {tid} would share one Cosmos DB user but need different permissions, found "{tid}"",
        "gateway.yaml:20:9: profiles[1].permissions[1]: expected another container, partitionKey or item than permissions[0] has: Cosmos DB allows a user one permission on each, found the same",
        "gateway.yaml:20:51: profiles[1].permissions[1].partitionKey[0]: expected claims that stand in the profile's cosmosUser too: callers who differ only in {tid} would share one Cosmos DB user but need different permissions, found "{tid}"",
        "gateway.yaml:21:28: tokens.lifetimeSeconds: expected a whole number from 600 to 86400, found 5",
        "gateway.yaml:21:41: tokens.provison: expected one of the keys lifetimeSeconds, refreshAheadSeconds, maxCachedUsers, provision, issue, found an unknown key; did you mean provision?",
        "gateway.yaml:22:32: limits.pageSize.default: expected at most limits.pageSize.max, 10, found 20",
        "gateway.yaml:23:17: instrospection: expected one of the keys server, cosmos, schema, auth, profiles, tokens, limits, introspection, api, found an unknown key; did you mean introspection?",
      ]
    `);
  });

  test("that is empty lacks the keys that have no default", () => {
    for (const text of ["", "# nothing", "---\n"]) {
      expect(load(text)).toMatchObject({
        ok: false,
        faults: [{ path: "cosmos" }, { path: "auth" }, { path: "profiles" }],
      });
    }
    expect(faultsOf("[a]")).toEqual([expect.stringContaining("expected a mapping")]);
    expect(faultsOf("text")).toEqual([expect.stringContaining("expected a mapping")]);
  });

  test("is answered and never thrown about, whatever it holds", () => {
    const piece = fc.constantFrom(
      ...MINIMAL.split(/(?<=[\s:{}"[\],])/),
      "&a ",
      "*a ",
      "${",
      "}",
      "- ",
    );
    const shuffled = fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join(""));
    const replaced = fc
      .tuple(fc.nat(MINIMAL.length), fc.nat(20), fc.string({ maxLength: 20 }))
      .map(([at, length, text]) => MINIMAL.slice(0, at) + text + MINIMAL.slice(at + length));
    const json = fc
      .dictionary(
        fc.constantFrom("server", "cosmos", "auth", "profiles", "tokens", "limits", "api"),
        fc.oneof(fc.jsonValue(), fc.array(fc.jsonValue())),
      )
      .map((tree) => JSON.stringify(tree));
    fc.assert(
      fc.property(fc.oneof(shuffled, replaced, json), (text) => {
        const loaded = load(text);
        expect(loaded.ok || loaded.faults.length > 0).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  test("needs somebody who may call", () => {
    const text = MINIMAL.replace(/ {2}issuers:\n.*\n/, "  anonymous: false\n");
    expect(faultsOf(text)).toEqual([
      expect.stringContaining(
        "auth.issuers: expected at least one issuer, or auth.anonymous: true",
      ),
    ]);
    expect(faultsOf(text.replace("anonymous: false", "anonymous: true"))).toEqual([]);
  });
});

describe("text that is no YAML", () => {
  test.each([
    ["a: 1\nb: [1\nc: 2", 3],
    ["cosmos:\n\tendpoint: x", 2],
    ["a: 'x", 1],
    ["a: *nowhere", 1],
    ["a: !!js/function 'x'", 1],
    ["a: 1\n---\nb: 2", 2],
    ["? [a]\n: b", 1],
    ["a: {b: 1}\na: {c: 2}", 2],
  ])("%j is refused with its line", (text, line) => {
    const loaded = load(text);
    expect(loaded.ok ? [] : loaded.faults.map((fault) => fault.line)).toContain(line);
  });

  test("takes an alias only after its anchor", () => {
    expect(faultsOf(withDatabase("*name"))).toEqual([
      "gateway.yaml:5:13: cosmos.database: expected an anchor before its alias, found *name",
    ]);
  });

  test("names the key that stands twice", () => {
    expect(faultsOf("server:\n  port: 1\n  port: 2")).toEqual([
      "gateway.yaml:3:3: expected valid YAML, found the key port a second time",
    ]);
  });

  test("is quoted nowhere, for it may hold a key", () => {
    for (const text of [
      'cosmos:\n  keys: ["a" "s3cret"]',
      'cosmos:\n  keys: "a"\n "s3cret"',
      "cosmos:\n  keys: |s3cret\n",
      "cosmos:\n  keys: a\n  s3cret",
      "]s3cret: [",
    ]) {
      expect(faultsOf(text).length).toBeGreaterThan(0);
      expect(faultsOf(text).join()).not.toContain("s3cret");
    }
  });

  test("made to exhaust memory or stack is refused quickly", () => {
    const bomb = ["a: &a0 [1,1,1,1,1,1,1,1,1]"];
    for (let level = 1; level < 30; level += 1) {
      bomb.push(`a${level}: &a${level} [${`*a${level - 1},`.repeat(9)}]`);
    }
    expect(faultsOf(bomb.join("\n"))).toEqual([expect.stringContaining("at most 50000 values")]);
    expect(faultsOf("a: &a [*a]").length).toBeGreaterThan(0);
    expect(faultsOf("[".repeat(100_000)).length).toBeGreaterThan(0);
    expect(faultsOf("a".repeat(2 ** 20 + 1))).toEqual([expect.stringContaining("1048576")]);
  });

  test("merges no keys, and takes no __proto__", () => {
    expect(faultsOf(`${MINIMAL}<<: { introspection: false }`)).toEqual([
      expect.stringContaining("an unknown key"),
    ]);
    expect(
      faultsOf(MINIMAL.replace("cosmosUser", "when: { __proto__: x }\n    cosmosUser")),
    ).toEqual([expect.stringContaining("a key other than __proto__")]);
  });

  test("but aliases are fine", () => {
    const text = MINIMAL.replace(
      'cosmosUser: "member:{sub}"',
      `cosmosUser: "member:{sub}"
    permissions: &own [{ container: carts, partitionKey: ["{sub}"], mode: All }]
  - { name: other, cosmosUser: "other:{sub}", permissions: *own }`,
    );
    const [first, second] = configOf(text).profiles;
    expect(second?.permissions).toEqual(first?.permissions);
  });
});

describe("variables", () => {
  test("that are missing are named, and nothing else is said of their values", () => {
    expect(faultsOf(MINIMAL, { env: {} })).toEqual([
      "gateway.yaml:3:13: cosmos.endpoint: expected the environment variable COSMOS_ENDPOINT, found none of that name",
      "gateway.yaml:4:10: cosmos.keys[0]: expected the environment variable COSMOS_KEY, found none of that name",
    ]);
  });

  test("may be missing or empty for further account keys", () => {
    for (const [secondary, keys] of [
      [undefined, ["c2VjcmV0"]],
      ["", ["c2VjcmV0"]],
      ["b3RoZXI=", ["c2VjcmV0", "b3RoZXI="]],
    ] as const) {
      const env = { ...ENV, COSMOS_SECONDARY_KEY: secondary };
      expect(configOf(MINIMAL, { env }).cosmos.keys.map((key) => key.reveal())).toEqual(keys);
    }
    expect(faultsOf(MINIMAL, { env: { ...ENV, COSMOS_KEY: "" } })).toEqual([
      expect.stringContaining("cosmos.keys[0]: expected an account key alone"),
    ]);
  });

  test("take part in a longer text, and $${ is no variable", () => {
    const text = withDatabase('"${STAGE}-$${x}-${STAGE}"');
    expect(configOf(text, { env: { ...ENV, STAGE: "${COSMOS_KEY}" } }).cosmos.database).toBe(
      "${COSMOS_KEY}-${x}-${COSMOS_KEY}",
    );
  });

  test("give numbers and flags where those are expected", () => {
    const text = `${MINIMAL}server: { port: "\${PORT}" }\nintrospection: \${INTROSPECTION}`;
    const config = configOf(text, { env: { ...ENV, PORT: "8080", INTROSPECTION: "false" } });
    expect(config.server.port).toBe(8080);
    expect(config.introspection).toBe(false);
    expect(faultsOf(text, { env: { ...ENV, PORT: "s3cret", INTROSPECTION: "no" } })).toEqual([
      "gateway.yaml:12:17: server.port: expected a whole number from 0 to 65535, found another value (not shown)",
      "gateway.yaml:13:16: introspection: expected true or false, found another value (not shown)",
    ]);
    expect(faultsOf(`${MINIMAL}server: { port: "8080" }`)).toEqual([
      expect.stringContaining('found "8080"'),
    ]);
  });

  test("take a file's content from the configuration's folder, trimmed", () => {
    const read: string[] = [];
    const text = MINIMAL.replace('"${COSMOS_KEY}"', '"${file:./secrets/key}"');
    const config = configOf(text, {
      readFile: (path) => {
        read.push(path);
        return " ZmlsZQ==\n";
      },
    });
    expect(read).toEqual(["/etc/gateway/secrets/key"]);
    expect(config.cosmos.keys[0]?.reveal()).toBe("ZmlsZQ==");
    expect(faultsOf(text)).toEqual([
      "gateway.yaml:4:10: cosmos.keys[0]: expected a readable file /etc/gateway/secrets/key, found ENOENT",
    ]);
  });

  test.each(["${}", "${a b}", "${NAME", "${1}", "${file}"])("%s is no variable", (variable) => {
    expect(faultsOf(withDatabase(`'${variable}'`))).toHaveLength(1);
  });

  test("are looked up among the environment's own names", () => {
    const text = withDatabase('"${toString}"');
    expect(faultsOf(text)).toEqual([expect.stringContaining("environment variable toString")]);
  });

  test("show their values in no fault", () => {
    const text = withDatabase("${DATABASE}").replace("https://login.example.com/keys", '"${JWKS}"');
    const env = {
      COSMOS_ENDPOINT: "s3cret",
      COSMOS_KEY: "s3cret s3cret",
      DATABASE: "s3cret/",
      JWKS: "http://s3cret",
    };
    const faults = faultsOf(text, { env });
    expect(faults).toHaveLength(4);
    expect(faults.join()).not.toContain("s3cret");
  });
});

describe("overrides", () => {
  const overrides = {
    server: { port: 0 },
    cosmos: {
      endpoint: "http://127.0.0.1:8081/",
      keys: [new Secret("ZW11bGF0b3I=")],
      database: "dev",
    },
    auth: {
      issuers: [
        {
          issuer: "urn:cosmos-graphql-gateway:development",
          audience: "dev",
          algorithms: ["ES256" as const],
          keys: { kind: "inline" as const, jwks: { keys: [] } },
        },
      ],
    },
  };

  test("take the place of values whose variables are then not needed", () => {
    const config = configOf(MINIMAL, { env: {}, overrides });
    expect(config.server.port).toBe(0);
    expect(config.cosmos.endpoint).toBe("http://127.0.0.1:8081/");
    expect(config.cosmos.database).toBe("dev");
    expect(config.cosmos.keys.map((key) => key.reveal())).toEqual(["ZW11bGF0b3I="]);
    expect(config.auth.issuers).toEqual(overrides.auth.issuers);
  });

  test("serve a file that has none of those sections", () => {
    const text = 'profiles:\n  - { name: member, cosmosUser: "member:{sub}" }';
    expect(configOf(text, { env: {}, overrides }).cosmos.database).toBe("dev");
  });

  test("hold no variables", () => {
    const literal = { ...overrides, cosmos: { ...overrides.cosmos, database: "${COSMOS_KEY}" } };
    expect(configOf(MINIMAL, { overrides: literal }).cosmos.database).toBe("${COSMOS_KEY}");
  });

  test("leave the rest of the file to be checked", () => {
    expect(faultsOf(`${MINIMAL}limits: { depth: 0 }`, { env: {}, overrides })).toHaveLength(1);
  });
});
