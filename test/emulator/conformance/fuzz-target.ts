import {
  type RawAnswer,
  type RawOptions,
  startTestAccount,
  type TestAccount,
} from "../test-account.ts";

/** An emulator with some of everything, and a watch over what refused requests must leave as it is. */
export interface FuzzTarget {
  readonly account: TestAccount;
  /** Sends a request and judges the answer. Throws if it is wrong, late, or refused with a trace left behind. */
  attempt(method: string, path: string, options: RawOptions): Promise<RawAnswer>;
  /** Throws if the data is not what the last accepted write left. */
  expectUnchanged(): Promise<void>;
  /** Throws unless the emulator answers plain requests right. */
  expectWorking(): Promise<void>;
}

/** The container that inputs are aimed at. */
export const containerPath = "/dbs/db/colls/c1";

const longestAnswerMs = 10_000;

export async function createFuzzTarget(): Promise<FuzzTarget> {
  const account = await startTestAccount({ partitions: 2 });
  const container = await account.createContainer({
    uniqueKeyPolicy: { uniqueKeys: [{ paths: ["/email"] }] },
  });
  for (let index = 0; index < 6; index += 1) {
    await container.items.create({
      id: `${index}`,
      pk: index % 2 === 0 ? "a" : "b",
      email: `${index}@example.com`,
      n: index,
      list: [1, 2, 3],
      address: { city: "Oslo" },
    });
  }
  const database = account.client.database("db");
  const { user } = await database.users.create({ id: "u" });
  await user.permissions.create({
    id: "p",
    permissionMode: "Read" as never,
    resource: container.url,
  });
  await container.scripts.storedProcedures.create({ id: "s", body: "function () {}" });

  const listed = async (paths: readonly string[]): Promise<string> => {
    const answers = await Promise.all(paths.map((path) => account.send("GET", path)));
    return JSON.stringify(
      answers.map(({ body }) => body),
      // a permission has a new one each time
      (name, value) => (name === "_token" ? undefined : value),
    );
  };
  const listItems = (): Promise<string> => listed([`${containerPath}/docs`]);
  const listRest = (): Promise<string> =>
    listed([
      "/dbs",
      "/dbs/db/colls",
      `${containerPath}/sprocs`,
      `${containerPath}/udfs`,
      "/dbs/db/users",
      "/dbs/db/users/u/permissions",
    ]);
  let lastItems = await listItems();
  let lastRest = await listRest();
  let refusedWrites = 0;

  const expectItemsUnchanged = async (): Promise<void> => {
    const items = await listItems();
    if (items !== lastItems) {
      throw new Error(`A refused request changed the items: ${difference(lastItems, items)}`);
    }
  };
  const expectUnchanged = async (): Promise<void> => {
    await expectItemsUnchanged();
    const rest = await listRest();
    if (rest !== lastRest) {
      throw new Error(`A refused request changed the data: ${difference(lastRest, rest)}`);
    }
  };
  return {
    account,
    attempt: async (method, path, options) => {
      const answer = await within(longestAnswerMs, account.send(method, path, options));
      judge(answer, method);
      if (method === "GET" || method === "HEAD") {
        return answer;
      }
      if (answer.status < 400) {
        lastItems = await listItems();
        lastRest = await listRest();
        return answer;
      }
      // all that there is each time would take longer than the requests themselves
      refusedWrites += 1;
      await (refusedWrites % 20 === 0 ? expectUnchanged() : expectItemsUnchanged());
      return answer;
    },
    expectUnchanged,
    expectWorking: async () => {
      const fresh = await account.createContainer();
      await fresh.items.create({ id: "1", pk: "a", n: 41 });
      await fresh.item("1", "a").patch([{ op: "incr", path: "/n", value: 1 }]);
      const { resources } = await fresh.items.query("SELECT VALUE c.n FROM c").fetchAll();
      if (resources[0] !== 42) {
        throw new Error(`The emulator answers ${JSON.stringify(resources)}`);
      }
      await fresh.delete();
    },
  };
}

/** Both texts from where they begin to differ. */
function difference(before: string, after: string): string {
  const start = [...before].findIndex((character, index) => character !== after[index]);
  const from = Math.max(0, start - 100);
  return `${before.slice(from, from + 400)} became ${after.slice(from, from + 400)}`;
}

/** Throws unless the answer is a success or an error of the client's, in the service's shape. */
function judge({ status, body }: RawAnswer, method: string): void {
  const isFault = status < 200 || (status >= 500 && status !== 501);
  const hasShape = typeof body?.code === "string" && typeof body.message === "string";
  if (isFault || (status >= 400 && method !== "HEAD" && !hasShape)) {
    throw new Error(`${status}: ${JSON.stringify(body)}`);
  }
}

/** Rejects if the promise takes longer. */
export async function within<T>(limitMs: number, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`No answer within ${limitMs} ms`)), limitMs);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
