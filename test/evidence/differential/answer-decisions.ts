import type { verdictOf } from "../../model/verdict.ts";
import type { Answer, answerOf, PartitionKey, StoredItems } from "../oracle/stored-items.ts";
import type { Random } from "../random.ts";
import { openAnsweringAccount } from "./answering-account.ts";
import { type ContainerPlan, isLarge, type SeededItem } from "./confusable-partitions.ts";
import type { Decision, DecisionStream } from "./decision-stream.ts";
import {
  createIssuedTokens,
  type EventOutcome,
  type IssuedToken,
  isAble,
  keyBeside,
  keyUnder,
} from "./issued-tokens.ts";
import { KINDS, type Kind, nextPartitionRequest } from "./next-partition-request.ts";
import { messageFor, type Observed, sendPartitionRequest } from "./send-partition-request.ts";

/** Tokens at the start, and how often something comes over them before they are used. */
const FIRST_TOKENS = 12;
const FIRST_DISTURBANCES = 3;

/**
 * Of four rounds one is asked under any token, two under tokens that cover it, and one for another
 * partition than the token's: so every kind is answered and refused in a short run too.
 */
const ROUNDS = ["any", "covered", "foreign", "covered"] as const;

const READS: ReadonlySet<Kind> = new Set<Kind>([
  "read",
  "list",
  "query",
  "ordered query",
  "changes",
]);

/**
 * What the emulator's request handler answers to a request under a resource token, all pages of
 * it, beside the model's answer: item by item, in their order.
 */
