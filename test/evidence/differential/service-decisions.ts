import type { verdictOf } from "../../model/verdict.ts";
import type { Random } from "../random.ts";
import { type AccountInProcess, openAccountInProcess } from "./account-in-process.ts";
import { type Aim, type AimedRequest, anyAim, nearAim, writeRequest } from "./aimed-request.ts";
import type { Decision, DecisionStream } from "./decision-stream.ts";
import { KINDS_OF_FEED, REQUEST_KINDS } from "./request-kinds.ts";
import {
  anyCredential,
  type Credential,
  type SealedToken,
  sealToken,
} from "./shown-credentials.ts";

/** A moment that has whole seconds, like the dates that account keys sign. */
const NOON_MS = Date.UTC(2026, 10, 24, 12);

/**
 * May a request to Cosmos DB pass: the model's verdict beside what the emulator's own parsing,
 * authentication and authorization come to. Tokens are really sealed, requests really parsed.
 */
export function createServiceDecisions(verdict: typeof verdictOf): DecisionStream {
  const account = openAccountInProcess();
  const levelsOf = (container: string, database: string) =>
    account.containers.find((known) => known.id === container && known.database === database)
      ?.levels;

  const expectedOf = (request: AimedRequest, credential: Credential, nowMs: number) => {
    const { names } = request;
    if (names === undefined) {
      // A path that can't be read is refused before anyone asks who sends it.
      return 400;
    }
    if (credential.shown === "account key" && credential.isDated === true) {
      // COSMOS-FACTS §16: the date must be near the server's.
      return 403;
    }
    const { method, headers } = request.wire;
    const asked = { method, segments: names, headers };
    const circumstances = { nowMs, levelsOf };
    const first = verdict(credential.shown, asked, circumstances);
    const { shown, itemKey } = credential;
    if (first !== "allowed" || itemKey === undefined || typeof shown === "string") {
      return first;
    }
    // A rid names one item of one partition: the token must cover the request there as well.
    return verdict({ ...shown, partitionKey: itemKey }, asked, circumstances);
  };

  let round: Round | undefined;
  return {
    name: "requests to Cosmos DB",
    kinds: [...new Set(REQUEST_KINDS.map(({ name }) => name))],
    decide: async (random) => {
      if (round === undefined || round.left === 0) {
        round = startRound(account, random);
      }
      round.left -= 1;
      return decideOne(account, round, expectedOf, random);
    },
  };
}

/** A token that is shown with several requests, since sealing costs more than deciding. */
interface Round {
  readonly nowMs: number;
  readonly aim: Aim;
  readonly token: SealedToken;
  left: number;
}

function startRound(account: AccountInProcess, random: Random): Round {
  const nowMs = NOON_MS + random.int(0, 86_400) * 1000;
  const aim = anyAim(account.containers, random);
  return { nowMs, aim, token: sealToken(aim, account, nowMs, random), left: 8 };
}

async function decideOne(
  account: AccountInProcess,
  { nowMs, aim, token }: Round,
  expectedOf: (request: AimedRequest, shown: Credential, nowMs: number) => string | number,
  random: Random,
): Promise<Decision> {
  const kind = random.pick(random.chance(0.5) ? KINDS_OF_FEED[aim.feed] : REQUEST_KINDS);
  const request = writeRequest(kind, nearAim(aim, account.containers, random), random);
  const credential = anyCredential(request, token, account, nowMs, random);
  const { authorization, date } = credential;
  const headers = {
    ...request.wire.headers,
    ...date,
    ...(authorization === undefined ? {} : { authorization }),
  };
  const expected = expectedOf(request, credential, nowMs);
  const observed = await account.decide({ ...request.wire, headers }, nowMs);
  return {
    kind: kind.name,
    expected: String(expected),
    observed: String(observed),
    outcome: String(observed),
    describe: () => ({
      now: new Date(nowMs).toISOString(),
      request: { ...request.wire, names: request.names },
      credential,
    }),
  };
}
