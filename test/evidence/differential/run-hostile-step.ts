import type { Difference } from "../oracle/judge.ts";
import { post } from "../workload/ask.ts";
import { judgeProbe, sendProbe } from "../workload/next-probe.ts";
import { cursorsIn, type Observed, readReply } from "../workload/observed.ts";
import { renderOperation } from "../workload/render-operation.ts";
import type { Caller } from "../world/callers.ts";
import type { StartedWorld } from "../world/start-world.ts";
import type { HostileStep } from "./hostile-step.ts";

export interface HostileResult {
  readonly observed: Observed;
  readonly difference?: Difference;
  /** What was sent, as GraphQL. */
  readonly graphql: string;
  /** Whether the answer may hold the caller's own resource tokens. */
  readonly hasTokens: boolean;
}

type ShowCursor = Extract<HostileStep, { readonly do: "cursor" }>;

/** @returns undefined where there was nothing to try: the owner was given no cursor. */
export async function runHostileStep(
  started: StartedWorld,
  step: HostileStep,
  callers: ReadonlyMap<string, Caller>,
  url: string,
): Promise<HostileResult | undefined> {
  const bearerOf = (name: string) => {
    const caller = callers.get(name);
    return caller === undefined ? undefined : started.bearerFor(caller);
  };
  const bearer = await bearerOf(step.caller);
  if (step.do === "cursor") {
    const cursor = await cursorOf(step, url, await bearerOf(step.owner));
    return cursor === undefined ? undefined : showCursor(step, cursor, url, bearer);
  }
  const { probe } = step;
  const observed = await sendProbe(probe, { url, bearer }, started.secrets.resourceTokens);
  const difference = judgeProbe(probe, observed);
  const graphql = `${probe.query}\n${JSON.stringify(probe.variables)}`;
  const hasTokens = probe.may === "tokens";
  return { observed, graphql, hasTokens, ...(difference && { difference }) };
}

async function cursorOf({ given }: ShowCursor, url: string, bearer: string | undefined) {
  const { query, variables, alias } = renderOperation(given);
  const reply = await post({ url, bearer }, { query, variables });
  return typeof reply === "string" ? undefined : cursorsIn(readReply(reply, alias).value)[0];
}

async function showCursor(
  { shown, alteredAt, caller, owner }: ShowCursor,
  cursor: string,
  url: string,
  bearer: string | undefined,
): Promise<HostileResult> {
  const { query, variables, alias } = renderOperation(shown, {
    after: alteredAt === undefined ? cursor : altered(cursor, alteredAt),
  });
  const name =
    alteredAt !== undefined
      ? "an altered cursor"
      : caller === owner
        ? "a cursor of another list"
        : "somebody else's cursor";
  const probe = { name, query, variables, alias, may: "nothing" } as const;
  const observed = await sendProbe(probe, { url, bearer }, new Set());
  const difference = judgeProbe(probe, observed);
  const graphql = `${query}\n${JSON.stringify(variables)}`;
  return { observed, graphql, hasTokens: false, ...(difference && { difference }) };
}

/** The last characters may be padding, and are left alone. */
function altered(cursor: string, at: number): string {
  const place = Math.floor(at * (cursor.length - 4));
  return `${cursor.slice(0, place)}${cursor[place] === "A" ? "B" : "A"}${cursor.slice(place + 1)}`;
}
