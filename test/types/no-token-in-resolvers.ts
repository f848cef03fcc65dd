/** Compiled, never run: what an own resolver can write in TypeScript, and what it can't. */
import type * as Package from "../../src/gateway.ts";
import type { RequestContext } from "../../src/gateway.ts";
import type { Secret } from "../../src/secret.ts";
import type { Grant } from "../../src/tokens/grant.ts";
import type { GrantScope } from "../../src/tokens/grant-scope.ts";

/** What holds a resource token among all that a value leads to: properties, answers, and theirs. */
type TokenHolders<Value, Depth extends readonly unknown[] = []> = Depth["length"] extends 8
  ? never
  : Value extends Secret | { readonly resourceToken: unknown }
    ? Value
    : TokenHolders<PartsOf<Value>, [...Depth, unknown]>;

type PartsOf<Value> = Value extends (...args: never[]) => infer Answer
  ? Awaited<Answer>
  : Value extends readonly (infer Element)[]
    ? Element
    : Value extends object
      ? Value[keyof Value]
      : never;

/** Only compiles for nothing at all. */
type Nothing<Value extends never> = Value;

/** The context leads to no object that holds a resource token. */
export type FromContext = Nothing<TokenHolders<RequestContext>>;

// The search does find one: in a grant, behind a property, and behind an asynchronous answer.
// @ts-expect-error a grant holds its token
export type FromGrant = Nothing<TokenHolders<Grant>>;
// @ts-expect-error behind a property and an answer
export type FromAnswer = Nothing<TokenHolders<{ readonly a: () => Promise<{ b: Grant[] }> }>>;

// The package's types name no grant, no secret, and nothing that issues tokens.
// @ts-expect-error not exported
export type OwnGrant = Package.Grant;
// @ts-expect-error not exported
export type OwnGrants = Package.CosmosUserGrants;
// @ts-expect-error not exported
export type OwnSecret = Package.Secret;
// @ts-expect-error not exported
export type OwnIssueTokens = Package.IssueTokens;

/** The scope is there, by its name. */
export type OwnScope = Package.GrantScope;

export function ownResolver({ items, access }: RequestContext, grant: Grant): readonly unknown[] {
  const [scope] = items.grants;
  const [onOrders] = items.grantsOn("orders");
  const shown: readonly unknown[] = [scope?.partitionKey, onOrders?.mode, onOrders?.expiresAtMs];
  // @ts-expect-error a scope has no token
  scope?.resourceToken;
  // @ts-expect-error a scope has no token
  onOrders?.resourceToken;
  // @ts-expect-error a permission that is wanted has none
  access.wantedPermissions[0]?.resourceToken;
  // @ts-expect-error whoever asks for a scope can't be handed the grant
  const whole: GrantScope = grant;
  return [...shown, whole];
}
