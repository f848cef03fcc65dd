import { expect, test } from "vitest";
import { SAMPLE_DATABASE } from "../../src/dev/sample-data.ts";
import { ModelMismatchError } from "../../src/model/check-containers-fit.ts";
import { startGatewayUnderTest } from "./gateway-under-test.ts";

function withPaths(container: string, paths: readonly string[]) {
  const containers = SAMPLE_DATABASE.containers.map((each) =>
    each.id === container
      ? {
          ...each,
          partitionKey: {
            paths,
            kind: paths.length > 1 ? ("MultiHash" as const) : ("Hash" as const),
          },
          items: [],
        }
      : each,
  );
  return { ...SAMPLE_DATABASE, containers };
}

test.each([
  ["another path", ["/customerId"]],
  ["more levels", ["/tenantId", "/customerId"]],
  ["another case", ["/tenantid"]],
])(
  "a model that contradicts its container by %s is refused at start, with both shown",
  async (_name, paths) => {
    const started = startGatewayUnderTest({ database: withPaths("orders", paths) });
    await expect(started).rejects.toThrow(ModelMismatchError);
    await expect(started).rejects.toThrow(
      `Type Order has the partition key /tenantId, but its container "orders" has ${paths.join(", ")}.`,
    );
  },
);

test("a container that is not there yet does not keep the gateway from starting", async () => {
  const containers = SAMPLE_DATABASE.containers.filter(({ id }) => id !== "carts");
  const gateway = await startGatewayUnderTest({ database: { ...SAMPLE_DATABASE, containers } });
  const member = await gateway.as("contoso-member");
  expect((await member.post("{ orders { totalCount } }")).errors).toEqual([]);
  await gateway.stop();
});
