import { expect } from "vitest";
import { startGatewayUnderTest } from "./gateway-under-test.ts";

// What an operation answers is up to the test that wrote it.
// biome-ignore lint/suspicious/noExplicitAny: answers of any shape
export type Data = any;

/** The sample shop, and contoso's manager, who may write the catalogue, too. */
export async function startWithWritingManager() {
  const gateway = await startGatewayUnderTest({
    // A product has the field that may be null.
    configure: (yaml) => yaml.replace("products, mode: Read", "products, mode: All"),
  });
  const manager = await gateway.as("contoso-manager");
  return {
    gateway,
    /** Runs an operation, and answers its data; fails on any error. */
    run: async (query: string, variables: object = {}): Promise<Data> => {
      const { data, errors } = await manager.post<Data>(query, variables);
      expect(errors).toEqual([]);
      return data;
    },
  };
}

export const idsOf = (connection: { readonly nodes: readonly { readonly id: string }[] }) =>
  connection.nodes.map(({ id }) => id);
