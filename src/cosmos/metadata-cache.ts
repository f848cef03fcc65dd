import type { PipelineResponse } from "@azure/core-rest-pipeline";
import type { Clock } from "../clock.ts";

/** What the gateway keeps of Cosmos DB's answers about the account and its containers. */
export type MetadataKind = "account" | "container" | "ranges";

export interface MetadataCache {
  /**
   * The kept answer, or the one of `send`, which is kept if it is a 200. One request at a time for
   * a URL: other callers wait for it. If it was refused (401, 403) or given up, only the caller who
   * sent it fails, and the next in line tries with its own token. Any other failure is everybody's.
   * A wait ends when `signal` is aborted.
   */
  read(
    kind: MetadataKind,
    url: string,
    send: () => Promise<PipelineResponse>,
    signal: AbortSignal,
  ): Promise<PipelineResponse>;
  /**
   * Forgets what Cosmos DB's answer to another request showed to be out of date: the account, or
   * everything about the container that a URL lies in.
   */
  forgetAccount(): void;
  forgetContainer(url: string): void;
}

/**
 * An answer younger than this is not forgotten, in milliseconds: so that a fault that many requests
 * meet at once leads to one read, and not to one read a request.
 */
const MIN_AGE_MS = 1_000;

interface KeptAnswer {
  readonly kind: MetadataKind;
  readonly response: PipelineResponse;
  readonly readAtMs: number;
}

/**
 * One for the process. Cosmos DB gives an account 240 RU/s for metadata, however much it pays. So
 * the account document, the container definitions and their partition key ranges are read once and
 * not once a caller. They hold nothing that depends on who reads them.
 */
export function createMetadataCache(clock: Clock): MetadataCache {
  const kept = new Map<string, KeptAnswer>();
  const underWay = new Map<string, Promise<PipelineResponse>>();

  const forget = (isMeant: (url: string, answer: KeptAnswer) => boolean) => {
    for (const [url, answer] of kept) {
      const ageMs = clock.nowMs() - answer.readAtMs;
      // A clock that was put back would keep it until it has caught up.
      if (isMeant(url, answer) && (ageMs < 0 || ageMs >= MIN_AGE_MS)) {
        kept.delete(url);
      }
    }
  };

  const readAndKeep = async (
    kind: MetadataKind,
    url: string,
    send: () => Promise<PipelineResponse>,
  ): Promise<PipelineResponse> => {
    const readAtMs = clock.nowMs();
    const response = await send();
    if (response.status === 200) {
      kept.set(url, { kind, response, readAtMs });
    }
    return response;
  };

  return {
    read: async (kind, url, send, signal) => {
      for (;;) {
        const answer = kept.get(url);
        if (answer !== undefined) {
          return answer.response;
        }
        const other = underWay.get(url);
        if (other === undefined) {
          const own = readAndKeep(kind, url, send);
          underWay.set(url, own);
          try {
            return await own;
          } finally {
            underWay.delete(url);
          }
        }
        const response = await other.catch(rethrowUnlessAborted);
        if (response !== undefined && !isRefused(response)) {
          return response;
        }
        signal.throwIfAborted();
      }
    },
    forgetAccount: () => forget((_url, { kind }) => kind === "account"),
    forgetContainer: (url) => {
      const container = containerUrl(url);
      forget((each) => container !== undefined && containerUrl(each) === container);
    },
  };
}

function isRefused({ status }: PipelineResponse): boolean {
  return status === 401 || status === 403;
}

function rethrowUnlessAborted(error: unknown): undefined {
  if (!(error instanceof Error && error.name === "AbortError")) {
    throw error;
  }
}

/** Of a URL on a container or anything in it; without the host, which differs by region. */
function containerUrl(url: string): string | undefined {
  return /\/dbs\/[^/]+\/colls\/[^/]+/.exec(url)?.[0];
}
