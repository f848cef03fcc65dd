import { accessOf } from "../../model/access.ts";
import { READER_PATH } from "../oracle/account-reader.ts";
import type { Caller } from "../world/callers.ts";
import { DATABASE_ID } from "../world/create-world.ts";
import type { StartedWorld } from "../world/start-world.ts";

/** Looks whose tokens the database was shown for a caller: the answers may be the same with others. */
export interface TokenWatch {
  /**
   * What the database was asked since the last time, all for this caller; undefined: for nobody who
   * may ask it anything; `anyone`: nothing is looked at.
   */
  findForeign(
    caller: Caller | "anyone" | undefined,
    isClean: boolean,
  ): Promise<{ readonly kind: "foreign token"; readonly detail: string } | undefined>;
}

/** The log is cut when it is so long: to read some of it twice costs less than to cut each time. */
const LONG = 150;

export function createTokenWatch({ world, database }: StartedWorld): TokenWatch {
  let seen = 0;
  // Where an operation failed in part, its other requests may still be under way.
  let late: string | undefined;
  return {
    findForeign: async (caller, isClean) => {
      const requests = await database.requests();
      const fresh = requests.slice(seen);
      seen = requests.length;
      if (seen > LONG) {
        await database.forgetRequests();
        seen = 0;
      }
      if (caller === "anyone") {
        return undefined;
      }
      const access = caller && accessOf(world.profiles, caller.claims, DATABASE_ID);
      const own = access === undefined || "refused" in access ? undefined : access.cosmosUser;
      const foreign = fresh.find(({ authorization, cosmosUser, path }) =>
        authorization === "resource"
          ? cosmosUser !== own && cosmosUser !== late
          : authorization === "master" && /\/docs(\/|$)/.test(path) && !READER_PATH.test(path),
      );
      late = isClean ? undefined : own;
      if (foreign === undefined) {
        return undefined;
      }
      const { method, path, cosmosUser } = foreign;
      const whose = cosmosUser === null ? "the account key" : `a token of ${cosmosUser}`;
      return {
        kind: "foreign token",
        detail: `${method} ${path} for ${own ?? "nobody"} was sent with ${whose}`,
      };
    },
  };
}
