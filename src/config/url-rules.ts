/** Names of this machine. WHATWG URLs write every IPv4 form of 127.0.0.0/8 with four numbers. */
const LOOPBACK = /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/;

/** What was expected of a `jwksUri`; undefined if it is fine. */
export function jwksUriFault(value: string): string | undefined {
  const expected = "an https URL (or http on this machine) without a password";
  const url = URL.parse(value);
  if (url === null || url.username !== "" || url.password !== "") {
    return expected;
  }
  const isPrivate = url.protocol === "http:" && LOOPBACK.test(url.hostname);
  return url.protocol === "https:" || isPrivate ? undefined : expected;
}

/**
 * What was expected of an account's endpoint; undefined if it is fine. Plain http is for an
 * emulator: on this machine, or under a name that only a private network knows.
 */
export function endpointFault(value: string): string | undefined {
  const expected =
    "the account's endpoint, an https URL such as https://contoso.documents.azure.com:443/ (http for an emulator on this machine or a private network's name)";
  const url = URL.parse(value);
  if (url === null || url.username !== "" || url.password !== "" || url.search !== "") {
    return expected;
  }
  const isPrivate =
    url.protocol === "http:" &&
    (LOOPBACK.test(url.hostname) || /^[^.]+$|\.internal$/.test(url.hostname));
  return url.protocol === "https:" || isPrivate ? undefined : expected;
}
