import type { CosmosClient } from "@azure/cosmos";
import { type CosmosFailure, readCosmosFailure } from "../cosmos/read-cosmos-failure.ts";
import { GatewayError } from "../gateway-error.ts";
import type { Observe } from "../observability/observation.ts";
import type { Secret } from "../secret.ts";
import { type AccountQueue, ThrottledRequest } from "./account-queue.ts";
import type { AccountTurn } from "./account-turns.ts";
import { explainAccountFailure } from "./explain-account-failure.ts";

export interface KeyRingOptions {
  /** For example `https://contoso.documents.azure.com:443/`. */
  readonly endpoint: string;
  readonly database: string;
  /**
   * Account keys, tried in turn. At least one. A function gives those of the moment: the same list
   * until they change.
   */
  readonly keys: readonly Secret[] | (() => readonly Secret[]);
  /** Called when the account has refused every key: `keys` may give others then. */
  readonly onEveryKeyRefused?: () => void;
  readonly observe: Observe;
}

interface QueuePlace {
  readonly kind?: "beginning" | "continuing";
  readonly turn?: AccountTurn | undefined;
}

type ExpectedAnswers<Result> = Readonly<Record<number, () => Result>>;

/**
 * Runs an action with the key that worked last, and with each other key in turn while Cosmos DB
 * answers 401: so a key can be rolled while the gateway runs. When it has refused them all, those
 * that came meanwhile are tried. `expected` says which other error answers are results.
 */
export function createKeyRing(
  options: KeyRingOptions,
  queue: Pick<AccountQueue, "run">,
  createClient: (key: Secret) => CosmosClient,
) {
  const { keys, onEveryKeyRefused } = options;
  const currentKeys = typeof keys === "function" ? keys : () => keys;
  const ringFor = (keysNow: readonly Secret[]) => ringOf(keysNow, createClient);
  let latest = ringFor(currentKeys());

  const currentRing = (): KeyRing => {
    const keysNow = currentKeys();
    if (keysNow !== latest.keys) {
      latest = ringFor(keysNow);
    }
    return latest;
  };

  const runWithKeys = async <Result, Expected>(
    action: (client: CosmosClient) => Promise<Result>,
    expected: ExpectedAnswers<Expected>,
  ): Promise<Result | Expected> => {
    for (;;) {
      const ring = currentRing();
      const outcome = await tryKeys(ring, (client) => settle(action(client), expected), options);
      if (!("failure" in outcome)) {
        return outcome.result;
      }
      if (isKeyRefused(outcome.failure)) {
        onEveryKeyRefused?.();
      }
      if (!isKeyRefused(outcome.failure) || currentRing() === ring) {
        const error = explainAccountFailure(outcome.failure, { ...options, keys: ring.keys });
        throw error.code === "THROTTLED" ? new ThrottledRequest(error) : error;
      }
    }
  };

  return function withKey<Result, Expected = never>(
    action: (client: CosmosClient) => Promise<Result>,
    expected: ExpectedAnswers<Expected> = {},
    { kind = "continuing", turn }: QueuePlace = {},
  ): Promise<Result | Expected> {
    return queue.run(kind, () => runWithKeys(action, expected), turn);
  };
}

/** Clients for a list of keys, in its order. */
interface KeyRing {
  readonly keys: readonly Secret[];
  readonly clients: readonly CosmosClient[];
  workingKeyIndex: number;
}

function ringOf(keys: readonly Secret[], createClient: (key: Secret) => CosmosClient): KeyRing {
  return { keys, clients: keys.map(createClient), workingKeyIndex: 0 };
}

type Outcome<Result> = { readonly result: Result } | { readonly failure: CosmosFailure };

/**
 * Returns the first outcome that is no refusal of the key, or else the last refusal. Refused keys
 * are observed unless all are: the error that this leads to says so, once.
 */
async function tryKeys<Result>(
  ring: KeyRing,
  action: (client: CosmosClient) => Promise<Outcome<Result>>,
  { observe }: Pick<KeyRingOptions, "observe">,
): Promise<Outcome<Result>> {
  const inTurn = [...ring.clients.entries()];
  const { workingKeyIndex } = ring;
  const refused: number[] = [];
  let outcome: Outcome<Result> = { failure: { kind: "unknown" } };
  for (const [keyIndex, client] of [
    ...inTurn.slice(workingKeyIndex),
    ...inTurn.slice(0, workingKeyIndex),
  ]) {
    outcome = await action(client);
    if ("failure" in outcome && isKeyRefused(outcome.failure)) {
      refused.push(keyIndex);
      continue;
    }
    for (const index of refused) {
      observe({ kind: "account-key-refused", keyIndex: index });
    }
    if (!("failure" in outcome)) {
      ring.workingKeyIndex = keyIndex;
    }
    return outcome;
  }
  return outcome;
}

async function settle<Result, Expected>(
  promise: Promise<Result>,
  expected: ExpectedAnswers<Expected>,
): Promise<Outcome<Result | Expected>> {
  try {
    return { result: await promise };
  } catch (error) {
    if (error instanceof GatewayError) {
      throw error;
    }
    const failure = readCosmosFailure(error);
    const answer = failure.kind === "answer" ? expected[failure.status] : undefined;
    return answer === undefined ? { failure } : { result: answer() };
  }
}

function isKeyRefused(failure: CosmosFailure): boolean {
  return failure.kind === "answer" && failure.status === 401;
}
