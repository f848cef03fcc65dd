import type { CosmosRequest, ResourceToken } from "../../model/verdict.ts";
import type { LoosenedRule } from "./loosened-rule.ts";

const KEY_HEADER = "x-ms-documentdb-partitionkey";

/** The verdict with another token or another request in place of the real one. */
function withVerdict(
  change: (
    token: ResourceToken,
    request: CosmosRequest,
  ) => { readonly token?: ResourceToken; readonly request?: CosmosRequest },
): LoosenedRule["loosen"] {
  return (model) => ({
    ...model,
    verdictOf: (shown, request, circumstances) => {
      if (typeof shown === "string") {
        return model.verdictOf(shown, request, circumstances);
      }
      const changed = change(shown, request);
      return model.verdictOf(changed.token ?? shown, changed.request ?? request, circumstances);
    },
  });
}

const withToken = (change: (token: ResourceToken, request: CosmosRequest) => ResourceToken) =>
  withVerdict((token, request) => ({ token: change(token, request) }));

const withHeaders = (
  change: (
    headers: CosmosRequest["headers"],
    token: ResourceToken,
    request: CosmosRequest,
  ) => CosmosRequest["headers"],
) =>
  withVerdict((token, request) => ({
    request: { ...request, headers: change(request.headers, token, request) },
  }));

const link = (token: ResourceToken) => token.resource.split("/");

/** Rules of whether a request passes, each loosened by itself. */
export const LOOSENED_VERDICTS: readonly LoosenedRule[] = [
  {
    name: "a forged seal counts",
    stream: "service",
    loosen: (model) => ({
      ...model,
      verdictOf: (shown, ...rest) =>
        model.verdictOf(shown === "forged" ? "account key" : shown, ...rest),
    }),
  },
  {
    name: "a malformed header counts",
    stream: "service",
    loosen: (model) => ({
      ...model,
      verdictOf: (shown, ...rest) =>
        model.verdictOf(shown === "malformed" ? "account key" : shown, ...rest),
    }),
  },
  {
    name: "no header is needed",
    stream: "service",
    loosen: (model) => ({
      ...model,
      verdictOf: (shown, ...rest) =>
        model.verdictOf(shown === "missing" ? "account key" : shown, ...rest),
    }),
  },
  {
    name: "a token never ends",
    stream: "service",
    loosen: withToken((token) => ({ ...token, expiryMs: Number.MAX_SAFE_INTEGER })),
  },
  {
    name: "a token is good before its start",
    stream: "service",
    loosen: withToken((token) => ({ ...token, startMs: 0 })),
  },
  {
    name: "a token is good a millisecond longer",
    stream: "service",
    loosen: withToken((token) => ({ ...token, expiryMs: token.expiryMs + 1 })),
  },
  {
    name: "Read writes",
    stream: "service",
    loosen: withToken((token) => ({ ...token, mode: "All" })),
  },
  {
    name: "a partition's token is the container's",
    stream: "service",
    loosen: withToken(({ partitionKey: _, ...token }) => token),
  },
  {
    name: "the first level of a key is enough",
    stream: "service",
    loosen: withToken((token) =>
      token.partitionKey === undefined
        ? token
        : { ...token, partitionKey: token.partitionKey.slice(0, 1) },
    ),
  },
  {
    name: "no partition-key header is needed",
    stream: "service",
    loosen: withHeaders((headers, { partitionKey }) =>
      partitionKey === undefined || headers[KEY_HEADER] !== undefined
        ? headers
        : { ...headers, [KEY_HEADER]: JSON.stringify(partitionKey) },
    ),
  },
  {
    name: "1 is the text 1",
    stream: "service",
    loosen: withVerdict((token, request) => ({
      token: {
        ...token,
        ...(token.partitionKey === undefined
          ? {}
          : { partitionKey: token.partitionKey.map((level) => (level === 1 ? "1" : level)) }),
      },
      request: {
        ...request,
        headers: {
          ...request.headers,
          [KEY_HEADER]: request.headers[KEY_HEADER]?.replace(/^\s*(\[?)1(?=[\],]|$)/, '$1"1"'),
        },
      },
    })),
  },
  {
    name: "a range of partitions is the partition",
    stream: "service",
    loosen: withHeaders(withoutRanges),
  },
  {
    name: "an item's token is the container's",
    stream: "service",
    loosen: withToken((token) => ({ ...token, resource: link(token).slice(0, 4).join("/") })),
  },
  {
    name: "any item of the container is the token's",
    stream: "service",
    loosen: withToken((token, { segments }) =>
      link(token).length === 6 && segments.length === 6
        ? { ...token, resource: [...link(token).slice(0, 4), ...segments.slice(4)].join("/") }
        : token,
    ),
  },
  {
    name: "any container of the database is the token's",
    stream: "service",
    loosen: withToken((token, { segments }) => ({
      ...token,
      resource: link(token)
        .map((name, at) => (at === 3 ? (segments[3] ?? name) : name))
        .join("/"),
    })),
  },
  {
    name: "any database is the token's",
    stream: "service",
    loosen: withToken((token, { segments }) => ({
      ...token,
      resource: link(token)
        .map((name, at) => (at === 1 ? (segments[1] ?? name) : name))
        .join("/"),
    })),
  },
  {
    name: "outer levels query",
    stream: "service",
    loosen: (model) => ({
      ...model,
      verdictOf: (shown, request, circumstances) =>
        model.verdictOf(shown, request, { ...circumstances, levelsOf: () => 1 }),
    }),
  },
  {
    name: "bulk is a batch",
    stream: "service",
    loosen: withHeaders((headers) => ({ ...headers, "x-ms-cosmos-batch-atomic": "true" })),
  },
  {
    name: "a container is deleted as an item is",
    stream: "service",
    loosen: withVerdict((_, request) =>
      request.method === "DELETE" && request.segments.length === 4
        ? { request: { ...request, segments: [...request.segments, "docs", "1"] } }
        : {},
    ),
  },
  {
    name: "paths have no case",
    stream: "service",
    loosen: withVerdict((_, request) => ({
      request: {
        ...request,
        segments: request.segments.map((name, at) => (at % 2 === 0 ? name.toLowerCase() : name)),
      },
    })),
  },
  {
    name: "a grant on an item queries and creates",
    stream: "grants",
    loosen: withToken((token) => ({ ...token, resource: link(token).slice(0, 4).join("/") })),
  },
  {
    name: "a grant on a partition reads across",
    stream: "grants",
    loosen: withToken(({ partitionKey: _, ...token }) => token),
  },
  {
    name: "a grant to read writes",
    stream: "scoped",
    loosen: withToken((token) => ({ ...token, mode: "All" })),
  },
  {
    name: "a grant on outer levels queries",
    stream: "scoped",
    loosen: (model) => ({
      ...model,
      verdictOf: (shown, request, circumstances) =>
        model.verdictOf(shown, request, { ...circumstances, levelsOf: () => 1 }),
    }),
  },
];

function withoutRanges(headers: CosmosRequest["headers"]): CosmosRequest["headers"] {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !/partitionkeyrangeid|-epk$/.test(name)),
  );
}
