import type { HttpClient } from "@azure/core-rest-pipeline";
import type { Caller as GatewayCaller } from "../../../src/auth/caller.ts";
import type { Clock } from "../../../src/clock.ts";
import type { Config, TokensConfig } from "../../../src/config/config.ts";
import { Secret } from "../../../src/secret.ts";
import type { GrantCache } from "../../../src/tokens/grant-cache.ts";
import { accessOf } from "../../model/access.ts";
import type { Profile } from "../../model/terms.ts";
import type { Random } from "../random.ts";
import type { Caller } from "../world/callers.ts";
import { DATABASE_ID, type World } from "../world/create-world.ts";
import { createFindings, type Findings } from "./findings.ts";
import { endingOf, judgeAnswer } from "./judge-answer.ts";
import { judgeIssued } from "./judge-issued.ts";
import { createLeakWatch } from "./leak-watch.ts";
import { createLedger, type Ledger } from "./ledger.ts";
import { type Ask, renderAsk } from "./operations.ts";
import { type Replica, startReplica } from "./replica.ts";
import { createService, type Service } from "./service.ts";
import { type ConfigChoices, changedProfiles, configOf, schemaOf } from "./set-up.ts";
import { createTokenWatch, type WatchedOperation } from "./token-watch.ts";
import { createTrace, type Trace } from "./trace.ts";
import { createSingleFlightWatch, createTraffic, type Traffic } from "./traffic.ts";
import { createWire, type Wire } from "./wire.ts";

/** Puts broken parts in the place of sound ones: how tests see that each fault is found. */
export interface Bends {
  readonly cache?: (cache: GrantCache) => GrantCache;
  readonly httpClient?: (httpClient: HttpClient) => HttpClient;
  readonly clock?: (clock: Clock) => Clock;
}

export interface SimulationOptions {
  readonly random: Random;
  readonly world: World;
  /** An empty folder for the service's data. */
  readonly folder: string;
  readonly choices: Pick<ConfigChoices, "tokens" | "limits">;
  readonly bends?: Bends | undefined;
  readonly onLine?: ((line: string) => void) | undefined;
}

/** A place where a gateway runs: one life after the other, with a clock of its own. */
export interface Slot {
  readonly name: string;
  life: number;
  profiles: readonly Profile[];
  replica: Replica;
  keys: readonly Secret[];
  offsetMs: number;
  movedAtMs: number;
}

export interface Simulation {
  readonly world: World;
  /** As they are at first, and after a change. */
  readonly profileVersions: readonly [readonly Profile[], readonly Profile[]];
  readonly tokens: TokensConfig;
  readonly service: Service;
  readonly wire: Wire;
  readonly trace: Trace;
  readonly findings: Findings;
  readonly traffic: Traffic;
  readonly ledger: Ledger;
  readonly slots: readonly Slot[];
  /** Operations so far; each gets the next number. */
  readonly operations: number;
  /** From when on nothing is wrong with wire and service; infinite while something is. */
  calmFromMs: number;
  /** Operations under way. */
  pending(): readonly { readonly number: number; readonly startedAtMs: number }[];
  /** Sends an operation to a replica, and judges what comes of it. Resolves to how long it took. */
  perform(slot: Slot, caller: Caller, makeAsk: (number: number) => Ask): Promise<number>;
  /** Begins a new life of a gateway. */
  restart(slot: Slot, profiles: readonly Profile[]): Promise<void>;
}

