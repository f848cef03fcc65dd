import type { Random } from "../random.ts";
import type { World } from "../world/create-world.ts";
import type { DatabaseFault } from "../world/start-database.ts";
import type { Event } from "./event.ts";

/** How the world that events happen in was started. */
export interface EventOptions {
  readonly replicas: number;
  /** Of resource tokens; `tokens.lifetimeSeconds` and `tokens.refreshAheadSeconds`. */
  readonly lifetimeSeconds: number;
  readonly refreshAheadSeconds: number;
  /** Whether the database may be restarted. */
  readonly keepsData: boolean;
}

/** How often each kind comes, of the sum. */
const WEIGHTS: Readonly<Record<Event["event"], number>> = {
  advance: 24,
  "other role": 10,
  "own role": 8,
  "new key": 5,
  throttle: 5,
  fault: 25,
  crowd: 5,
  "restart replica": 2,
  "restart database": 1,
  calm: 15,
};

const DECK = Object.entries(WEIGHTS).flatMap(([kind, weight]) =>
  // The keys are those of the record above
  Array.from({ length: weight }, () => kind as Event["event"]),
);

/** How long Cosmos DB takes a token beyond its end, in seconds (COSMOS-FACTS §5), and a bit. */
const GRACE_SECONDS = 301;

/** What happens next. The same stream gives the same events. */
export function nextEvent(world: World, options: EventOptions, random: Random): Event {
  const event = random.pick(DECK);
  // A role is a matter of a tenant
  const persons = world.callers.filter(({ claims }) => typeof claims?.tid === "string");
  switch (event) {
    case "advance":
      return nextAdvance(options, random);
    case "other role":
      return {
        event,
        caller: random.pick(persons).name,
        role: random.pick(["manager", "member", "clerk"] as const),
      };
    case "own role":
      return { event, caller: random.pick(persons).name };
    case "new key":
      return {
        event,
        key: random.pick(["primary", "secondary"] as const),
        tell: random.chance(0.5),
      };
    case "throttle":
      return {
        event,
        limits: random.pick([
          { metadataRequestUnitsPerSecond: random.int(20, 60) },
          { itemRequestUnitsPerSecond: random.int(40, 120) },
          { metadataRequestUnitsPerSecond: 40, itemRequestUnitsPerSecond: 60 },
        ]),
      };
    case "fault":
      return { event, fault: nextFault(random) };
    case "crowd": {
      const callers = random.shuffle(world.callers).slice(0, random.int(5, 20));
      return { event, callers: callers.map(({ name }) => name) };
    }
    case "restart replica":
      return { event, replica: random.int(0, options.replicas - 1) };
    case "restart database":
      return { event: options.keepsData ? event : "calm" };
    case "calm":
      return { event };
  }
}

function nextAdvance(
  { lifetimeSeconds, refreshAheadSeconds }: EventOptions,
  random: Random,
): Event {
  const into = random.pick(["a while", "refresh", "expiry", "grace"] as const);
  const seconds = {
    "a while": random.int(1, 60),
    refresh: lifetimeSeconds - refreshAheadSeconds + random.int(0, 10),
    expiry: lifetimeSeconds + random.int(-2, 200),
    grace: lifetimeSeconds + GRACE_SECONDS + random.int(0, 600),
  };
  return { event: "advance", into, seconds: seconds[into] };
}

/** Paths as they travel: item requests, those of users and permissions, those of definitions. */
const ITEMS = "^/dbs/evidence/colls/[^/]+/docs";
const ONE_ITEM = "^/dbs/evidence/colls/[^/]+/docs/";
const USERS = "^/dbs/evidence/users";
const PERMISSIONS = "^/dbs/evidence/users/[^/]+/permissions";
const DEFINITIONS = "^/dbs/evidence/colls/[^/]+(/pkranges)?$";

const PATHS: readonly string[] = [ITEMS, ITEMS, ONE_ITEM, USERS, PERMISSIONS, DEFINITIONS];

/** Each fault that the emulator knows, and each status with the substatus that says why. */
function nextFault(random: Random): DatabaseFault {
  const times = random.int(1, 3);
  const path = random.pick(PATHS);
  const method = random.chance(0.3) ? { method: random.pick(["GET", "POST", "PUT", "PATCH"]) } : {};
  const fault = { match: { ...method, path }, times };
  switch (random.int(1, 5)) {
    case 1:
      return { ...fault, drop: random.pick(["request", "response"] as const) };
    case 2:
      return { ...fault, delayMs: random.pick([5, 50, 400]) };
    case 3:
      return { ...fault, slowBodyMs: random.pick([5, 50, 400]) };
    default:
      return { ...fault, match: { ...method, path }, ...nextStatus(path, random) };
  }
}

function nextStatus(path: string, random: Random): Partial<DatabaseFault> {
  const retryAfterMs = random.pick([1, 20, 200]);
  return random.pick<Partial<DatabaseFault>>([
    // No permission; writes moved to another region; the account has left this one
    { status: 403, substatus: random.pick([0, 3, 1008]) },
    // No such item is no fault but an answer. These are: a replica that lags, a missing container
    { status: 404, substatus: path === USERS || path === PERMISSIONS ? 0 : 1002 },
    ...(path === DEFINITIONS ? [{ status: 404, substatus: 1003 }] : []),
    { status: 408 },
    { status: 410, substatus: random.pick([0, 1002]) },
    { status: 429, substatus: 3200, retryAfterMs },
    { status: 449, retryAfterMs },
    { status: 500 },
    { status: 503, substatus: random.pick([0, 20001]) },
  ]);
}
