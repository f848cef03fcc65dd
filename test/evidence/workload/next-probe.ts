import type { Json, Operation } from "../../model/terms.ts";
import type { Difference } from "../oracle/judge.ts";
import type { Random } from "../random.ts";
import type { Caller } from "../world/callers.ts";
import type { World } from "../world/create-world.ts";
import { type AskOptions, post } from "./ask.ts";
import { nextTarget } from "./next-target.ts";
import { type Observed, readReply } from "./observed.ts";
import type { PartitionKey } from "./places.ts";
import { renderOperation } from "./render-operation.ts";

/** A request that no honest client sends. The reference model has no words for it. */
export interface Probe {
  readonly name: string;
  readonly query: string;
  readonly variables: Readonly<Record<string, Json>>;
  /** What `data` has the answer under. */
  readonly alias: string;
  /**
   * `nothing`: refused, or null, or no rows. `anything`: what comes is only for the leak search:
   * it may be items that the caller may see. `tokens`: the caller's own resource tokens, if it is
   * somebody; never for the leak search of tokens.
   */
  readonly may: "nothing" | "anything" | "tokens";
}

/** A cursor that someone was given, and for what. */
export interface GivenCursor {
  readonly caller: string;
  readonly operation: Extract<Operation, { readonly do: "list" }>;
  readonly cursor: string;
}

/** Ids that no item can have, or that a URL could read as something else. */
const HOSTILE_IDS: readonly string[] = [
  ...["..", ".", "", " ", "o1/../o2", "../../customers/docs/c1", "o1#x", "o1\\o2"],
  "x/../../../../users",
];

/** Names that are no container, but lead to something if they are put into a path. */
const HOSTILE_CONTAINERS: readonly string[] = ["..", "orders/docs/o1", "../users", "", "Orders"];

type MakeProbe = (place: ProbePlace, random: Random) => Probe;

interface ProbePlace {
  readonly world: World;
  readonly container: string;
  /** Somebody else's. */
  readonly foreign: PartitionKey;
  readonly mark: string;
}

const item = "item(container: $container, id: $id, partitionKey: $key)";

const MAKERS: readonly MakeProbe[] = [
  ({ container, foreign }, random) => ({
    name: "an id that is a path",
    query: `query ($container: String!, $id: ID!, $key: JSON) { ${item} }`,
    variables: { container, id: random.pick(HOSTILE_IDS), key: foreign },
    alias: "item",
    may: "nothing",
  }),
  ({ foreign }, random) => ({
    name: "a container that is a path",
    query: `query ($container: String!, $id: ID!, $key: JSON) { ${item} }`,
    variables: { container: random.pick(HOSTILE_CONTAINERS), id: "o1", key: foreign },
    alias: "item",
    may: "nothing",
  }),
  ({ world, mark }, random) => ({
    name: "an item for one partition, sent to another",
    query:
      'mutation ($item: JSON!, $key: JSON) { upsertItem(container: "orders", item: $item, partitionKey: $key) }',
    variables: {
      item: { id: "stray", type: "order", tenantId: random.pick(world.tenants).id, mark },
      key: ["nobody's partition"],
    },
    alias: "upsertItem",
    may: "nothing",
  }),
  ({ container, foreign }, random) => ({
    name: "SQL that makes something of items",
    query:
      "query ($container: String!, $sql: String!, $key: JSON) { items(container: $container, query: $sql, partitionKey: $key) { rows } }",
    variables: {
      container,
      sql: random.pick([
        "SELECT VALUE c.mark FROM c",
        "SELECT c.tenantId, c.mark FROM c WHERE c.tenantId != null",
        "SELECT VALUE COUNT(1) FROM c",
        "SELECT TOP 3 l.label, c.id FROM c JOIN l IN c.lines",
        "SELECT VALUE { m: c.mark, all: c } FROM c ORDER BY c.id",
      ]),
      ...(random.chance(0.5) ? { key: foreign } : {}),
    },
    alias: "items",
    may: "anything",
  }),
  () => ({
    name: "resource tokens",
    query: "mutation { issueResourceTokens { container partitionKey item mode token } }",
    variables: {},
    alias: "issueResourceTokens",
    may: "tokens",
  }),
];

/** @param cursors that others were given; without any, no probe is about one. */
export function nextProbe(
  world: World,
  caller: Caller,
  cursors: readonly GivenCursor[],
  random: Random,
): Probe {
  const others = cursors.filter((given) => given.caller !== caller.name);
  if (others.length > 0 && random.chance(0.4)) {
    return cursorProbe(random.pick(others), random);
  }
  const target = nextTarget(
    world,
    { ...caller, claims: { sub: "nobody" } },
    new Map(),
    "read",
    random,
  );
  const { plan, partitionKey, mark } = target;
  const place = { world, container: plan.container, foreign: partitionKey, mark };
  return random.pick(MAKERS)(place, random);
}

/** Somebody else's cursor, as it is or with one character changed. */
function cursorProbe({ operation, cursor }: GivenCursor, random: Random): Probe {
  const at = random.int(0, cursor.length - 1);
  const changed = `${cursor.slice(0, at)}${cursor[at] === "A" ? "B" : "A"}${cursor.slice(at + 1)}`;
  const isChanged = random.chance(0.3);
  const rendered = renderOperation(operation, { after: isChanged ? changed : cursor });
  return {
    name: isChanged ? "an altered cursor" : "somebody else's cursor",
    ...rendered,
    may: "nothing",
  };
}

/** Sends a probe; resource tokens that come go to `tokens`, to be looked for from then on. */
export async function sendProbe(
  { query, variables, alias }: Probe,
  options: AskOptions,
  tokens: Set<string>,
): Promise<Observed> {
  const reply = await post(options, { query, variables });
  if (typeof reply === "string") {
    return { replies: [], errors: [], cursors: [], failure: reply };
  }
  const { value, errors } = readReply(reply, alias);
  for (const [, token = ""] of reply.text.matchAll(/"token":"([^"]+)"/g)) {
    tokens.add(token);
  }
  return { replies: [reply], errors, cursors: [], ...(value === null ? {} : { answer: value }) };
}

/** Something where there should be nothing; an internal error; no answer at all. */
export function judgeProbe({ name, may }: Probe, observed: Observed): Difference | undefined {
  const { answer = null, errors, failure } = observed;
  if (failure !== undefined) {
    return { kind: "no answer", detail: `${name}: ${failure}` };
  }
  const internal = errors.find(({ code }) => code === "INTERNAL_SERVER_ERROR");
  if (internal !== undefined) {
    return { kind: "internal error", detail: `${name}: ${internal.message}` };
  }
  return may === "nothing" && answer !== null
    ? { kind: "wrong grant", detail: `${name}: ${JSON.stringify(answer).slice(0, 300)}` }
    : undefined;
}
