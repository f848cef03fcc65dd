import { afterAll, beforeAll, expect, test } from "vitest";
import { errorCodes, type GatewayUnderTest, startGatewayUnderTest } from "./gateway-under-test.ts";

let gateway: GatewayUnderTest;

beforeAll(async () => {
  gateway = await startGatewayUnderTest();
});
afterAll(() => gateway.stop());

/** Text of 45 kB at most that repeats something, as far as the parser goes. */
function repeated(piece: (index: number) => string, times: number): string {
  return Array.from({ length: times }, (_, index) => piece(index)).join(" ");
}

const UNKNOWN_FIELDS = `{ orders { nodes { ${repeated((index) => `statos${index}`, 4_300)} } } }`;

test("150 documents of 45 kB that fail validation hold nobody else's request", async () => {
  const member = await gateway.as("contoso-member");
  await member.post("{ orders { totalCount } }");
  expect(UNKNOWN_FIELDS.length).toBeGreaterThan(45_000);
  const order: string[] = [];
  const documents = Array.from({ length: 150 }, async () => {
    const answer = await member.post(UNKNOWN_FIELDS);
    order.push("document");
    return answer;
  });
  const health = fetch(`${gateway.address}/healthz`).then(({ status }) => {
    order.push("health");
    return status;
  });
  const other = member.post("{ orders { totalCount } }");
  const answers = await Promise.all(documents);
  expect(await health).toBe(200);
  expect((await other).data).toEqual({ orders: { totalCount: 12 } });
  expect(order.at(-1)).toBe("document");

  for (const answer of answers) {
    if (answer.status === 503) {
      expect(errorCodes(answer)).toEqual(["OVERLOADED"]);
      expect(answer.errors[0]?.extensions.retryAfterMs).toBe(1000);
      expect(answer.headers.get("retry-after")).toBe("1");
    } else {
      expect(new Set(errorCodes(answer))).toEqual(new Set(["GRAPHQL_VALIDATION_FAILED"]));
      expect(answer.errors.length).toBeLessThanOrEqual(6);
    }
  }
  expect(answers.some(({ status }) => status !== 503)).toBe(true);
});

test("150 documents of 45,000 braces wait for their turns like others", async () => {
  const member = await gateway.as("contoso-member");
  const documents = Array.from({ length: 150 }, () => member.post("{".repeat(45_000)));
  const codes = (await Promise.all(documents)).flatMap(errorCodes);
  expect(new Set(codes)).toEqual(new Set(["QUERY_TOO_EXPENSIVE", "OVERLOADED"]));
});

test.each([
  ["one field", `{ orders { nodes { ${repeated(() => "id", 2_000)} } } }`],
  ["one field with what is below it", `{ ${repeated(() => "orders { nodes { id } }", 900)} }`],
  [
    "fields that contradict each other",
    `{ orders { nodes { ${repeated((index) => `a: ${index % 2 ? "id" : "total"}`, 1_000)} } } }`,
  ],
  ["fragments", `{ ${repeated((index) => `...F${index}`, 1_000)} }`],
  [
    "fragments in a chain",
    `{ ...F0 } ${repeated((index) => `fragment F${index} on Query { ...F${index + 1} }`, 1_000)}`,
  ],
  ["operations", repeated((index) => `query Q${index} { viewer { subject } }`, 1_000)],
])(
  "a document that repeats %s a thousand times is refused before it is compared",
  async (_what, query) => {
    const member = await gateway.as("contoso-member");
    const answer = await member.post(query);
    expect(errorCodes(answer)).toEqual(["QUERY_TOO_EXPENSIVE"]);
    expect(answer.errors[0]?.message).toContain("repeats too many");
  },
);

test("documents that repeat what pages repeat are answered", async () => {
  const member = await gateway.as("contoso-member");
  const query = `{ orders { ${repeated(() => "nodes { id total lines { sku } }", 100)} ...${"F".repeat(3)} } }
    fragment FFF on OrderConnection { nodes { id } }`;
  expect(errorCodes(await member.post(query))).toEqual([]);
});