export function createAnswerDecisions(
  verdict: typeof verdictOf,
  answer: typeof answerOf,
): DecisionStream {
  const account = openAnsweringAccount();
  const tokens = createIssuedTokens(account);
  const etags = new Map<string, string>();
  const stores = new Map<ContainerPlan, StoredItems>();
  const levelsOf = (id: string) => account.containers.find((each) => each.id === id)?.levels.length;

  const ask = async (kind: Kind, isForeign: boolean, issued: IssuedToken, random: Random) => {
    const { container, token } = issued;
    const before = storeOf(stores, container);
    const key = isForeign ? keyBeside(issued, random) : keyUnder(issued, random);
    const others = container.keys.filter((each) => each !== key);
    const place = { container, key, others, stored: before, id: issued.id };
    const request = nextPartitionRequest(kind, place, random);
    const etagOf = (version: number) =>
      etags.get(`${container.id} ${version}`) ?? '"an etag of nothing"';
    const pageSize = isLarge(container.id, key)
      ? random.pick([100, 400, 1000, -1])
      : random.pick([1, 3, 100, -1]);
    const message = messageFor(container.id, key, request, { etagOf, pageSize });
    const asked = {
      method: message.method,
      segments: message.path.split("/").slice(1),
      headers: message.headers,
    };
    const may = verdict(token, asked, { nowMs: account.nowMs(), levelsOf });
    const partition = { key, levels: container.levels };
    const refused = { answer: { status: Number(may), results: [] }, after: before };
    const expected = may === "allowed" ? answer(before, partition, request) : refused;

    const send = (sent: typeof message) =>
      account.send({ ...sent, headers: { ...sent.headers, authorization: issued.authorization } });
    const observed = await sendPartitionRequest(send, request.kind, message);
    stores.set(container, expected.after);
    learnEtags(container, before, expected.after, observed);
    const isFailed = request.kind === "batch" && expected.answer.status === 207;
    const differs = isFailed
      ? (differenceOf(expected.answer, observed) ??
        (await differenceAfter(container, key, expected.after)))
      : differenceOf(expected.answer, observed);
    return {
      kind,
      ...(differs ?? { expected: "alike", observed: "alike" }),
      outcome: String(observed.status),
      describe: () => ({ token, permission: issued.fate, request: message, pageSize }),
    };
  };

  /** The service names the versions; the model only counts them. */
  const learnEtags = (
    { id }: ContainerPlan,
    before: StoredItems,
    after: StoredItems,
    { raw }: Observed,
  ) => {
    if (after === before) {
      return;
    }
    for (const { content, version } of after.items) {
      const written = version > before.writes && raw.findLast((each) => each.id === content.id);
      if (written) {
        etags.set(`${id} ${version}`, String(written._etag));
      }
    }
  };

  /** What is in a partition after a request that must have changed nothing. */
  const differenceAfter = async (
    { id, levels }: ContainerPlan,
    key: PartitionKey,
    after: StoredItems,
  ) => {
    const settings = { etagOf: String, pageSize: -1 };
    const message = messageFor(id, key, { kind: "list" }, settings);
    const observed = await sendPartitionRequest(account.sendAsAccount, "list", message);
    return differenceOf(answer(after, { key, levels }, { kind: "list" }).answer, observed);
  };

  /** Creates the first items, and counts those that could not be. */
  const storeFirstItems = async (): Promise<EventOutcome> => {
    let failures = 0;
    for (const container of account.containers) {
      const items = account.itemsAtFirst(container);
      for (const [at, item] of items.entries()) {
        const etag = account.etagAtFirst(container, item) ?? (await create(container, item));
        failures += etag === undefined ? 1 : 0;
        etags.set(`${container.id} ${at + 1}`, etag ?? "");
      }
      const stored = items.map((item, at) => ({ ...item, version: at + 1 }));
      stores.set(container, { items: stored, writes: items.length });
    }
    return { event: "store the first items", expected: 0, observed: failures };
  };

  const create = async ({ id }: ContainerPlan, { key, content }: SeededItem) => {
    const settings = { etagOf: String, pageSize: -1 };
    const message = messageFor(id, key, { kind: "create", content }, settings);
    const { status, headers } = await account.sendAsAccount(message);
    return status === 201 ? headers.etag : undefined;
  };

  let kinds: Kind[] = [];
  let rounds = 0;
  const firstEvents: ((random: Random) => Promise<EventOutcome>)[] = [
    storeFirstItems,
    tokens.start,
    ...Array.from({ length: FIRST_TOKENS }, () => tokens.issue),
    ...Array.from({ length: FIRST_DISTURBANCES }, () => tokens.disturb),
  ];
  return {
    name: "answers of the service",
    kinds: KINDS,
    decide: async (random) => {
      const first = firstEvents.shift();
      if (first !== undefined) {
        return eventDecision(await first(random));
      }
      if (random.chance(0.05)) {
        return eventDecision(await tokens.issue(random));
      }
      if (random.chance(0.05)) {
        return eventDecision(await tokens.disturb(random));
      }
      if (kinds.length === 0) {
        rounds += 1;
        kinds = random.shuffle(KINDS);
      }
      const kind = kinds.pop() ?? "read";
      const round = ROUNDS[rounds % ROUNDS.length];
      const wantsLarge = kind === "ordered query" && random.chance(0.5);
      const issued = tokens.any(
        random,
        (each) =>
          (round === "any" || isAble(each, !READS.has(kind), account.nowMs())) &&
          (!wantsLarge || isOnLarge(each)),
      );
      return issued === undefined
        ? eventDecision(await tokens.issue(random))
        : ask(kind, round === "foreign", issued, random);
    },
  };
}

function isOnLarge({ container, token: { partitionKey }, id }: IssuedToken): boolean {
  return id === undefined && partitionKey !== undefined && isLarge(container.id, partitionKey);
}

function storeOf(stores: ReadonlyMap<ContainerPlan, StoredItems>, of: ContainerPlan) {
  return stores.get(of) ?? { items: [], writes: 0 };
}

/** The first result that differs; undefined: none does. */
function differenceOf(expected: Answer, observed: Answer) {
  const length = Math.max(expected.results.length, observed.results.length);
  const at = Array.from({ length }, (_, place) => place).find(
    (place) => JSON.stringify(expected.results[place]) !== JSON.stringify(observed.results[place]),
  );
  const tell = ({ status, results }: Answer) =>
    `${status}, ${results.length} results${at === undefined ? "" : `, the one at ${at}: ${JSON.stringify(results[at])}`}`;
  return at === undefined && expected.status === observed.status
    ? undefined
    : { expected: tell(expected), observed: tell(observed) };
}

function eventDecision({ event, expected, observed }: EventOutcome): Decision {
  return {
    kind: event,
    expected: String(expected),
    observed: String(observed),
    outcome: String(observed),
    describe: () => event,
  };
}
