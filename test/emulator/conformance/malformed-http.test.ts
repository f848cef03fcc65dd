import { createConnection } from "node:net";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sign } from "../test-account.ts";
import { containerPath, createFuzzTarget, type FuzzTarget, within } from "./fuzz-target.ts";

// with `malformed-requests.test.ts` 10,000 inputs, the same ones each time
const seed = 20_261_122;

let target: FuzzTarget;

beforeAll(async () => {
  target = await createFuzzTarget();
});
afterAll(async () => {
  await target.expectUnchanged();
  await target.expectWorking();
  await target.account.stop();
});

/** What came back before the connection was closed, by either side. */
interface Exchange {
  readonly text: string;
  /** The statuses of the answers in it, in their order. */
  readonly statuses: readonly number[];
}

/** How long nothing must come back before a client takes the exchange for over. */
const quietMs = 5;

/**
 * Sends bytes on a connection of their own. `end`: takes what comes back, then says that there is no more, and waits
 * until the server closes; `leave`: goes away at once, in the middle if that is where the bytes end.
 */
function exchange(bytes: Buffer, then: "end" | "leave"): Promise<Exchange> {
  const { hostname, port } = new URL(target.account.endpoint);
  const whole = new Promise<Exchange>((resolve) => {
    const chunks: Buffer[] = [];
    const socket = createConnection(Number(port), hostname, () => {
      // ending at once would make a Node.js server drop the requests that it has not come to yet
      socket.write(bytes, () => (then === "end" ? quiet.refresh() : socket.destroy()));
    });
    const quiet = setTimeout(() => socket.end(), quietMs);
    socket.on("data", (chunk: Buffer) => {
      chunks.push(chunk);
      quiet.refresh();
    });
    // a server that refuses may close while the rest is still on its way
    socket.on("error", () => {});
    socket.on("close", () => {
      clearTimeout(quiet);
      const text = Buffer.concat(chunks).toString("utf8");
      const statuses = [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) =>
        Number(status),
      );
      resolve({ text, statuses });
    });
  });
  return within(10_000, whole);
}

/** A right request as text, signed. */
function requestText(
  method: string,
  path: string,
  more: readonly string[] = [],
  body = "",
): string {
  const date = new Date().toUTCString();
  const lines = [
    `${method} ${path} HTTP/1.1`,
    "host: localhost",
    `x-ms-date: ${date}`,
    "x-ms-version: 2020-07-15",
    'x-ms-documentdb-partitionkey: ["a"]',
    `authorization: ${sign(target.account.key, method, path, date)}`,
    ...(body === "" ? [] : [`content-length: ${Buffer.byteLength(body)}`]),
    ...more,
  ];
  return `${lines.join("\r\n")}\r\n\r\n${body}`;
}

const item = '{"id":"wire","pk":"a","email":"wire"}';

/** Right requests that change nothing: one of them refuses. */
const plain = fc.constantFrom<() => string>(
  () => requestText("GET", `${containerPath}/docs/0`),
  () => requestText("GET", `${containerPath}/docs`),
  () => requestText("GET", `${containerPath}/docs/nothing`),
  () => requestText("GET", "/"),
  () =>
    requestText(
      "POST",
      `${containerPath}/docs`,
      ["content-type: application/json"],
      '{"id":"0","pk":"a"}',
    ),
);

/** A create that must not happen: what arrives of it is never the whole of it. */
const cutShort = fc.nat(item.length - 1).map((length) => () => {
  const text = requestText("POST", `${containerPath}/docs`, [], item);
  return text.slice(0, text.length - item.length + length);
});

const lines = fc.constantFrom(
  "GET",
  "GET\r\n\r\n",
  "\r\n\r\n\r\n",
  " GET / HTTP/1.1\r\n\r\n",
  "GET / HTTP/9.9\r\nhost: x\r\n\r\n",
  "GET /\0 HTTP/1.1\r\nhost: x\r\n\r\n",
  "GET  / HTTP/1.1\r\nhost: x\r\n\r\n",
  "GET /dbs/ü HTTP/1.1\r\nhost: x\r\n\r\n",
  "GET http://[ HTTP/1.1\r\nhost: x\r\n\r\n",
  "GET http://other.example/dbs HTTP/1.1\r\nhost: x\r\n\r\n",
  "GET * HTTP/1.1\r\nhost: x\r\n\r\n",
  "OPTIONS * HTTP/1.1\r\nhost: x\r\n\r\n",
  "CONNECT localhost:1 HTTP/1.1\r\nhost: x\r\n\r\n",
  "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
  "BREW /dbs HTTP/1.1\r\nhost: x\r\n\r\n",
  "GET / HTTP/1.1\r\n\r\n",
  "GET / HTTP/1.0\r\n\r\n",
  "GET / HTTP/1.1\nhost: x\n\n",
  "GET / HTTP/1.1\r\nhost: x\r\nhost: y\r\n\r\n",
  "GET / HTTP/1.1\r\nhost : x\r\n\r\n",
  "GET / HTTP/1.1\r\n: x\r\n\r\n",
  "GET / HTTP/1.1\r\nhost: x\r\nx: a\r\n b\r\n\r\n",
  "GET / HTTP/1.1\r\nhost: x\r\nx: \x01\r\n\r\n",
  "GET / HTTP/1.1\r\nhost: x\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n",
  "POST /dbs HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-length: 2\r\n\r\n{}",
  "POST /dbs HTTP/1.1\r\nhost: x\r\nexpect: more\r\ncontent-length: 2\r\n\r\n{}",
  "POST /dbs HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n",
  "POST /dbs HTTP/1.1\r\nhost: x\r\ncontent-length: 1e3\r\n\r\n",
  "POST /dbs HTTP/1.1\r\nhost: x\r\ncontent-length: 99999999999999999999\r\n\r\n",
  "POST /dbs HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{}",
  "POST /dbs HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
  "POST /dbs HTTP/1.1\r\nhost: x\r\ntransfer-encoding: gzip\r\n\r\n{}",
  "POST /dbs HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
  "POST /dbs HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nfffffffffffffffff\r\n",
  `GET /${"x".repeat(70_000)} HTTP/1.1\r\nhost: x\r\n\r\n`,
  `GET / HTTP/1.1\r\nhost: x\r\nx: ${"y".repeat(70_000)}\r\n\r\n`,
  `GET / HTTP/1.1\r\nhost: x\r\n${"x: y\r\n".repeat(3_000)}\r\n`,
);

