import type { Operation } from "../../model/terms.ts";
import type { Random } from "../random.ts";
import { nextOperation } from "../workload/next-operation.ts";
import { ownerOf } from "../workload/next-target.ts";
import { renderOperation } from "../workload/render-operation.ts";
import { type Caller, SHARED } from "../world/callers.ts";
import type { World } from "../world/create-world.ts";
import { MARK_PATTERN } from "../world/tenants.ts";
import { planOf } from "../world/type-plans.ts";
import { type Answer, type ExpectedVerdict, expectVerdict, judgeVerdict } from "./judge-verdict.ts";
import { type LedgerState, type LedgerWrite, nextLedgerWrite } from "./next-ledger-write.ts";
import { sendOperation } from "./send-operation.ts";
import type { SoakFigures } from "./soak-figures.ts";
import type { RunningSoak } from "./start-soak.ts";
import { noteCount, noteWrite, readTold } from "./write-ledger.ts";

export interface DriverOptions {
  readonly callers: readonly Caller[];
  readonly random: Random;
  readonly untilMs: number;
  /** Requests under way at a time. */
  readonly concurrency: number;
  readonly ledger: LedgerState;
  readonly figures: SoakFigures;
}

const LEDGER_SHARE = 0.3;
const BENT_SHARE = 0.01;
const OFTEN_SHARE = 0.15;

/** How long a replica that is down is given, in milliseconds. */
const RETRY_MS = 50;

/** Asks and judges, one request after another at each of so many places, until the time is over. */
export async function drive(soak: RunningSoak, options: DriverOptions): Promise<void> {
  const { untilMs, concurrency, random } = options;
  await Promise.all(
    Array.from({ length: concurrency }, async (_, index) => {
      const own = random.fork(`place ${index}`);
      while (Date.now() < untilMs) {
        await (own.chance(LEDGER_SHARE)
          ? askForLedger(soak, options, own)
          : askAnything(soak, options, own));
      }
    }),
  );
}

async function askAnything(
  soak: RunningSoak,
  { callers, figures }: DriverOptions,
  random: Random,
): Promise<void> {
  const { world } = soak;
  const caller = someCaller(callers, random);
  const operation = nextOperation(world, caller, world.store, random);
  if (carriesMarksOver(world, operation)) {
    return;
  }
  // Values as variables: Apollo Server keeps each text of an operation, up to 30 MB of them
  const { query, variables, alias } = renderOperation(operation);
  const bentBearer = caller.claims !== undefined && random.chance(BENT_SHARE);
  const url = await someUrl(soak, random);
  const request = { query, variables };
  const answer = await sendOperation(soak, { caller, url, request, bentBearer }, figures);
  figures.operations += 1;
  const expected = bentBearer
    ? { mustDeny: true, mayDeny: true }
    : expectVerdict(world, caller, operation);
  judge({ expected, answer, alias, caller, operation }, figures);
}

async function askForLedger(
  soak: RunningSoak,
  { callers, ledger, figures }: DriverOptions,
  random: Random,
): Promise<void> {
  const { world } = soak;
  const url = await someUrl(soak, random);
  const next = nextLedgerWrite(world, callers, ledger, random);
  const { caller, write, place, item, isCount, withoutId } = next;
  if (place !== undefined && !isCount) {
    place.isBusy = true;
  }
  if (next.created !== undefined) {
    ledger.items.push(item);
  }
  const { query, variables, alias } = renderOperation(write);
  const { id: _, ...inputWithoutId } = (variables.input ?? {}) as Readonly<Record<string, unknown>>;
  const request = {
    query,
    variables: withoutId ? { ...variables, input: inputWithoutId } : variables,
  };
  const answer = await sendOperation(soak, { caller, url, request }, figures);
  figures.operations += 1;
  figures.ledgerWrites += 1;
  const expected = expectVerdict(world, caller, write);
  judge({ expected, answer, alias, caller, operation: write }, figures);
  enter(next, answer, alias, ledger);
}

/** Writes into the ledger what the caller was told. */
function enter(next: LedgerWrite, answer: Answer | undefined, alias: string, ledger: LedgerState) {
  const { place, item, isCount, state, created } = next;
  const told = readTold(answer, alias);
  if (isCount) {
    noteCount(item, told);
    return;
  }
  noteWrite(item, state, told);
  if (place !== undefined) {
    place.isBusy = false;
    if (told === "done" && state === undefined) {
      ledger.places.splice(ledger.places.indexOf(place), 1);
    }
  }
  const { id } = (answer?.data?.[alias] ?? {}) as { readonly id?: unknown };
  if (created !== undefined && told === "done" && typeof id === "string") {
    ledger.places.push({ ...created, item, id, isBusy: false });
  }
}

function judge(
  judged: {
    readonly expected: ExpectedVerdict;
    readonly answer: Answer | undefined;
    readonly alias: string;
    readonly caller: Caller;
    readonly operation: Operation;
  },
  figures: SoakFigures,
): void {
  const { expected, answer, alias, caller, operation } = judged;
  const judgement = answer === undefined ? "right" : judgeVerdict(expected, answer, alias);
  if (judgement !== "right") {
    const cases = judgement === "wrong grant" ? figures.wrongGrants : figures.wrongDenials;
    const errors = JSON.stringify(answer?.errors ?? null);
    cases.push(
      `${JSON.stringify(caller.claims)}: ${JSON.stringify(operation).slice(0, 400)}: ${errors}`,
    );
  }
}

/**
 * A manager may write the mark of one person's documents among those of another, by a transaction
 * that is meant for both; from then on reading one's own documents would look like a leak.
 */
function carriesMarksOver({ marks }: World, operation: Operation): boolean {
  if (operation.do !== "transact" || operation.type !== "Document") {
    return false;
  }
  const { partitionKey } = operation;
  const owner = partitionKey && ownerOf(planOf(operation.type), partitionKey);
  return [...JSON.stringify(operation).matchAll(MARK_PATTERN)].some(
    ([mark]) => ![owner, SHARED].includes(marks.get(mark)),
  );
}

/** Some call often and stay in the cache of grants; the others push each other out of it. */
function someCaller(callers: readonly Caller[], random: Random): Caller {
  const often = Math.max(1, Math.floor(callers.length * OFTEN_SHARE));
  return random.chance(0.8) ? random.pick(callers.slice(0, often)) : random.pick(callers);
}

async function someUrl({ replicas }: RunningSoak, random: Random): Promise<string> {
  for (;;) {
    const { url } = random.pick(replicas);
    if (url !== undefined) {
      return url;
    }
    await new Promise((resolve) => {
      setTimeout(resolve, RETRY_MS);
    });
  }
}
