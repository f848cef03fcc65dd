import type { IncomingMessage } from "node:http";
import { CosmosError } from "../../../src/emulator/cosmos-error.ts";
import { createEmulatorClock } from "../../../src/emulator/emulator-clock.ts";
import { cosmosErrorResponse } from "../../../src/emulator/http/cosmos-error-response.ts";
import type { CosmosResponse } from "../../../src/emulator/http/cosmos-request.ts";
import { parseRequest } from "../../../src/emulator/http/parse-request.ts";
import { openStore } from "../../../src/emulator/persistence/open-store.ts";
import { routeRequest } from "../../../src/emulator/routes/route-request.ts";
import { authenticate } from "../../../src/emulator/security/authentication.ts";
import { authorize } from "../../../src/emulator/security/authorization.ts";
import { requestKind } from "../../../src/emulator/security/request-kind.ts";
import {
  createResourceTokenSealer,
  type ResourceTokenSealer,
} from "../../../src/emulator/security/resource-token.ts";
import { type SeedContainer, seed } from "../../../src/emulator/seed.ts";
import { createLinkResolver } from "../../../src/emulator/store-links.ts";

/** What goes over the wire, as Node.js hands it to the emulator. */
export interface WireRequest {
  readonly method: string;
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

/** An item that is stored, and the names and rids that lead to it. */
export interface KnownItem {
  readonly id: string;
  readonly rid: string;
  /** Its partition key. */
  readonly key: readonly (string | number)[];
}

export interface KnownContainer {
  readonly database: string;
  readonly databaseRid: string;
  readonly id: string;
  readonly rid: string;
  readonly levels: number;
  readonly items: readonly KnownItem[];
}

/** The emulator's parts that decide, over a small account, without its server. */
export interface AccountInProcess {
  readonly containers: readonly KnownContainer[];
  readonly keys: readonly [string, string];
  readonly sealer: ResourceTokenSealer;
  /** Seals with another secret. */
  readonly foreignSealer: ResourceTokenSealer;
  /** What parsing, authenticating and authorizing a request comes to. */
  decide(request: WireRequest, nowMs: number): Promise<Verdict>;
  /** The whole answer, and that verdict. */
  answer(request: WireRequest, body: Buffer, nowMs: number): Promise<InProcessAnswer>;
}

/** `allowed`, or the status of the refusal. */
export type Verdict = "allowed" | number;

export interface InProcessAnswer extends CosmosResponse {
  readonly verdict: Verdict;
}

const KEYS = ["primary", "secondary"].map((name) =>
  Buffer.from(`the ${name} key of the differential's account`).toString("base64"),
) as [string, string]; // Two names give two keys.

const ORDERS: SeedContainer = {
  id: "orders",
  partitionKey: { paths: ["/tenantId"] },
  items: ["contoso", "fabrikam"].flatMap((tenantId) =>
    ["1", "2", "a b"].map((id) => ({ id, tenantId })),
  ),
};
const DOCUMENTS: SeedContainer = {
  id: "documents",
  partitionKey: { paths: ["/tenantId", "/userId"] },
  items: ["ann", "bob"].map((userId) => ({ id: "1", tenantId: "contoso", userId })),
};

const PARTITIONS = 4;

/** Two databases whose containers have the same names. */
export function openAccountInProcess(): AccountInProcess {
  const { store, resourceTokenSecret } = openStore(createEmulatorClock(), undefined);
  const containers = [ORDERS, DOCUMENTS];
  seed(
    store,
    [
      { id: "shop", containers },
      { id: "store", containers },
    ],
    PARTITIONS,
  );
  const links = createLinkResolver(store);
  const sealer = createResourceTokenSealer(resourceTokenSecret);

  const known = [...store.databases.values()].flatMap((database) =>
    [...database.containers.values()].map((container) => ({
      database: database.id,
      databaseRid: database.rid,
      id: container.definition.id,
      rid: container.rid,
      levels: container.definition.partitionKey.paths.length,
      items: Array.from({ length: container.lastNumber }, (_, at) => {
        const item = container.itemByNumber(at + 1);
        if (item === undefined) {
          throw new Error(`The seed's item ${at + 1} is not there.`);
        }
        // The seed's keys are texts.
        return { id: item.id, rid: item.rid, key: item.key as readonly string[] };
      }),
    })),
  );

  const pass = async (request: WireRequest, body: Buffer, nowMs: number) => {
    const parsed = await parseRequest(asMessage(request, body));
    authorize(authenticate(parsed, { keys: KEYS, sealer, nowMs }), parsed, links);
    return parsed;
  };

  return {
    containers: known,
    keys: KEYS,
    sealer,
    foreignSealer: createResourceTokenSealer(Buffer.alloc(32, 7)),
    decide: async (request, nowMs) => {
      try {
        await pass(request, NO_BODY, nowMs);
        return "allowed";
      } catch (error) {
        return statusOf(error);
      }
    },
    answer: async (request, body, nowMs) => {
      let verdict: Verdict = "allowed";
      try {
        const parsed = await pass(request, body, nowMs).catch((error: unknown) => {
          verdict = statusOf(error);
          throw error;
        });
        const response = routeRequest({
          request: parsed,
          kind: requestKind(parsed),
          segments: links.toNames(parsed.segments).segments,
          itemPartitionKey: undefined,
          store,
          sealer,
          clientEndpoint: "http://cosmos.test/",
          partitionsPerContainer: PARTITIONS,
        });
        return { verdict, ...response };
      } catch (error) {
        return { verdict, ...cosmosErrorResponse(error, "no activity") };
      }
    },
  };
}

/** @throws whatever is no answer of Cosmos DB. */
function statusOf(error: unknown): number {
  // Whatever else is thrown is an error of the emulator's own, which no request may bring about.
  return error instanceof CosmosError ? error.status : 500;
}

const NO_BODY = Buffer.alloc(0);

/** Parsing takes these four of a message. */
function asMessage({ method, url, headers }: WireRequest, body: Buffer): IncomingMessage {
  const iterator = () => [body].values();
  return { method, url, headers, iterator } as unknown as IncomingMessage;
}
