import type { ExplainedSurvivor } from "../explained-survivor.ts";

export const EXPLAINED_IN_AUTHENTICATION: readonly ExplainedSurvivor[] = [
  {
    file: "src/auth/authenticate.ts",
    from: "const keySource = createIssuerKeySource({ issuer: name, keys }, { clock, observe });",
    to: "const keySource = createIssuerKeySource({ issuer: name, keys }, {});",
    why: "keys that are at hand are never fetched: neither the clock nor what observes is asked",
  },
  {
    file: "src/auth/verified-token-cache.ts",
    from: "if (isCurrent(token, clock.nowMs())) {",
    to: "if (true) {",
    why: "what is kept is looked at again before it is used",
  },
  {
    file: "src/auth/verified-token-cache.ts",
    from: "verified.delete(key);",
    to: ";",
    why: "an entry that is out of its time is never used; this frees its memory sooner",
  },
  {
    file: "src/auth/verify-bearer-token.ts",
    from: 'const trusted = typeof issuer === "string" ? issuers.get(issuer) : undefined;',
    to: "const trusted = true ? issuers.get(issuer) : undefined;",
    why: "no issuer is configured under a name that is no text; types ask for the check",
  },
  {
    file: "src/auth/verify-bearer-token.ts",
    from: "if (exp === undefined || !Number.isFinite(exp) || !Number.isFinite(nbf)) {",
    to: "if (false || !Number.isFinite(exp) || !Number.isFinite(nbf)) {",
    why: "undefined is not finite either; types ask for the check",
  },
];
