import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CosmosRequest } from "../../../src/emulator/http/cosmos-request.ts";
import {
  type AuthenticationOptions,
  authenticate,
} from "../../../src/emulator/security/authentication.ts";
import {
  signaturePayload,
  signWithKey,
} from "../../../src/emulator/security/master-key-signature.ts";
import {
  createResourceTokenSealer,
  type ResourceTokenClaims,
} from "../../../src/emulator/security/resource-token.ts";
import { anyCharacter } from "../../any-character.ts";
import { propertyRuns } from "../../property-runs.ts";
import { requestOf } from "./request-of.ts";

const nowMs = Date.parse("Thu, 27 Apr 2017 00:51:12 GMT");
const primary =
  "dsZQi3KtZmCv1ljt3VNWNm7sQUF1y5rJfC6kv5JiwvW0EndXdDku/dkKBp8/ufDToSxLzR4y+O/0H/t4bQtVNw==";
const secondary = randomBytes(64).toString("base64");
const sealer = createResourceTokenSealer(randomBytes(32));
const options: AuthenticationOptions = { keys: [primary, secondary], sealer, nowMs };

const MISSING =
  "Required Header authorization is missing. Ensure a valid Authorization token is passed.";
const MALFORMED =
  "Authorization header doesn't confirm to the required format. Please verify and try again.";

function masterHeader(signature: string): string {
  return encodeURIComponent(`type=master&ver=1.0&sig=${signature}`);
}

/** A request that is signed as the SDKs do it. */
function signed(
  method: string,
  path: string,
  resourceType: string,
  resourceLink: string,
  { key = primary, dateMs = nowMs } = {},
): CosmosRequest {
  const xMsDate = new Date(dateMs).toUTCString();
  const payload = signaturePayload({ method, resourceType, resourceLink, xMsDate, date: "" });
  return requestOf(method, path, {
    authorization: masterHeader(signWithKey(payload, key)),
    "x-ms-date": xMsDate,
  });
}

