import type { Disturbance } from "../oracle/judge.ts";
import { type Caller, withRole } from "../world/callers.ts";
import type { StartedWorld } from "../world/start-world.ts";
import { ask } from "./ask.ts";
import { disturbanceOf, type Event, together } from "./event.ts";
import type { Observed } from "./observed.ts";

/** Carries out events on a world that runs, and knows what is so at present. */
export interface EventPerformer {
  /** The caller with the roles that events have given. */
  present(caller: Caller): Caller;
  /** What operations may meet now. */
  readonly disturbance: Disturbance;
  /** Answers what a crowd was answered: it is for the leak search too. */
  perform(
    event: Event,
  ): Promise<readonly { readonly caller: Caller; readonly observed: Observed }[]>;
}

export function createEventPerformer(started: StartedWorld): EventPerformer {
  const { world, replicas, database } = started;
  const roles = new Map<string, Caller>();
  const present = (caller: Caller) => roles.get(caller.name) ?? caller;
  const callerNamed = (name: string): Caller => {
    const found = world.callers.find((caller) => caller.name === name);
    if (found === undefined) {
      throw new Error(`The world has no caller "${name}".`);
    }
    return found;
  };
  let disturbances: readonly Disturbance[] = [];

  const askAll = (names: readonly string[]) =>
    Promise.all(
      names.map(async (name, index) => {
        const caller = present(callerNamed(name));
        const url = replicas[index % replicas.length]?.url ?? "";
        const bearer = await started.bearerFor(caller);
        return { caller, observed: await ask({ do: "viewer" }, { url, bearer }) };
      }),
    );

  return {
    present,
    get disturbance() {
      return together(disturbances);
    },
    perform: async (event) => {
      disturbances = [...disturbances, disturbanceOf(event)];
      switch (event.event) {
        case "advance":
          await started.advanceSeconds(event.seconds);
          break;
        case "other role":
          roles.set(event.caller, withRole(callerNamed(event.caller), event.role, world.persons));
          break;
        case "own role":
          roles.delete(event.caller);
          break;
        case "new key":
          await started.regenerateKey(event.key, event.tell);
          break;
        case "throttle":
          await database.setThroughput(event.limits);
          break;
        case "fault":
          await database.addFault(event.fault);
          break;
        case "crowd":
          return askAll(event.callers);
        case "restart replica":
          await replicas[event.replica]?.restart();
          break;
        case "restart database":
          await database.restart();
          break;
        case "calm":
          await database.clearFaults();
          await database.setThroughput({
            metadataRequestUnitsPerSecond: 0,
            itemRequestUnitsPerSecond: 0,
          });
          disturbances = [];
          break;
      }
      return [];
    },
  };
}
