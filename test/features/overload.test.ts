import { Query, Resolver } from "type-graphql";
import { afterAll, beforeAll, expect, test } from "vitest";
import { errorCodes, type GatewayUnderTest, startGatewayUnderTest } from "./gateway-under-test.ts";

let gateway: GatewayUnderTest;
let release = () => {};
let waiting = 0;

beforeAll(async () => {
  gateway = await startGatewayUnderTest({
    extend: () => {
      class Own {
        async waits(): Promise<string> {
          waiting += 1;
          await new Promise<void>((resolve) => {
            const before = release;
            release = () => {
              before();
              resolve();
            };
          });
          return "done";
        }
      }
      // What the decorator syntax compiles to, which these tests are not compiled with.
      Resolver()(Own);
      Query(() => String)(Own.prototype, "waits", { value: undefined });
      return [Own];
    },
  });
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

/** Keeps the event loop late, a turn at a time, until it is told to stop. */
function keepBusy(): () => void {
  let isOver = false;
  const turn = () => {
    const until = performance.now() + 700;
    while (performance.now() < until) {
      // What a process that can't keep up does.
    }
    if (!isOver) {
      setImmediate(turn);
    }
  };
  setImmediate(turn);
  return () => {
    isOver = true;
  };
}

test("a process that can't keep up refuses requests, says that it is alive, and goes on later", async () => {
  const member = await gateway.as("contoso-member");
  const underWay = Array.from({ length: 12 }, () => member.post("{ waits }"));
  await expect.poll(() => waiting, { timeout: 20_000 }).toBe(12);
  const stopBusy = keepBusy();
  let refused = await member.post("{ viewer { subject } }");
  while (refused.status === 200) {
    refused = await member.post("{ viewer { subject } }");
  }
  const health = await fetch(`${gateway.address}/healthz`);
  stopBusy();
  expect(refused.status).toBe(503);
  expect(errorCodes(refused)).toEqual(["OVERLOADED"]);
  expect(refused.headers.get("retry-after")).toBe("1");
  expect(health.status).toBe(200);
  release();
  for (const answer of await Promise.all(underWay)) {
    expect(answer.data).toEqual({ waits: "done" });
  }
  expect((await member.post("{ viewer { subject } }")).status).toBe(200);
});
