// The boundaries of what runs, checked on the build. Imports of types alone are not in it: those, and
// the order of the rooms, are checked on the source by test/architecture.
const only = (name, comment, from, to) => ({ name, comment, severity: "error", from, to });

module.exports = {
  forbidden: [
    only("no-cycles", "A cycle hides who depends on whom.", {}, { circular: true }),
    only(
      "key-holder-is-imported-by-app-only",
      "The account key is read in tokens/account-client alone; only the composition root hands it out.",
      { pathNot: "^dist/app\\.js$" },
      { path: "^dist/tokens/account-client\\.js$" },
    ),
    only(
      "key-holder-keeps-its-parts",
      "What signs with the account key is built in tokens/account-client alone.",
      { pathNot: "^dist/tokens/account-client\\.js$" },
      { path: "^dist/tokens/account-key-(client|ring)\\.js$" },
    ),
    only(
      "sdk-stays-behind-the-wire",
      "What is not in cosmos/, tokens/ or items/ can't send a request to Cosmos DB.",
      { pathNot: "^dist/(cosmos|tokens|items)/" },
      { path: "^node_modules/@azure/cosmos/" },
    ),
    only(
      "emulator-stands-alone",
      "The emulator must stay replaceable by the real service.",
      { path: "^dist/emulator/" },
      { path: "^dist/", pathNot: "^dist/emulator/" },
    ),
    only(
      "emulator-is-started-not-used",
      "Only development start-up knows the emulator.",
      { pathNot: "^dist/(emulator/|dev/|commands/emulator\\.js$)" },
      { path: "^dist/emulator/" },
    ),
    only(
      "development-parts-stay-out-of-production",
      "The development issuer must not be reachable from what serves a real account.",
      { pathNot: "^dist/(dev/|commands/dev\\.js$)" },
      { path: "^dist/dev/" },
    ),
    only(
      "no-test-code-in-the-product",
      "Development dependencies are not there in production.",
      {},
      { dependencyTypes: ["npm-dev", "npm-no-pkg", "npm-unknown", "unknown"] },
    ),
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exoticRequireStrings: [],
    moduleSystems: ["es6", "cjs"],
  },
};
