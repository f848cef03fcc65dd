import { describe, expect, test } from "vitest";
import { endpointFault, jwksUriFault } from "../../src/config/url-rules.ts";

describe("the URL of a key set", () => {
  test.each([
    "https://login.example.com/keys",
    "http://localhost:4000/keys",
    "http://127.0.0.1:1/keys",
    "http://[::1]/keys",
  ])("%s is taken", (url) => {
    expect(jwksUriFault(url)).toBeUndefined();
  });

  test.each([
    "http://login.example.com/keys",
    "http://login/keys",
    "http://localhost.example.com/",
    "http://127.0.0.1.example.com/",
    "https://user:password@login.example.com/",
    "file:///etc/keys.json",
    "ftp://localhost/",
    "keys.json",
    "",
  ])("%s is refused", (url) => {
    expect(jwksUriFault(url)).toContain("an https URL");
  });
});

describe("an account's endpoint", () => {
  test.each([
    "https://contoso.documents.azure.com:443/",
    "https://localhost:8081",
    "http://localhost:8081/",
    "http://127.0.0.1:8081/",
    "http://cosmos:8081/",
    "http://host.docker.internal:8081/",
  ])("%s is taken", (url) => {
    expect(endpointFault(url)).toBeUndefined();
  });

  test.each([
    "http://contoso.documents.azure.com/",
    "http://10.0.0.1:8081/",
    "http://internal.example.com/",
    "https://key@contoso.documents.azure.com/",
    "https://contoso.documents.azure.com/?key=x",
    "AccountEndpoint=https://contoso.documents.azure.com:443/;AccountKey=x",
    "contoso",
  ])("%s is refused", (url) => {
    expect(endpointFault(url)).toContain("the account's endpoint");
  });
});
