import { createRequire } from "node:module";
import { defineConfig } from "vitest/config";

export default defineConfig({
  // The copy that Node.js loads. Vite would take another one of the package's two, whose types
  // type-graphql and Apollo Server do not know.
  resolve: {
    alias: [{ find: /^graphql$/, replacement: createRequire(import.meta.url).resolve("graphql") }],
  },
  test: {
    include: ["test/**/*.test.ts"],
    setupFiles: ["test/fast-check-seed.ts"],
    // A test starts servers of its own on free ports, so files may run beside each other.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: process.env.CI
      ? ["default", ["json", { outputFile: "coverage/test-results.json" }]]
      : ["default"],
  },
});
