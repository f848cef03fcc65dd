import { Writable } from "node:stream";
import { expect, test } from "vitest";
import { createLogOutput } from "../../src/observability/log-output.ts";

/** A stream that can be told to fail, as a closed pipe or a full disk does, or to stand still. */
function createSink() {
  const sink = { text: "", failure: undefined as string | undefined, isStuck: false };
  let goOn = () => {};
  const stream = new Writable({
    decodeStrings: false,
    // As Node.js makes standard output: an error does not close it for good.
    destroy(error, done) {
      done(error);
      (this as unknown as { _undestroy(): void })._undestroy();
    },
    write: (chunk, _encoding, done) => {
      const take = () => {
        if (sink.failure === undefined) {
          sink.text += chunk;
          done();
        } else {
          done(Object.assign(new Error("refused"), { code: sink.failure }));
        }
      };
      if (sink.isStuck) {
        goOn = take;
      } else {
        take();
      }
    },
  });
  return {
    sink,
    stream,
    release: () => {
      sink.isStuck = false;
      goOn();
    },
  };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));
const events = (text: string) =>
  text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));

test.each(["EPIPE", "ENOSPC", "EIO"])(
  "lines that meet %s are dropped and counted, and the next one that is written says how many",
  async (code) => {
    const { sink, stream } = createSink();
    const output = createLogOutput(stream);
    output.write('{"n":1}\n');
    await settled();
    sink.failure = code;
    for (let n = 2; n < 6; n += 1) {
      output.write(`{"n":${n}}\n`);
      await settled();
    }
    expect(output.droppedLines()).toBe(4);
    sink.failure = undefined;
    output.write('{"n":6}\n');
    output.write('{"n":7}\n');
    await settled();
    expect(events(sink.text)).toMatchObject([
      { n: 1 },
      { level: "warn", event: "log-lines-dropped", lines: 4 },
      { n: 6 },
      { n: 7 },
    ]);
    expect(output.droppedLines()).toBe(4);
  },
);

test("a reader that doesn't keep up bounds what waits, and hears of the rest when it goes on", async () => {
  const { sink, stream, release } = createSink();
  const output = createLogOutput(stream);
  sink.isStuck = true;
  const line = `{"text":"${"x".repeat(1_000_000)}"}\n`;
  for (let count = 0; count < 20; count += 1) {
    output.write(line);
  }
  expect(stream.writableLength).toBeLessThan(6_000_000);
  const { length: taken } = Array.from({ length: 20 - output.droppedLines() });
  expect(taken).toBeLessThan(7);
  const flushed = output.flushed();
  release();
  await flushed;
  await settled();
  const written = events(sink.text);
  expect(written.filter(({ text }) => text !== undefined)).toHaveLength(taken);
  expect(written.at(-1)).toMatchObject({ event: "log-lines-dropped", lines: 20 - taken });
});
