import { createLogger, createLogObserver } from "../../../src/observability/log.ts";
import type { Observe } from "../../../src/observability/observation.ts";
import { knownExceptions } from "../oracle/known-exceptions.ts";
import { createLeakSearch } from "../oracle/leak-search.ts";
import type { SearchContext } from "../oracle/search-context.ts";
import type { Caller } from "../world/callers.ts";
import type { World } from "../world/create-world.ts";
import type { Findings } from "./findings.ts";
import type { Answer } from "./replica.ts";
import type { Service } from "./service.ts";
import { tokensIn } from "./token-watch.ts";
import type { WireWatch } from "./wire.ts";

/** Searches all that leaves a replica for marks, account keys and resource tokens. */
export interface LeakWatch extends WireWatch {
  searchAnswer(answer: Answer, caller: Caller, cosmosUser: string | undefined): void;
  /** As the line of the log that an observation becomes. */
  readonly searchLog: Observe;
}

export function createLeakWatch(
  { marks }: Pick<World, "marks">,
  service: Pick<Service, "keys" | "openToken">,
  findings: Findings,
): LeakWatch {
  const [primary] = service.keys;
  const leaks = createLeakSearch({ marks, secrets: [], exceptions: knownExceptions(primary) });
  const knownKeys = new Set<string>();
  // Keys are regenerated, and the old ones stay secret.
  const learnKeys = (): void => {
    for (const value of service.keys.filter((key) => !knownKeys.has(key))) {
      knownKeys.add(value);
      leaks.add({ name: `account key ${knownKeys.size}`, value });
    }
  };

  const search = (text: string, context: SearchContext, who: string): void => {
    learnKeys();
    for (const { kind, name, form } of leaks.search(text, context)) {
      const law = kind === "mark" ? "foreign mark" : "secret told";
      findings.add(law, `${who}: ${kind} of ${name} in the ${context.where}, ${form}`);
    }
  };
  const log = createLogObserver(
    createLogger((line) => search(line, { mayCarry: new Set(), where: "log" }, "log")),
  );

  return {
    searchAnswer: ({ text, session }, { name, mayCarry }, cosmosUser) => {
      const receiver = { mayCarry, ...(cosmosUser !== undefined && { cosmosUser }) };
      search(text, { ...receiver, where: "answer" }, name);
      search(session ?? "", { ...receiver, where: "header" }, name);
    },
    searchLog: log,
    onServed: ({ subject }, { answer }) => {
      if (subject === "users" && answer.status < 300) {
        for (const token of tokensIn(answer.body)) {
          const owner = service.openToken(token.split("&sig=")[1] ?? "")?.userId;
          const name = `resource token of ${owner}`;
          leaks.addPassing({ name, value: token, ...(owner !== undefined && { owner }) });
        }
      }
    },
  };
}
