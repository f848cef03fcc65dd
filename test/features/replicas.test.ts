import { afterAll, beforeAll, expect, test } from "vitest";
import { ListOrderEdgesDocument } from "../generated/operations.ts";
import { errorCodes, type GatewayUnderTest, startGatewayUnderTest } from "./gateway-under-test.ts";

const withSecret = (secret: string) => (yaml: string) =>
  yaml.replace("  port: 4000", `  port: 4000\n  cursorSecret: ${secret}`);

let replicas: readonly GatewayUnderTest[];
let other: GatewayUnderTest;
beforeAll(async () => {
  const configure = withSecret("of-both-replicas-0123456789");
  const [one, two] = [
    await startGatewayUnderTest({ configure }),
    await startGatewayUnderTest({ configure }),
  ];
  replicas = [one, two];
  other = await startGatewayUnderTest({ configure: withSecret("of-another-gateway-012345") });
});
afterAll(async () => {
  await Promise.all([...replicas, other].map((gateway) => gateway.stop()));
});

test("a list that began at one replica goes on at another with the same cursorSecret", async () => {
  const [one, two] = replicas;
  const variables = { first: 5 };
  const start = await (await one?.as("contoso-member"))?.run(ListOrderEdgesDocument, variables);
  const after = start?.data?.orders?.pageInfo.endCursor ?? "";
  const rest = await (await two?.as("contoso-member"))?.run(ListOrderEdgesDocument, {
    first: 50,
    after,
  });
  expect(rest?.errors).toEqual([]);
  const seen = [start, rest].flatMap((page) =>
    page?.data?.orders?.edges.map(({ node }) => node?.id),
  );
  expect(new Set(seen).size).toBe(12);

  const elsewhere = await (await other.as("contoso-member")).run(ListOrderEdgesDocument, { after });
  expect(errorCodes(elsewhere)).toEqual(["BAD_USER_INPUT"]);
});