describe("a signature with an account key", () => {
  test("is that of the vector in Microsoft's REST reference", () => {
    const request = requestOf("GET", "dbs/ToDoList", {
      authorization: masterHeader("c09PEVJrgp2uQRkr934kFbTqhByc7TVr3OHyqlu+c+c="),
      "x-ms-date": "Thu, 27 Apr 2017 00:51:12 GMT",
    });
    expect(authenticate(request, options)).toEqual({ kind: "master" });
  });

  test.each([
    ["the account", "GET", "", "", ""],
    ["the databases", "GET", "dbs", "dbs", ""],
    ["creating a database", "POST", "dbs", "dbs", ""],
    ["a container", "GET", "dbs/shop/colls/Orders", "colls", "dbs/shop/colls/Orders"],
    ["its ranges", "GET", "dbs/shop/colls/orders/pkranges", "pkranges", "dbs/shop/colls/orders"],
    ["a query", "POST", "dbs/shop/colls/orders/docs", "docs", "dbs/shop/colls/orders"],
    [
      "an item whose id needs escapes",
      "GET",
      "dbs/shop/colls/orders/docs/50% of 1?😀",
      "docs",
      "dbs/shop/colls/orders/docs/50% of 1?😀",
    ],
    ["a user", "GET", "dbs/shop/users/a@b.net", "users", "dbs/shop/users/a@b.net"],
    [
      "permissions",
      "GET",
      "dbs/shop/users/a@b.net/permissions",
      "permissions",
      "dbs/shop/users/a@b.net",
    ],
    [
      "deleting a partition, signed as the container",
      "POST",
      "dbs/shop/colls/orders/operations/partitionkeydelete",
      "colls",
      "dbs/shop/colls/orders",
    ],
    ["running a procedure", "POST", "dbs/d/colls/c/sprocs/s", "sprocs", "dbs/d/colls/c/sprocs/s"],
    ["an offer, by its rid in lower case", "GET", "offers/AbC1", "offers", "abc1"],
    [
      "a link of rids, by its last rid in lower case",
      "GET",
      "dbs/YV1WAA==/colls/YV1WAP7RkxI=",
      "colls",
      "yv1wap7rkxi=",
    ],
  ])("is taken for %s", (_, method, path, resourceType, resourceLink) => {
    const request = signed(method, path, resourceType, resourceLink);
    expect(authenticate(request, options)).toEqual({ kind: "master" });
  });

  test("is taken from either key, and from no other", () => {
    const path = "dbs/shop";
    const withSecondary = signed("GET", path, "dbs", path, { key: secondary });
    expect(authenticate(withSecondary, options)).toEqual({ kind: "master" });
    expect(() => authenticate(withSecondary, { ...options, keys: [primary] })).toThrow(
      expect.objectContaining({ status: 401 }),
    );
  });

  test("holds for one verb and one link, and the refusal tells what should have been signed", () => {
    const { headers } = signed("GET", "dbs/shop", "dbs", "dbs/shop");
    const payload = "delete\ndbs\ndbs/shop\nthu, 27 apr 2017 00:51:12 gmt\n\n";
    expect(() => authenticate({ ...requestOf("DELETE", "dbs/shop"), headers }, options)).toThrow(
      expect.objectContaining({
        status: 401,
        message: `The input authorization token can't serve the request. Please check that the expected payload is built as per the protocol, and check the key being used. Server used the following payload to sign: '${payload}'`,
      }),
    );
    expect(() => authenticate({ ...requestOf("GET", "dbs/Shop"), headers }, options)).toThrow(
      expect.objectContaining({ status: 401 }),
    );
  });

  test("may be of the date header where x-ms-date is not sent", () => {
    const date = new Date(nowMs).toUTCString();
    const payload = signaturePayload({
      method: "GET",
      resourceType: "dbs",
      resourceLink: "",
      xMsDate: "",
      date,
    });
    const authorization = masterHeader(signWithKey(payload, primary));
    expect(authenticate(requestOf("GET", "dbs", { authorization, date }), options)).toEqual({
      kind: "master",
    });
  });

  test("is of x-ms-date alone where both are sent", () => {
    const { headers, ...request } = signed("GET", "dbs", "dbs", "");
    const both = { ...request, headers: { ...headers, date: new Date(0).toUTCString() } };
    expect(authenticate(both, options)).toEqual({ kind: "master" });
  });

  test.each([
    {},
    { "x-ms-date": "" },
    { "x-ms-date": "2017-04-27T00:51:12Z" },
    { "x-ms-date": "on Thu, 27 Apr 2017 00:51:12 GMT" },
    { "x-ms-date": "Thu, 27 Apr 2017 00:51:12 GMT+0100" },
    { "x-ms-date": "Thu, 99 Apr 2017 00:51:12 GMT" },
    { date: "2017-04-27T00:51:12Z" },
  ])("needs a date in the form of HTTP: %j", (headers) => {
    const authorization = masterHeader("AAAA");
    expect(() =>
      authenticate(requestOf("GET", "dbs", { authorization, ...headers }), options),
    ).toThrow(
      expect.objectContaining({
        status: 401,
        message:
          "Authorization token mandates Date header. Please pass in RFC 1123 style date format.",
      }),
    );
  });

  test.each([-901, 901])("is out of time at %d seconds, with status 403", (seconds) => {
    const request = signed("GET", "dbs", "dbs", "", { dateMs: nowMs + seconds * 1000 });
    expect(() => authenticate(request, options)).toThrow(
      expect.objectContaining({
        status: 403,
        message: expect.stringMatching(
          /^The authorization token is not valid at the current time\..*current server time: Thu, 27 Apr 2017 00:51:12 GMT\)\.$/,
        ),
      }),
    );
  });

  test.each([-900, 0, 900])("is in time at %d seconds", (seconds) => {
    const request = signed("GET", "dbs", "dbs", "", { dateMs: nowMs + seconds * 1000 });
    expect(authenticate(request, options)).toEqual({ kind: "master" });
  });

  test("is dated by the machine's clock, however far the emulator's is advanced", () => {
    const request = signed("GET", "dbs", "dbs", "");
    const advanced = { ...options, nowMs: nowMs + 86_400_000, machineNowMs: nowMs };
    expect(authenticate(request, advanced)).toEqual({ kind: "master" });
  });
});

