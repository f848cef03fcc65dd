import type { IssuerConfig } from "./config.ts";
import type { IssuerShape } from "./config-schema.ts";
import type { ValueFault } from "./describe-shape-faults.ts";
import { DEVELOPMENT_ISSUER } from "./development-issuer-name.ts";
import { type KeySetReading, readKeySet } from "./read-key-set.ts";

/** An issuer whose values are fine each by itself, and where it stands in `auth.issuers`. */
export interface PlacedIssuer {
  readonly index: number;
  readonly value: IssuerShape;
}

export interface CheckedIssuers {
  readonly issuers: readonly IssuerConfig[];
  readonly faults: readonly ValueFault[];
}

/**
 * Issuers that are fine, with the keys of `jwksFile` read in, and what is wrong with the others.
 */
export function checkIssuers(
  issuers: readonly PlacedIssuer[],
  source: { readonly folder: string; readonly readFile: (path: string) => string },
): CheckedIssuers {
  const faults: ValueFault[] = [];
  const usable: IssuerConfig[] = [];
  const names = new Map<string, number>();
  for (const { index, value: shape } of issuers) {
    const path = ["auth", "issuers", index];
    const twin = names.get(shape.issuer);
    if (twin !== undefined) {
      faults.push({
        path: [...path, "issuer"],
        expected: `an issuer that auth.issuers[${twin}] doesn't have`,
      });
    }
    names.set(shape.issuer, twin ?? index);
    if (shape.issuer === DEVELOPMENT_ISSUER) {
      faults.push({
        path: [...path, "issuer"],
        expected: "an issuer of your own: the development issuer is for `cosmos-gateway dev` alone",
      });
    }
    const keys = keysOf(shape, source);
    if ("fault" in keys) {
      faults.push({ ...keys.fault, path: [...path, ...keys.fault.path] });
    } else {
      const { issuer, audience, algorithms } = shape;
      usable.push({ issuer, audience, algorithms, keys });
    }
  }
  return { issuers: usable, faults };
}

function keysOf(
  { jwksUri, jwksFile }: IssuerShape,
  source: Parameters<typeof readKeySet>[1],
): IssuerConfig["keys"] | { readonly fault: ValueFault } {
  if (jwksUri !== undefined && jwksFile === undefined) {
    return { kind: "uri", jwksUri };
  }
  if (jwksUri !== undefined || jwksFile === undefined) {
    const found = jwksUri === undefined ? "neither" : "both";
    return { fault: { path: [], expected: "either jwksUri or jwksFile", found } };
  }
  const reading: KeySetReading = readKeySet(jwksFile, source);
  return reading.ok
    ? { kind: "inline", jwks: reading.keySet }
    : { fault: { path: ["jwksFile"], expected: reading.expected, found: reading.found } };
}
