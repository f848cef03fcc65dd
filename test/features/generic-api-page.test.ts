import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { CosmosClient } from "@azure/cosmos";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type GatewayUnderTest, startGatewayUnderTest } from "./gateway-under-test.ts";

const page = readFileSync(
  join(resolve(import.meta.dirname, "../.."), "docs/generic-api.md"),
  "utf8",
);

function blocksOf(language: string): readonly string[] {
  return [...page.matchAll(new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\``, "gm"))].map(
    ([, text]) => text ?? "",
  );
}

let gateway: GatewayUnderTest;
beforeAll(async () => {
  gateway = await startGatewayUnderTest({
    configure: (yaml) => {
      const [api, tokens] = blocksOf("yaml");
      const [, issue] = (tokens ?? "").split("tokens:\n");
      return `${yaml.replace("tokens:\n", `tokens:\n${issue}`)}\n${api}`;
    },
  });
});
afterAll(() => gateway.stop());

test("the page's configuration, operations and program do what it says", async () => {
  const manager = await gateway.as("contoso-manager");
  const [rows, created, patched, read, tokens] = await blocksOf("graphql").reduce<
    Promise<readonly Record<string, unknown>[]>
  >(async (before, operation) => {
    const answers = await before;
    const { data, errors } = await manager.post(operation);
    expect(errors).toEqual([]);
    return [...answers, data ?? {}];
  }, Promise.resolve([]));

  expect(rows).toMatchObject({ items: { hasNextPage: false, endCursor: null } });
  expect(created).toMatchObject({ createItem: { id: "mine", lines: [] } });
  expect(patched).toMatchObject({ patchItem: { lines: [{ sku: "P-1", quantity: 2 }] } });
  expect(read).toEqual({ item: patched?.patchItem });

  const issued = tokens?.issueResourceTokens as readonly { readonly container: string }[];
  const [program] = blocksOf("js");
  const run = new Function(
    "CosmosClient",
    "issued",
    `return (async () => { ${program} return resources; })();`,
  );
  const orders = await run(
    CosmosClient,
    issued.find(({ container }) => container === "orders"),
  );
  expect(orders.length).toBeGreaterThan(0);
  expect(orders.every(({ tenantId }: { tenantId: string }) => tenantId === "contoso")).toBe(true);
});