describe("a resource token", () => {
  const claims: ResourceTokenClaims = {
    userRid: "YV1WAAP1LAA=",
    userId: "u",
    permissionId: "p",
    mode: "Read",
    resource: "dbs/shop/colls/orders",
    startMs: nowMs,
    expiryMs: nowMs + 3_600_000,
  };
  const request = requestOf("GET", "dbs/shop", {
    authorization: encodeURIComponent(sealer.seal(claims)),
  });

  test.each([-300, 0, 3600, 3900])("is taken %d seconds after its start", (seconds) => {
    const later = { ...options, nowMs: nowMs + seconds * 1000 };
    expect(authenticate(request, later)).toEqual({ kind: "resource", claims });
  });

  test.each([-301, 3901])("is refused with 403 %d seconds after its start", (seconds) => {
    const later = { ...options, nowMs: nowMs + seconds * 1000 };
    expect(() => authenticate(request, later)).toThrow(
      expect.objectContaining({
        status: 403,
        code: "Forbidden",
        substatus: 0,
        message: `The authorization token is not valid at the current time. Please create another token and retry (token start time: Thu, 27 Apr 2017 00:51:12 GMT, token expiry time: Thu, 27 Apr 2017 01:51:12 GMT, current server time: ${new Date(later.nowMs).toUTCString()}).`,
      }),
    );
  });

  test("has the grace that is configured", () => {
    const later = { ...options, nowMs: nowMs + 4_500_000, graceSeconds: 900 };
    expect(authenticate(request, later)).toEqual({ kind: "resource", claims });
  });

  test("does not depend on the account keys", () => {
    expect(authenticate(request, { ...options, keys: [secondary] })).toEqual({
      kind: "resource",
      claims,
    });
  });

  test("of another sealer is refused with 401, and its text is not repeated", () => {
    const foreign = createResourceTokenSealer(randomBytes(32)).seal(claims);
    const forged = requestOf("GET", "dbs/shop", { authorization: encodeURIComponent(foreign) });
    expect(() => authenticate(forged, options)).toThrow(
      expect.objectContaining({
        status: 401,
        message:
          "The input authorization token can't serve the request. The wrong key is being used or the expected payload is not built as per the protocol.",
      }),
    );
  });
});

describe("an authorization header", () => {
  const good = encodeURIComponent(
    sealer.seal({
      userRid: "",
      userId: "",
      permissionId: "",
      mode: "All",
      resource: "dbs/d/colls/c",
      startMs: nowMs,
      expiryMs: nowMs,
    }),
  );

  test.each([undefined, "", "  "])("that is missing (%j) is refused in its own words", (header) => {
    const headers: Record<string, string> = header === undefined ? {} : { authorization: header };
    expect(() => authenticate(requestOf("GET", "", headers), options)).toThrow(
      expect.objectContaining({ status: 401, code: "Unauthorized", message: MISSING }),
    );
  });

  test.each([
    ["null"],
    ["undefined"],
    ["Bearer abc"],
    ["%"],
    ["%E0%A4%A"],
    [decodeURIComponent(good)],
    ["type=master&ver=1.0&sig=AAAA"],
    [encodeURIComponent("type=master&ver=1.0")],
    [encodeURIComponent("type=master&ver=1.0&sig=")],
    [encodeURIComponent("type=&ver=1.0&sig=AAAA")],
    [encodeURIComponent("ver=1.0&type=master&sig=AAAA")],
    [encodeURIComponent(`type=master&ver=1.0&sig=${"A".repeat(1001)}`)],
    [encodeURIComponent(`type=resource&ver=1&sig=${"A".repeat(8169)}`)],
    [encodeURIComponent(good)],
  ])("that is malformed is refused in its own words: %s", (authorization) => {
    expect(() => authenticate(requestOf("GET", "", { authorization }), options)).toThrow(
      expect.objectContaining({ status: 401, code: "Unauthorized", message: MALFORMED }),
    );
  });

  test("of any text is refused with 401", () => {
    const text = fc.string({ unit: anyCharacter, maxLength: 60 });
    const anyHeader = fc.oneof(
      text,
      text.map(encodeURIComponent),
      fc
        .tuple(fc.constantFrom("master", "resource", "sas", "RESOURCE"), text, fc.base64String())
        .map(([type, version, sig]) =>
          encodeURIComponent(`type=${type}&ver=${version}&sig=${sig};${sig};`),
        ),
    );
    fc.assert(
      fc.property(anyHeader, (authorization) => {
        expect(() => authenticate(requestOf("GET", "", { authorization }), options)).toThrow(
          expect.objectContaining({ status: 401 }),
        );
      }),
      { numRuns: propertyRuns(5_000) },
    );
  });

  test("counts up to its first comma", () => {
    const authorization = `${good}, something else`;
    expect(authenticate(requestOf("GET", "", { authorization }), options).kind).toBe("resource");
  });

  test.each([
    ["aad", "aad"],
    ["x".repeat(1000), "x".repeat(32)],
  ])("of a type that is neither is refused with 401: %s", (type, told) => {
    const authorization = encodeURIComponent(`type=${type}&ver=1.0&sig=eyJ`);
    expect(() => authenticate(requestOf("GET", "", { authorization }), options)).toThrow(
      expect.objectContaining({
        status: 401,
        message: `The authorization type '${told}' is not supported.`,
      }),
    );
  });
});