/** A right request with bytes of its head changed, cut or doubled. */
const damaged = fc
  .tuple(
    plain,
    fc.array(fc.tuple(fc.nat(300), fc.nat(3), fc.uint8Array({ maxLength: 3 })), {
      minLength: 1,
      maxLength: 3,
    }),
  )
  .map(([make, damages]) => () => {
    let bytes = Buffer.from(make());
    for (const [place, length, put] of damages) {
      const at = place % bytes.length;
      bytes = Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at + length)]);
    }
    return bytes;
  });

const wire: fc.Arbitrary<() => string | Buffer> = fc.oneof(
  fc.uint8Array({ maxLength: 300 }).map((bytes) => () => Buffer.from(bytes)),
  lines.map((text) => () => text),
  { weight: 3, arbitrary: damaged },
  cutShort,
  // one after the other without waiting, the last one broken or cut
  fc
    .tuple(
      fc.array(plain, { minLength: 1, maxLength: 4 }),
      fc.oneof(
        lines.map((text) => () => text),
        cutShort,
      ),
    )
    .map(
      ([list, last]) =>
        () =>
          list.map((make) => make()).join("") + last(),
    ),
);

describe("what comes over the wire", () => {
  test("is answered or closed, whatever it is", async () => {
    await fc.assert(
      fc.asyncProperty(wire, fc.constantFrom("end", "leave"), async (make, then) => {
        const { text, statuses } = await exchange(Buffer.from(make()), then);
        const isFault = statuses.some((status) => status >= 500 && status !== 501);
        if (isFault || (text !== "" && statuses.length === 0)) {
          throw new Error(text.slice(0, 1000));
        }
      }),
      { numRuns: 1_500, seed, endOnFailure: true },
    );
    await target.expectUnchanged();
  });

  test("in one piece with others is answered in its order", async () => {
    const there = requestText("GET", `${containerPath}/docs/0`);
    const missing = requestText("GET", `${containerPath}/docs/nothing`);
    const { statuses } = await exchange(Buffer.from(there + missing + there + missing), "end");
    expect(statuses).toEqual([200, 404, 200, 404]);
  });

  test("behind a refused body is not taken for a request", async () => {
    const inner = requestText("DELETE", `${containerPath}/docs/0`);
    const outer = requestText("POST", `${containerPath}/docs`, [`content-length: ${inner.length}`]);
    const { statuses } = await exchange(Buffer.from(outer + inner), "end");
    expect(statuses).toEqual([400]);
    const tooLong = requestText("POST", `${containerPath}/docs`, [
      `content-length: ${5 * 1024 * 1024}`,
    ]);
    const refused = await exchange(
      Buffer.concat([
        Buffer.from(tooLong),
        Buffer.alloc(4.5 * 1024 * 1024, " "),
        Buffer.from(inner),
      ]),
      "end",
    );
    expect(refused.statuses.every((status) => status === 413)).toBe(true);
    await target.expectUnchanged();
  });

  test("byte by byte is one request", async () => {
    const { hostname, port } = new URL(target.account.endpoint);
    const text = requestText("GET", `${containerPath}/docs/0`, ["connection: close"]);
    const answer = await new Promise<string>((resolve, reject) => {
      let received = "";
      const socket = createConnection(Number(port), hostname, async () => {
        for (const byte of Buffer.from(text)) {
          await new Promise((written) => socket.write(Buffer.from([byte]), written));
        }
      });
      socket.setNoDelay(true);
      socket.setEncoding("utf8");
      socket.on("data", (chunk: string) => {
        received += chunk;
      });
      socket.on("error", reject);
      socket.on("close", () => resolve(received));
    });
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
  });

  test("slowly holds nobody else up", async () => {
    const { hostname, port } = new URL(target.account.endpoint);
    const half = requestText("POST", `${containerPath}/docs`, [], item).slice(0, -5);
    const sockets = Array.from({ length: 50 }, () => {
      const socket = createConnection(Number(port), hostname, () => socket.write(half));
      socket.on("error", () => {});
      return socket;
    });
    await target.expectWorking();
    for (const socket of sockets) {
      socket.destroy();
    }
    await target.expectUnchanged();
  });
});