export async function createSimulation(options: SimulationOptions): Promise<Simulation> {
  const { random, world, folder, choices, bends = {}, onLine } = options;
  const trace = createTrace(Date.now, onLine);
  const findings = createFindings(Date.now);
  const service = createService(folder, world.database);
  const traffic = createTraffic();
  const watched = new Map<number, WatchedOperation>();
  const underWay = new Map<number, number>();
  const sessions = new Map<Caller, string | undefined>();
  const gatewayCallers = new Map(world.callers.map((caller) => [caller, gatewayCallerOf(caller)]));
  let operations = 0;

  const configs = new Map<readonly Profile[], Config>();
  const config = (profiles: readonly Profile[]): Config => {
    const known = configs.get(profiles) ?? configOf(world, { ...choices, profiles });
    configs.set(profiles, known);
    return known;
  };
  const first = config(world.profiles);
  const schema = schemaOf(world, first);
  const slotOf = (replica: string) => slots.find(({ name }) => replica.startsWith(name));
  const clockOf = (slot: Pick<Slot, "offsetMs">): Clock => ({
    nowMs: () => Date.now() + slot.offsetMs,
  });
  const watch = createTokenWatch({
    findings,
    lifetimeMs: first.tokens.lifetimeSeconds * 1000,
    operationOf: (number) => watched.get(number),
    nowOf: (replica) => Date.now() + (slotOf(replica)?.offsetMs ?? 0),
    serviceNowMs: Date.now,
  });
  const leaks = createLeakWatch(world, service, findings);
  const watches = [traffic, createSingleFlightWatch(findings), watch, leaks];
  const wire = createWire({ service, random: random.fork("wire"), trace, watches });

  const startLife = (slot: Slot): Promise<Replica> => {
    const { httpClient = (client: HttpClient) => client, clock = (sound: Clock) => sound } = bends;
    return startReplica({
      config: config(slot.profiles),
      schema,
      httpClient: httpClient(wire.clientOf(`${slot.name}.${slot.life}`)),
      clock: clock(clockOf(slot)),
      keys: () => slot.keys,
      observe: (observation) => {
        trace.add(slot.name, "observed", observation.kind);
        leaks.searchLog(observation);
      },
      bend: bends.cache,
    });
  };
  const slots: Slot[] = [];
  for (const name of ["east", "west"]) {
    const slot: Omit<Slot, "replica"> = {
      name,
      life: 1,
      profiles: world.profiles,
      keys: service.keys.map((key) => new Secret(key)),
      offsetMs: 0,
      movedAtMs: Number.NEGATIVE_INFINITY,
    };
    // What is assigned is a whole slot: its replica reads its clock and keys.
    slots.push(Object.assign(slot, { replica: await startLife(slot as Slot) }));
  }
  const ledger = createLedger([...world.store.values()], findings, Date.now);

  const simulation: Simulation = {
    world,
    profileVersions: [world.profiles, changedProfiles(world.profiles)],
    tokens: first.tokens,
    service,
    wire,
    trace,
    findings,
    traffic,
    ledger,
    slots,
    get operations() {
      return operations;
    },
    calmFromMs: Date.now(),
    pending: () => [...underWay].map(([number, startedAtMs]) => ({ number, startedAtMs })),

    perform: async (slot, caller, makeAsk) => {
      operations += 1;
      const number = operations;
      const ask = makeAsk(number);
      const startedAtMs = Date.now();
      const { profiles, replica } = slot;
      const found = accessOf(profiles, caller.claims, DATABASE_ID);
      const access = "refused" in found ? undefined : found;
      watched.set(number, {
        cosmosUser: access?.cosmosUser,
        startedAtMs: startedAtMs + slot.offsetMs,
        isClockMoved: () => slot.movedAtMs >= startedAtMs,
      });
      underWay.set(number, startedAtMs);
      ledger.begin(ask);
      const mayBeMissing = ledger.mayBeMissing(ask);
      const what = [ask.do, ask.target.container, JSON.stringify(ask.target.partitionKey)];
      trace.add(slot.name, "ask", `op=${number}`, caller.name, ...what, ask.target.content.id);
      const question = { ...renderAsk(ask), session: sessions.get(caller) };
      const gatewayCaller = gatewayCallers.get(caller) ?? gatewayCallerOf(caller);
      const answer = await wire.inOperation(number, () => replica.ask(gatewayCaller, question));

      const tookMs = Date.now() - startedAtMs;
      const ending = endingOf({ ask, answer });
      const codes = answer.errors.map(({ code }) => code).join(",");
      trace.add(slot.name, "answer", `op=${number}`, ending, codes || "-");
      underWay.delete(number);
      sessions.set(caller, answer.session);
      if (tookMs > first.limits.requestTimeoutMs) {
        findings.add("deadline", `operation ${number} took ${tookMs} ms`);
      }
      const isCalm = simulation.calmFromMs <= startedAtMs;
      const isMissing = mayBeMissing || ledger.mayBeMissing(ask);
      judgeAnswer(
        { ask, caller, access, answer, isCalm, mayBeMissing: isMissing },
        world,
        findings,
      );
      leaks.searchAnswer(answer, caller, access?.cosmosUser);
      if (ask.do === "issue" && access !== undefined && answer.errors.length === 0) {
        await judgeIssued(access, answer, service, (detail) =>
          findings.add("issued token", `${caller.name}: ${detail}`),
        );
      }
      ledger.end(ask, ending, answer, startedAtMs);
      return tookMs;
    },

    restart: async (slot, profiles) => {
      slot.life += 1;
      slot.profiles = profiles;
      trace.add(slot.name, "new life", slot.life);
      slot.replica = await startLife(slot);
    },
  };
  return simulation;
}

/** One object a caller, as the verified bearer token's cache gives it. */
function gatewayCallerOf({ claims }: Caller): GatewayCaller {
  return claims === undefined
    ? { kind: "anonymous" }
    : { kind: "authenticated", issuer: "https://issuer.test/", subject: claims.sub, claims };
}
