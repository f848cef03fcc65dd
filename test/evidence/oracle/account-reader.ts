import { setTimeout as sleep } from "node:timers/promises";
import { type Clock, systemClock } from "../../../src/clock.ts";
import { createRestClient } from "../../emulator/security/rest-client.ts";
import type { KeyValue, StoredItem } from "../../model/terms.ts";
import { withoutSystemProperties } from "../workload/observed.ts";
import { DATABASE_ID } from "../world/create-world.ts";
import type { WorldDatabase } from "../world/start-database.ts";

/** Looks at what is really stored, with the account key and past the gateway. */
export interface AccountReader {
  /** Undefined where there is none. */
  readItem(
    container: string,
    partitionKey: readonly KeyValue[],
    id: string,
  ): Promise<{ readonly content: StoredItem["content"]; readonly etag: string } | undefined>;
  /** All items of a container, contents alone. */
  readAll(container: string): Promise<readonly StoredItem["content"][]>;
}

/**
 * How the reader's requests differ from a gateway's in the emulator's request log, which has the
 * path as it was sent: an escape that says the same. Faults of `nextEvent` don't match it either.
 */
export const READER_PATH = /^\/dbs\/%65vidence\//;

/** How often it asks where the database is throttled. */
const MAX_ATTEMPTS = 50;

/**
 * @param clock what dates the signatures. Default: the machine's time, which the emulator compares
 * them with even where tests have advanced its own.
 */
export function createAccountReader(
  database: Pick<WorldDatabase, "endpoint" | "keys">,
  clock: Clock = systemClock,
): AccountReader {
  const get = async (link: string, headers: Readonly<Record<string, string>>) => {
    const path = `/${link.split("/").map(encodeURIComponent).join("/")}`;
    const rawPath = path.replace("/dbs/evidence/", "/dbs/%65vidence/");
    const client = createRestClient(database);
    for (let attempt = 1; ; attempt += 1) {
      const request = { headers, rawPath, dateMs: clock.nowMs() };
      const answer = await client.withKey("GET", link, request);
      if (answer.status !== 429 || attempt === MAX_ATTEMPTS) {
        return answer;
      }
      await sleep(Number(answer.headers["x-ms-retry-after-ms"] ?? 50) + 1);
    }
  };
  return {
    readItem: async (container, partitionKey, id) => {
      const link = `dbs/${DATABASE_ID}/colls/${container}/docs/${id}`;
      const header = asciiJson(partitionKey);
      const { status, body } = await get(link, { "x-ms-documentdb-partitionkey": header });
      if (status === 404) {
        return undefined;
      }
      if (status !== 200) {
        throw new Error(`${link}: ${status} ${JSON.stringify(body)}`);
      }
      // An item of the emulator is an object with an id
      const content = withoutSystemProperties(body) as StoredItem["content"];
      return { content, etag: String(body._etag) };
    },
    readAll: async (container) => {
      const link = `dbs/${DATABASE_ID}/colls/${container}/docs`;
      const items: StoredItem["content"][] = [];
      let continuation: string | undefined;
      do {
        const { status, body, headers } = await get(link, {
          "x-ms-max-item-count": "1000",
          ...(continuation === undefined ? {} : { "x-ms-continuation": continuation }),
        });
        if (status !== 200) {
          throw new Error(`${link}: ${status} ${JSON.stringify(body)}`);
        }
        for (const item of body.Documents) {
          items.push(withoutSystemProperties(item) as StoredItem["content"]);
        }
        const next = headers["x-ms-continuation"];
        continuation = typeof next === "string" && next !== "" ? next : undefined;
      } while (continuation !== undefined);
      return items;
    },
  };
}

/** Headers hold ASCII alone, so everything else is escaped. */
function asciiJson(value: unknown): string {
  return JSON.stringify(value).replaceAll(
    /[^\x20-\x7e]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
