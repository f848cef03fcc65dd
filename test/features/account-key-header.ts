import { createHmac } from "node:crypto";

export interface SignedRequest {
  readonly method: string;
  readonly resourceType: string;
  /** The resource's own link, or its parent's for create, list and query. */
  readonly resourceLink: string;
  /** Account key, base64. */
  readonly key: string;
}

/**
 * Signs a request as an SDK with the account key does, written here a second time on purpose: the
 * tests would not notice a fault that signer and checker share.
 */
export function createAccountKeyHeader({ method, resourceType, resourceLink, key }: SignedRequest) {
  const date = new Date().toUTCString();
  const text = `${method.toLowerCase()}\n${resourceType}\n${resourceLink}\n${date.toLowerCase()}\n\n`;
  const signature = createHmac("sha256", Buffer.from(key, "base64")).update(text).digest("base64");
  return {
    headers: {
      authorization: encodeURIComponent(`type=master&ver=1.0&sig=${signature}`),
      "x-ms-date": date,
      "x-ms-version": "2018-12-31",
    },
  };
}
