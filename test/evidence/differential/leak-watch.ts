import { knownExceptions } from "../oracle/known-exceptions.ts";
import { createLeakSearch, type Leak } from "../oracle/leak-search.ts";
import type { Observed } from "../workload/observed.ts";
import type { Caller } from "../world/callers.ts";
import type { StartedWorld } from "../world/start-world.ts";
import { createTokenWatch, type TokenWatch } from "./token-watch.ts";

/** Searches everything that left for one operation: answers, headers and lines of the logs. */
export interface LeakWatch {
  readonly tokens: TokenWatch;
  searchAnswer(
    started: StartedWorld,
    caller: Caller,
    observed: Observed,
  ): { readonly kind: "leak"; readonly detail: string } | undefined;
  /** Texts that were searched. */
  readonly searched: number;
}

export function createLeakWatch(watched: StartedWorld): LeakWatch {
  const { world, secrets, database } = watched;
  const { marks } = world;
  const known = new Set<string>();
  const { search, add } = createLeakSearch({
    marks,
    secrets: [{ name: "the cursor secret", value: secrets.cursorSecret }],
    exceptions: knownExceptions(database.keys[0]),
  });
  const learn = () => {
    for (const [name, values] of [
      ["an account key", secrets.accountKeys],
      ["a bearer token", secrets.bearerTokens],
    ] as const) {
      for (const value of values) {
        if (!known.has(value)) {
          known.add(value);
          add({ name, value });
        }
      }
    }
  };

  let searched = 0;
  return {
    tokens: createTokenWatch(watched),
    searchAnswer: (started, caller, observed) => {
      learn();
      const { mayCarry } = caller;
      const nobody = new Set<string>();
      const texts = [
        ...observed.replies.flatMap(({ text, headers }) => [
          { text, context: { mayCarry, where: "answer" } as const },
          { text: JSON.stringify(headers), context: { mayCarry, where: "header" } as const },
        ]),
        ...started.replicas.flatMap(({ logLines, observations }) => {
          observations.length = 0;
          return logLines
            .splice(0)
            .map((text) => ({ text, context: { mayCarry: nobody, where: "log" } as const }));
        }),
      ];
      searched += texts.length;
      const leaks = texts.flatMap(({ text, context }) => search(text, context));
      return leaks.length === 0
        ? undefined
        : { kind: "leak", detail: leaks.map(describeLeak).join("; ") };
    },
    get searched() {
      return searched;
    },
  };
}

function describeLeak({ kind, name, where, form, piece }: Leak): string {
  return `${kind} of ${name} in ${where}, ${form}: ${piece}`;
}
