/** Files that are mutated together, and the tests that must notice. */
export interface MutationGroup {
  readonly name: string;
  /** Paths from the root of the repository; no globs in the sample, whose files are named. */
  readonly mutated: readonly string[];
  /**
   * The tests that run against each mutant, in this order: those that state what these files
   * promise, the quickest first.
   */
  readonly tests: readonly string[];
}

/** What decides who may see an item, room by room. A file is in one group alone. */
export const GROUPS: readonly MutationGroup[] = [
  {
    name: "authentication",
    mutated: [
      "src/auth/authenticate.ts",
      "src/auth/read-bearer-token.ts",
      "src/auth/verified-token-cache.ts",
      "src/auth/verify-bearer-token.ts",
    ],
    tests: [
      "test/auth/read-bearer-token.test.ts",
      "test/auth/verify-bearer-token.test.ts",
      "test/auth/verified-token-cache.test.ts",
      "test/auth/authenticate.test.ts",
    ],
  },
  {
    name: "access",
    mutated: [
      "src/access/expand-permission.ts",
      "src/access/permission-id.ts",
      "src/access/profile-fits.ts",
      "src/access/resolve-access.ts",
    ],
    tests: ["test/access/*.test.ts"],
  },
  {
    name: "templates",
    mutated: [
      "src/templates/claim-template.ts",
      "src/templates/claim-value.ts",
      "src/templates/encode-claim.ts",
      "src/templates/expand-template.ts",
      "src/templates/expanded.ts",
      "src/templates/template-overlap.ts",
      "src/cosmos/id-rules.ts",
      "src/cosmos/partition-key.ts",
    ],
    tests: [
      "test/templates/*.test.ts",
      "test/cosmos/id-rules.test.ts",
      "test/cosmos/partition-key.test.ts",
    ],
  },
  {
    name: "grants",
    mutated: [
      "src/tokens/grant-cache.ts",
      "src/tokens/mint-grants.ts",
      "src/tokens/provision-permissions.ts",
    ],
    tests: ["test/tokens/grant-cache.test.ts", "test/tokens/provision-permissions.test.ts"],
  },
  {
    // Apart from the grants, because these need no emulator and so take a fraction of the time.
    name: "permissions",
    mutated: ["src/tokens/permission-resource.ts", "src/tokens/shared-work.ts"],
    tests: ["test/tokens/permission-resource.test.ts", "test/tokens/shared-work.test.ts"],
  },
  {
    name: "items",
    mutated: [
      "src/items/choose-grant.ts",
      "src/items/scoped-http-client.ts",
      "src/items/guard-request.ts",
      "src/items/scoped-wire.ts",
      "src/cosmos/patient-http-client.ts",
    ],
    tests: [
      "test/cosmos/patient-http-client.test.ts",
      "test/items/guard-request.test.ts",
      "test/items/choose-grant.test.ts",
      "test/items/scoped-wire.test.ts",
      "test/items/scoped-http-client.test.ts",
    ],
  },
  {
    name: "scoped-client",
    mutated: ["src/items/run-scoped.ts", "src/items/scoped-client.ts"],
    tests: [
      "test/items/scoped-client.test.ts",
      "test/items/scoped-runner.test.ts",
      "test/items/run-scoped.test.ts",
    ],
  },
  {
    name: "cursors",
    mutated: [
      "src/graphql/cursors/canonical-json.ts",
      "src/graphql/cursors/cursor-codec.ts",
      "src/graphql/cursors/text-sealer.ts",
    ],
    tests: [
      "test/graphql/cursors/canonical-json.test.ts",
      "test/graphql/cursors/text-sealer.test.ts",
      "test/graphql/cursors/cursor-codec.test.ts",
    ],
  },
  {
    name: "emulator",
    mutated: [
      "src/emulator/security/authorization.ts",
      "src/emulator/security/authentication.ts",
      "src/emulator/security/resource-token.ts",
      "src/emulator/security/request-kind.ts",
      "src/emulator/security/authorization-header.ts",
      "src/emulator/security/token-lifetime.ts",
      "src/emulator/http/partition-key-header.ts",
    ],
    tests: [
      "test/emulator/http/partition-key-header.test.ts",
      "test/emulator/security/token-lifetime.test.ts",
      "test/emulator/security/authorization-header.test.ts",
      "test/emulator/security/request-kind.test.ts",
      "test/emulator/security/permission-matrix.test.ts",
      "test/emulator/security/resource-token.test.ts",
      "test/emulator/security/authentication.test.ts",
      "test/emulator/security/authorization.test.ts",
    ],
  },
];

/** Two small files that decide much, for a run of less than a minute. */
export const SAMPLE: MutationGroup = {
  name: "sample",
  mutated: ["src/access/permission-id.ts", "src/access/profile-fits.ts"],
  tests: ["test/access/*.test.ts"],
};
