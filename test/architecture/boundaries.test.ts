import { expect, test } from "vitest";
import { type SourceImport, sourceFiles, sourceImports, sourceText } from "./source-imports.ts";

const imports = sourceImports();

// Most of these dependency-cruiser holds on the build, too. Here no type crosses them, either.
test.each<[string, RegExp, RegExp]>([
  // It must stay replaceable by the real service.
  ["the emulator imports nothing of the gateway", /^emulator\//, /^(?!emulator\/)/],
  [
    "the emulator is started by development start-up alone",
    /^(?!emulator\/|dev\/|commands\/emulator\.ts$)/,
    /^emulator\//,
  ],
  [
    "the development issuer can't be reached from what serves a real account",
    /^(?!dev\/|commands\/dev\.ts$)/,
    /^dev\//,
  ],
  [
    "only the composition root hands out the account key's holder",
    /^(?!app\.ts$|tokens\/)/,
    /^tokens\/account-/,
  ],
  [
    // A scope says what a grant is for. What holds its resource token is not in reach.
    "resolvers, own ones too, and routes know nothing of grants but their scope",
    /^(graphql\/|http\/|gateway\.ts$)/,
    /^(tokens\/(?!grant-scope\.ts$)|secret\.ts$)/,
  ],
])("%s", (_, from, to) => {
  expect(imports.filter((each) => to.test(each.to)).length).toBeGreaterThan(1);
  expect(crossing(imports, from, to)).toEqual([]);
});

/** The imports between such files, each as `from -> to`. */
function crossing(among: readonly SourceImport[], from: RegExp, to: RegExp): readonly string[] {
  return among
    .filter((each) => from.test(each.from) && to.test(each.to))
    .map((each) => `${each.from} -> ${each.to}`);
}

// `process.env` itself is the linter's to find (noProcessEnv).
test("nothing takes the environment from node:process", () => {
  const taking = sourceFiles().filter((file) => /"(node:)?process"/.test(sourceText(file)));
  expect(taking).toEqual([]);
});

test("a secret is revealed only where it is verified, sent or signed with", () => {
  const revealing = sourceFiles()
    .filter((file) => sourceText(file).includes(".reveal("))
    .filter((file) => !/^(tokens|items)\//.test(file));
  expect(revealing).toEqual([
    // Overrides are how `cosmos-gateway dev` hands the emulator's keys over.
    "config/config-overrides.ts",
    // Seals cursors.
    "reloadable-secrets.ts",
  ]);
});
