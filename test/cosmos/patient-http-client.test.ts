import { getEventListeners } from "node:events";
import {
  createHttpHeaders,
  createPipelineRequest,
  type PipelineResponse,
} from "@azure/core-rest-pipeline";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { createPatientHttpClient } from "../../src/cosmos/patient-http-client.ts";

/** How long the client would have waited, in milliseconds. */
const waits: number[] = [];

/** Called when a wait begins. The wait ends at once, or if this gives false, by an abort alone. */
let onWait = () => true;

vi.mock("node:timers/promises", () => ({
  setTimeout: (waitMs: number, _value: undefined, { signal }: { signal: AbortSignal }) =>
    new Promise<void>((resolve, reject) => {
      signal.addEventListener("abort", reject);
      waits.push(signal.aborted ? 0 : waitMs);
      if (signal.aborted || onWait()) {
        resolve();
      }
    }),
}));

beforeEach(() => {
  waits.length = 0;
  onWait = () => true;
});

interface Answer {
  readonly status: number;
  readonly retryAfterMs?: string;
}

/** Sends one request to a Cosmos DB that gives these answers, the last of them again and again. */
async function send(
  answers: readonly Answer[],
  {
    statuses,
    signal,
  }: { readonly statuses?: readonly number[]; readonly signal?: AbortSignal } = {},
) {
  const left = [...answers];
  let attempts = 0;
  const request = createPipelineRequest({ url: "https://account.test/" });
  if (signal !== undefined) {
    request.abortSignal = signal;
  }
  const client = createPatientHttpClient(
    {
      sendRequest: async (): Promise<PipelineResponse> => {
        attempts += 1;
        if (attempts > 1000) {
          throw new Error("It never gives up.");
        }
        const { status, retryAfterMs } = (left.length > 1 ? left.shift() : left[0]) ?? {
          status: 200,
        };
        const headers = createHttpHeaders(
          retryAfterMs === undefined ? {} : { "x-ms-retry-after-ms": retryAfterMs },
        );
        return { request, status, headers };
      },
    },
    statuses,
  );
  const { status } = await client.sendRequest(request);
  return { status, attempts };
}

describe("a patient HTTP client", () => {
  test.each([200, 404, 410, 503])("passes on an answer of %d at once", async (status) => {
    expect(await send([{ status }])).toEqual({ status, attempts: 1 });
    expect(waits).toEqual([]);
  });

  test.each([429, 449])(
    "repeats what was answered %d, after the time asked for",
    async (status) => {
      const answers = [{ status, retryAfterMs: "300" }, { status: 200 }];
      expect(await send(answers)).toEqual({ status: 200, attempts: 2 });
      expect(waits).toEqual([300]);
    },
  );

  test("leaves a status alone that it was not made for", async () => {
    const options = { statuses: [449] };
    expect(await send([{ status: 429 }], options)).toEqual({ status: 429, attempts: 1 });
    expect(await send([{ status: 449 }, { status: 200 }], options)).toMatchObject({ attempts: 2 });
  });

  test("waits longer each time where no time is asked for, five seconds in all at most", async () => {
    expect(await send([{ status: 449 }])).toEqual({ status: 449, attempts: 8 });
    expect(waits).toEqual([20, 40, 80, 160, 320, 640, 1280]);
  });

  test("takes its own time up again after an answer that asked for one", async () => {
    const asks = { status: 429, retryAfterMs: "100" };
    await send([{ status: 429 }, asks, { status: 429 }, { status: 200 }]);
    expect(waits).toEqual([20, 100, 40]);
  });

  test.each(["soon", "-1", "Infinity"])(
    "takes its own time where it is asked for %j",
    async (retryAfterMs) => {
      await send([{ status: 429, retryAfterMs }, { status: 200 }]);
      expect(waits).toEqual([20]);
    },
  );

  test("waits five seconds, and passes on an answer that asks for more", async () => {
    const busy = (retryAfterMs: string) => [{ status: 429, retryAfterMs }];
    expect(await send(busy("5000"))).toEqual({ status: 429, attempts: 2 });
    expect(waits).toEqual([5000]);
    expect(await send(busy("5001"))).toEqual({ status: 429, attempts: 1 });
  });

  test("makes about a hundred requests of one, whatever is asked for", async () => {
    const { attempts } = await send([{ status: 429, retryAfterMs: "0" }]);
    expect(attempts).toBe(106);
    expect(waits.slice(0, 12)).toEqual([0, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 50]);
    expect(Math.max(...waits)).toBe(50);
  });

  test("does not wait for who is gone, and leaves nothing listening", async () => {
    const { signal } = new AbortController();
    await send([{ status: 429 }, { status: 200 }], { signal });
    expect(getEventListeners(signal, "abort")).toEqual([]);
    const gone = AbortSignal.abort();
    await send([{ status: 429 }, { status: 200 }], { signal: gone });
    expect(waits).toEqual([20, 0]);
  });

  test("ends a wait when the caller leaves, for the next sending to say so", async () => {
    const caller = new AbortController();
    onWait = () => {
      setImmediate(() => caller.abort());
      return false;
    };
    const answers = [{ status: 429 }, { status: 200 }];
    expect(await send(answers, { signal: caller.signal })).toMatchObject({ attempts: 2 });
    expect(getEventListeners(caller.signal, "abort")).toEqual([]);
  });
});
