import type { ExplainedSurvivor } from "../explained-survivor.ts";

export const EXPLAINED_IN_ITEMS: readonly ExplainedSurvivor[] = [
  {
    file: "src/items/choose-grant.ts",
    from: 'const asRead: ItemRequest = { ...request, kind: "read" };',
    to: 'const asRead: ItemRequest = { ...request, kind: "" };',
    why: "any kind but query will do there: coverage asks for no other",
  },
  {
    file: "src/items/guard-request.ts",
    from: 'const writtenPath = request.url.replace(/^[a-z]+:\\/\\/[^/]*/i, "") || "/";',
    to: 'const writtenPath = request.url.replace(/[a-z]+:\\/\\/[^/]*/i, "") || "/";',
    why: "a URL that parses begins with its scheme, and what stands before it is no path",
  },
  {
    file: "src/items/guard-request.ts",
    from: 'const authorization = decodeURIComponent(request.headers.get("authorization") ?? "");',
    to: 'const authorization = decodeURIComponent(request.headers.get("authorization") ?? "Stryker was here!");',
    why: "no header and any text that is no resource token are refused alike",
  },
  {
    file: "src/items/scoped-wire.ts",
    from: 'if (response.status < 400 || isReadable(response.bodyAsText ?? "")) {',
    to: 'if (response.status < 400 || isReadable(response.bodyAsText ?? "Stryker was here!")) {',
    why: "no text and a text that is no JSON can't be read, both",
  },
  {
    file: "src/items/scoped-wire.ts",
    from: "} catch {",
    to: "} catch {}",
    why: "undefined is as good as false to the one who asks",
  },
  {
    file: "src/items/run-scoped.ts",
    from: "if (sentRequests > MAX_REQUESTS || answeredCharacters > MAX_ANSWERED_CHARACTERS) {",
    to: "if (sentRequests > MAX_REQUESTS || answeredCharacters >= MAX_ANSWERED_CHARACTERS) {",
    why: "one character of 32 million",
  },
];
