import { expect, test } from "vitest";
import { createFindings } from "./findings.ts";
import { createLeakWatch } from "./leak-watch.ts";

const MARK = "mk0123456789abcdefghij";
const TOKEN = "type=resource&ver=1.0&sig=AAAABBBBCCCCDDDDEEEEFFFF;GGGGHHHHIIIIJJJJKKKK";
const caller = { name: "ann of contoso", mayCarry: new Set<string>() };

function startWatch() {
  const findings = createFindings(() => 0);
  const keys = [Buffer.alloc(64, 1), Buffer.alloc(64, 2)].map((key) => key.toString("base64"));
  const [primary = "", secondary = ""] = keys;
  const watch = createLeakWatch(
    { marks: new Map([[MARK, "tenant contoso"]]) },
    { keys: [primary, secondary], openToken: () => undefined },
    findings,
  );
  const laws = () => [...new Set(findings.list().map(({ law }) => law))];
  return { watch, secondary, laws };
}

test("an answer without anything secret is let pass", () => {
  const { watch, laws } = startWatch();
  const text = '{"errors":[{"message":"The data store did not answer."}]}';
  watch.searchAnswer({ data: undefined, errors: [], text, session: "s" }, caller, "ann");
  watch.searchLog({ kind: "caller-refused", reason: "expired" });
  expect(laws()).toEqual([]);
});

test.each([TOKEN, encodeURIComponent(TOKEN), `The request was ${JSON.stringify({ a: TOKEN })}`])(
  "a resource token is found in an answer: %s",
  (text) => {
    const { watch, laws } = startWatch();
    watch.searchAnswer({ data: undefined, errors: [], text, session: undefined }, caller, "ann");
    expect(laws()).toEqual(["secret told"]);
  },
);

test("a key, a resource token and a mark are found in the log", () => {
  const { watch, secondary, laws } = startWatch();
  watch.searchLog({ kind: "caller-refused", reason: secondary });
  expect(laws()).toEqual(["secret told"]);
  const other = startWatch();
  other.watch.searchLog({ kind: "caller-refused", reason: encodeURIComponent(TOKEN) });
  expect(other.laws()).toEqual(["secret told"]);
  other.watch.searchLog({ kind: "caller-refused", reason: MARK });
  expect(other.laws()).toEqual(["secret told", "foreign mark"]);
});
