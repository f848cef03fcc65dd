import type { NamedSecret } from "./leak-search.ts";
import type { SearchContext } from "./search-context.ts";

/** Secrets of each kind in the forms that the parts of the project give them. Each is made up. */
export const ACCOUNT_KEY =
  "kT0pV3x9Zs5QwLr7Yc2Nf8Hd1Jb6Mg4Ea0Ui3Oo5Pt7Rk9Sv1Tw3Xz5Ya7Cb9De1Fg3Hi5Jk7Lm9No1Pq3Rs5T==";
export const BEARER_TOKEN = [
  "eyJhbGciOiJFUzI1NiIsImtpZCI6ImRldi0xIn0",
  "eyJzdWIiOiJjb250b3NvLW1lbWJlciIsInRpZCI6ImNvbnRvc28iLCJpc3MiOiJodHRwOi8vMTI3LjAuMC4xIn0",
  "Q2hpcHMtYW5kLWNoZWVzZS1hcmUtZ29vZC1mb3IteW91LTEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg",
].join(".");
const SIGNATURE =
  "9dFw2kLs8Qx0Vb5Nn7Gh3A==;Zr4+Ty7/Uj1Mk8Wp0Xc6Bv3Es5Da2Fg9Hq4Lo7Ip1Ru8Yt6Ge3Wn5Sb0Kd2Jc4Ha7Zf9Xl1Vm3;";
export const RESOURCE_TOKEN = `type=resource&ver=1&sig=${SIGNATURE}`;
export const CONTOSO_MARK = "mkq3v8z0k1n5p7r2t4w6y9";
export const FABRIKAM_MARK = "mkb7d2f9h4j6l1m3s5u8x0";

export const SECRETS: readonly NamedSecret[] = [
  { name: "the account key", value: ACCOUNT_KEY },
  { name: "a bearer token of contoso-member", value: BEARER_TOKEN },
  { name: "a resource token of contoso-member", value: RESOURCE_TOKEN, owner: "member:contoso" },
];

export const MARKS = new Map([
  [CONTOSO_MARK, "contoso"],
  [FABRIKAM_MARK, "fabrikam"],
]);

/** An answer to a caller of contoso. */
export const TO_CONTOSO: SearchContext = {
  mayCarry: new Set(["contoso"]),
  where: "answer",
  cosmosUser: "member:contoso",
};
