import {
  createHttpHeaders,
  createPipelineRequest,
  type PipelineRequest,
  type PipelineResponse,
} from "@azure/core-rest-pipeline";
import { describe, expect, test } from "vitest";
import type { MetadataCache } from "../../src/cosmos/metadata-cache.ts";
import { GatewayError } from "../../src/gateway-error.ts";
import type { RequestAdmission } from "../../src/items/admission.ts";
import { createScopedWire, type ScopedWireOptions } from "../../src/items/scoped-wire.ts";
import { createSession } from "../../src/items/session.ts";

const CONTAINER_URL = "https://account.test/dbs/shop/colls/orders";
const ITEM_URL = `${CONTAINER_URL}/docs/1`;

interface Answer {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly text?: string;
}

/** What the wire does with one sending: an answer, or what it throws. */
type Step = Answer | Error;

/** A wire that does these steps, the last again and again, and all that it tells of. */
function connect(steps: readonly Step[], options: Partial<ScopedWireOptions> = {}) {
  const told: string[] = [];
  const left = [...steps];
  const unused = () => Promise.reject(new Error("No metadata is read here."));
  const metadata: MetadataCache = {
    read: unused,
    forgetAccount: () => told.push("forgot the account"),
    forgetContainer: (url) => told.push(`forgot ${url}`),
  };
  const wire = createScopedWire({
    httpClient: {
      sendRequest: async (request): Promise<PipelineResponse> => {
        told.push("sent");
        const step = (left.length > 1 ? left.shift() : left[0]) ?? {};
        if (step instanceof Error) {
          throw step;
        }
        const { status = 200, headers = {}, text } = step;
        const response = { request, status, headers: createHttpHeaders(headers) };
        return text === undefined ? response : { ...response, bodyAsText: text };
      },
    },
    metadata,
    session: createSession(),
    container: "orders",
    signal: new AbortController().signal,
    onAnswer: (charge, characters) => told.push(`${charge} RU, ${characters} characters`),
    ...options,
  });
  const send = (
    method: PipelineRequest["method"] = "GET",
    url = ITEM_URL,
    headers: Record<string, string> = {},
  ) =>
    wire.sendRequest(createPipelineRequest({ url, method, headers: createHttpHeaders(headers) }));
  return { send, told };
}

function broken(code: string): Error {
  return Object.assign(new Error("broken"), { code });
}

const QUERY = { "x-ms-documentdb-isquery": "True" };

describe("what went over the wire", () => {
  test("is told with its charge and its length in characters", async () => {
    const { send, told } = connect([{ headers: { "x-ms-request-charge": "2.5" }, text: "{é}" }]);
    await send();
    expect(told).toEqual(["sent", "2.5 RU, 3 characters"]);
  });

  test.each<Answer>([{}, { headers: { "x-ms-request-charge": "much" } }])(
    "costs nothing where the answer says nothing of it: %j",
    async (answer) => {
      const { send, told } = connect([answer]);
      await send();
      expect(told).toEqual(["sent", "0 RU, 0 characters"]);
    },
  );

  test("is told of answers that refuse, too", async () => {
    const { send, told } = connect([{ status: 429, headers: { "x-ms-request-charge": "1" } }]);
    expect(await send()).toMatchObject({ status: 429 });
    expect(told).toEqual(["sent", "1 RU, 0 characters"]);
  });
});

describe("a connection that breaks", () => {
  const lost = broken("ECONNRESET");

  test.each<[string, PipelineRequest["method"], Record<string, string>]>([
    ["a read", "GET", {}],
    ["a query", "POST", QUERY],
  ])("has %s sent once more", async (_, method, headers) => {
    const { send, told } = connect([lost, { text: "{}" }]);
    expect(await send(method, ITEM_URL, headers)).toMatchObject({ status: 200, bodyAsText: "{}" });
    expect(told).toEqual(["sent", "sent", "0 RU, 2 characters"]);
  });

  test("twice is the answer, and the account may have moved", async () => {
    const { send, told } = connect([lost]);
    await expect(send()).rejects.toMatchObject({
      code: "UPSTREAM_UNAVAILABLE",
      message: "The data store can't be used at the moment.",
    });
    expect(told).toEqual(["sent", "sent", "forgot the account"]);
  });

  test.each(["POST", "PUT", "PATCH", "DELETE"] as const)(
    "has no %s sent once more, and the caller knows that it may be done",
    async (method) => {
      const { send, told } = connect([lost, {}]);
      await expect(send(method)).rejects.toMatchObject({
        code: "UPSTREAM_UNAVAILABLE",
        message: "The data store can't be used at the moment. The change may have been made.",
      });
      expect(told).toEqual(["sent", "forgot the account"]);
    },
  );

  test("counts as one request of the caller's, and is asked for before anything is sent", async () => {
    let asked = 0;
    const beforeRequest = () => {
      asked += 1;
    };
    await connect([lost, {}], { beforeRequest }).send();
    expect(asked).toBe(1);

    const refusing = connect([{}], {
      beforeRequest: () => {
        throw new GatewayError("QUERY_TOO_EXPENSIVE", "Enough.");
      },
    });
    await expect(refusing.send()).rejects.toMatchObject({ code: "QUERY_TOO_EXPENSIVE" });
    expect(refusing.told).toEqual([]);
  });

  test("is no reason to repeat what was refused, or given up", async () => {
    const refused = connect([new GatewayError("OVERLOADED", "Busy.")]);
    await expect(refused.send()).rejects.toMatchObject({ code: "OVERLOADED" });
    expect(refused.told).toEqual(["sent"]);
    const tooLate = connect([new DOMException("late", "AbortError")]);
    await expect(tooLate.send()).rejects.toMatchObject({ code: "TIMEOUT" });
    expect(tooLate.told).toEqual(["sent"]);
  });
});

