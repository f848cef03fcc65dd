import { createHttpHeaders, createPipelineRequest } from "@azure/core-rest-pipeline";
import { describe, expect, test } from "vitest";
import { guardRequest } from "../../src/items/guard-request.ts";

const ACCOUNT = "https://account.test";
const RESOURCE_TOKEN = encodeURIComponent("type=resource&ver=1&sig=a;b;");

/** The URL as it leaves. */
function guard(url: string, authorization: string | undefined = RESOURCE_TOKEN): string {
  const headers = createHttpHeaders(authorization === "" ? {} : { authorization });
  const request = createPipelineRequest({ url, headers });
  guardRequest(request);
  return request.url;
}

function refusal(logReason: string) {
  return expect.objectContaining({
    code: "FORBIDDEN",
    message: "This request can't be sent.",
    logReason,
  });
}

describe("the last guard before the wire", () => {
  test.each([
    ACCOUNT,
    `${ACCOUNT}/`,
    "http://127.0.0.1:8081/dbs/shop/colls/orders",
    `HTTPS://account.test/dbs/shop/colls/orders/docs/a%2F..%2Fb`,
    `${ACCOUNT}/dbs/shop/colls/orders/docs/1%20`,
  ])("lets %s pass as it is", (url) => {
    expect(guard(url)).toBe(url);
  });

  test("takes each question mark for a part of an item id", () => {
    expect(guard(`${ACCOUNT}/dbs/d/colls/c/docs/a?b?`)).toBe(
      `${ACCOUNT}/dbs/d/colls/c/docs/a%3Fb%3F`,
    );
  });

  test.each([
    ["/dbs/d/colls/c/docs/..", "/dbs/d/colls/c/"],
    ["/dbs/d/colls/c/docs/1/../2", "/dbs/d/colls/c/docs/2"],
    ["/dbs/d/colls/c/docs/a#b", "/dbs/d/colls/c/docs/a"],
    ["/dbs/d/colls/c/docs/a b", "/dbs/d/colls/c/docs/a%20b"],
  ])("refuses the path %s, which is read as %s", (path, read) => {
    expect(() => guard(`${ACCOUNT}${path}`)).toThrow(refusal(`a URL that is read as ${read}`));
  });

  test.each([
    "",
    "null",
    encodeURIComponent("type=master&ver=1.0&sig=a"),
    encodeURIComponent("x type=resource&ver=1&sig=a"),
    encodeURIComponent("type=resourceful&ver=1&sig=a"),
  ])("refuses the authorization %j", (authorization) => {
    expect(() => guard(`${ACCOUNT}/dbs/d/colls/c`, authorization)).toThrow(
      refusal("a request without a resource token"),
    );
  });
});
