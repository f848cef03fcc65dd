import type { Claims } from "../../model/terms.ts";
import type { Tenant } from "./tenants.ts";

/**
 * Whose marks may be seen: a tenant's (orders, notes, customers), all callers' (products), those of
 * one person's cart or of one person's documents in a tenant, those of one setting.
 */
export type MarkOwner = string;

export const SHARED: MarkOwner = "shared";
export const tenantOwner = (tid: string): MarkOwner => `tenant ${tid}`;
export const cartOwner = (sub: string): MarkOwner => `cart ${sub}`;
export const documentOwner = (tid: string, sub: string): MarkOwner =>
  `documents ${JSON.stringify([tid, sub])}`;
export const settingOwner = (id: string): MarkOwner => `setting ${id}`;

export interface Caller {
  /** By role, such as `contoso manager`. */
  readonly name: string;
  /** Of the bearer token, beside issuer, audience and times. Absent: calls without a token. */
  readonly claims?: Claims & { readonly sub: string };
  /** Whose marks an answer to this caller may hold. */
  readonly mayCarry: ReadonlySet<MarkOwner>;
}

/** A person of a tenant, who has a cart and documents there. */
export interface Person {
  readonly tid: string;
  readonly sub: string;
}

/** Subjects hold their tenant's name, and so all its odd characters. */
export function personsOf(tenants: readonly Tenant[]): readonly Person[] {
  return tenants.flatMap(({ id: tid }) =>
    ["manager", "ann", "ben"].map((name) => ({ tid, sub: `${name} of ${tid}` })),
  );
}

/**
 * What a person of a role may see. Written by hand, beside the profiles and not from them: the leak
 * search must not share a mistake with what it judges.
 */
function mayCarry(
  role: string,
  { tid, sub }: Person,
  persons: readonly Person[],
): ReadonlySet<MarkOwner> {
  switch (role) {
    case "manager":
      return new Set([
        SHARED,
        tenantOwner(tid),
        cartOwner(sub),
        ...persons.filter((one) => one.tid === tid).map((one) => documentOwner(tid, one.sub)),
        settingOwner(tenantSettingId(tid)),
      ]);
    case "member":
      return new Set([
        SHARED,
        tenantOwner(tid),
        cartOwner(sub),
        documentOwner(tid, sub),
        settingOwner(tenantSettingId(tid)),
        settingOwner(userSettingId(sub)),
      ]);
    case "clerk":
      return new Set([SHARED, settingOwner(tenantSettingId(tid))]);
    default:
      return new Set();
  }
}

export const tenantSettingId = (tid: string) => `tenant-${asIdEnd(tid)}`;
export const userSettingId = (sub: string) => `user-${asIdEnd(sub)}`;

/** How a claim at the end of an id is written: what ids can't hold, percent-encoded. */
function asIdEnd(value: string): string {
  const percentEncode = (text: string) =>
    [...new TextEncoder().encode(text)]
      .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`)
      .join("");
  return value.replaceAll(/[%/\\?#\p{Cc}]/gu, percentEncode).replace(/\s$/u, percentEncode);
}

/** Everyone who calls. */
export function createCallers(
  tenants: readonly Tenant[],
  persons: readonly Person[],
  auditedTenants: readonly string[],
): readonly Caller[] {
  const ofTenants = persons.map((person): Caller => {
    const role = person.sub.startsWith("manager ") ? "manager" : "member";
    return {
      name: person.sub,
      // A list or one text: `when` takes both
      claims: { ...person, roles: role === "manager" ? [role, "other"] : role },
      mayCarry: mayCarry(role, person, persons),
    };
  });
  const clerks = tenants.flatMap(({ id: tid }) =>
    [`clerk of ${tid}`, `second clerk of ${tid}`].map((sub): Caller => {
      const person = { tid, sub };
      return {
        name: sub,
        claims: { ...person, roles: ["clerk"] },
        mayCarry: mayCarry("clerk", person, persons),
      };
    }),
  );
  const operators = ["operator", "second operator"].map((sub): Caller => {
    const seen = [SHARED, ...tenants.map(({ id }) => tenantOwner(id))];
    return { name: sub, claims: { sub, roles: ["operator"] }, mayCarry: new Set(seen) };
  });
  const number = { tid: 42, sub: "manager of the number 42" };
  return [
    ...ofTenants,
    ...clerks,
    {
      name: "auditor",
      claims: { sub: "auditor", roles: ["auditor"] },
      mayCarry: new Set([SHARED, ...auditedTenants.map(tenantOwner)]),
    },
    ...operators,
    // The number is another tenant than the text, one without any items
    { name: number.sub, claims: { ...number, roles: ["manager"] }, mayCarry: new Set([SHARED]) },
    // These have no profile: no role, an unknown one, a claim that the template needs is missing
    { name: "stranger", claims: { sub: "stranger" }, mayCarry: new Set() },
    {
      name: "unknown role",
      claims: { sub: "unknown role", tid: "contoso", roles: ["managers"] },
      mayCarry: new Set(),
    },
    {
      name: "member of nothing",
      claims: { sub: "member of nothing", roles: ["member"] },
      mayCarry: new Set(),
    },
    { name: "anonymous", mayCarry: new Set([SHARED]) },
  ];
}

/** The same person with other roles, as after a change in the directory. */
export function withRole(
  caller: Caller,
  role: "manager" | "member" | "clerk",
  persons: readonly Person[],
): Caller {
  const { claims } = caller;
  if (claims === undefined || typeof claims.tid !== "string") {
    return caller;
  }
  const person = { tid: claims.tid, sub: claims.sub };
  return {
    name: caller.name,
    claims: { ...claims, roles: [role] },
    mayCarry: mayCarry(role, person, persons),
  };
}