describe("a turn", () => {
  /** An admission that tells what it is asked, and lets pass or rejects. */
  function turns(told: string[], rejection?: Error): RequestAdmission {
    return {
      admit: async (kind) => {
        told.push(`admit ${kind}`);
        if (rejection !== undefined) {
          throw rejection;
        }
        return { release: (answerBytes) => told.push(`release ${answerBytes}`) };
      },
      overload: () => undefined,
      finish: () => {},
      end: () => {},
    };
  }

  test("comes before the sending, and ends with the length of the answer in bytes", async () => {
    const told: string[] = [];
    await connect([{ text: '{"a":"é"}' }], { admission: turns(told) }).send();
    expect(told).toEqual(["admit item", "release 10"]);
  });

  test("is for a page where a query is sent", async () => {
    const told: string[] = [];
    await connect([{}], { admission: turns(told) }).send("POST", `${CONTAINER_URL}/docs`, QUERY);
    expect(told).toEqual(["admit page", "release 0"]);
  });

  test("ends where no answer came", async () => {
    const told: string[] = [];
    const { send } = connect([broken("ECONNRESET")], { admission: turns(told) });
    await expect(send("DELETE")).rejects.toMatchObject({ code: "UPSTREAM_UNAVAILABLE" });
    expect(told).toEqual(["admit item", "release 0"]);
  });

  test("is not waited for by what reads metadata", async () => {
    const told: string[] = [];
    const { send } = connect([{}], { admission: turns(told) });
    await send("GET", CONTAINER_URL);
    await send("GET", `${CONTAINER_URL}/pkranges`);
    expect(told).toEqual([]);
  });

  test("that is refused sends nothing", async () => {
    const admission = turns([], new GatewayError("OVERLOADED", "Busy."));
    const { send, told } = connect([{}], { admission });
    await expect(send()).rejects.toMatchObject({ code: "OVERLOADED" });
    expect(told).toEqual([]);
  });

  test("is of no use to a caller who waits no longer: nothing is sent", async () => {
    const told: string[] = [];
    const gone = { name: "AbortError", message: "The request's caller waits no longer." };
    const signal = AbortSignal.abort();
    const admitted = connect([{}], { admission: turns(told), signal });
    await expect(admitted.send()).rejects.toMatchObject(gone);
    expect(admitted.told).toEqual([]);
    expect(told).toEqual(["admit item", "release 0"]);

    const refused = connect([{}], { admission: turns([], new Error("aborted")), signal });
    await expect(refused.send()).rejects.toMatchObject(gone);
    expect(refused.told).toEqual([]);
  });
});

describe("an answer makes forgotten what it shows to be out of date", () => {
  const container = [`forgot ${ITEM_URL}`];

  test.each<[number, string | undefined, readonly string[]]>([
    [403, "3", ["forgot the account"]],
    [403, "1008", ["forgot the account"]],
    [403, "0", []],
    [403, undefined, []],
    [404, "3", []],
    [200, "1008", []],
    [410, "1002", container],
    [410, undefined, container],
    [404, "1003", container],
    [404, "0", []],
    [400, "1003", []],
    [400, "1001", container],
    [400, undefined, []],
    [409, "1001", []],
  ])("status %d with substatus %s: %j", async (status, substatus, forgotten) => {
    const headers: Record<string, string> =
      substatus === undefined ? {} : { "x-ms-substatus": substatus };
    const { send, told } = connect([{ status, headers }]);
    await send();
    expect(told.slice(2)).toEqual(forgotten);
  });
});

describe("the text of an answer", () => {
  test.each<[number, string | undefined]>([
    [502, "<html>"],
    [503, undefined],
    [400, ""],
    [404, "[]"],
    [500, "null"],
  ])(
    "that refuses (%d) and can't be read, %j, is replaced by one that can",
    async (status, text) => {
      const { send } = connect([text === undefined ? { status } : { status, text }]);
      const { bodyAsText, status: seen } = await send("DELETE");
      expect(seen).toBe(status);
      expect(JSON.parse(bodyAsText ?? "")).toEqual({
        code: String(status),
        message: "The answer has no readable error text.",
      });
    },
  );

  test.each([
    [404, '{"code":"NotFound"}'],
    [399, "<html>"],
    [204, ""],
  ])("stays as it is otherwise (%d): %j", async (status, text) => {
    const { send } = connect([{ status, text }]);
    expect(await send()).toMatchObject({ status, bodyAsText: text });
  });
});

test("the caller's session goes along with requests for items and comes back with answers", async () => {
  const session = createSession();
  const { send } = connect([{ headers: { "x-ms-session-token": "0:-1#7" } }], { session });
  await send();
  expect(session.toHeader()).toBe("orders=0:-1#7");
});
