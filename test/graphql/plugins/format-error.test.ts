import { buildSchema, GraphQLError, graphql, parse, validate } from "graphql";
import { describe, expect, test } from "vitest";
import { GatewayError } from "../../../src/gateway-error.ts";
import { createErrorFormatter } from "../../../src/graphql/plugins/format-error.ts";
import type { Observation } from "../../../src/observability/observation.ts";

/** Formats as Apollo Server does: it adds its code before it asks. */
function format(error: GraphQLError, code?: string) {
  const observations: Observation[] = [];
  const formatError = createErrorFormatter({
    observe: (observation) => {
      observations.push(observation);
    },
  });
  const json = error.toJSON();
  const extensions = {
    ...json.extensions,
    code: code ?? json.extensions?.code ?? "INTERNAL_SERVER_ERROR",
  };
  return { formatted: formatError({ ...json, extensions }, error), observations };
}

const thrown = (original: Error) =>
  new GraphQLError(original.message, { originalError: original, path: ["order"] });

test("a gateway error keeps its message, code and time to wait", () => {
  const error = new GatewayError("THROTTLED", "Busy.", {
    retryAfterMs: 250,
    logReason: "429 from x",
  });
  const { formatted, observations } = format(thrown(error));
  expect(formatted).toEqual({
    message: "Busy.",
    path: ["order"],
    extensions: { code: "THROTTLED", retryAfterMs: 250 },
  });
  expect(observations).toEqual([]);
});

test("a gateway error of one of several operations says which", () => {
  const error = new GatewayError("CONFLICT", "Taken.", { operationIndex: 0 });
  expect(format(thrown(error)).formatted.extensions).toEqual({
    code: "CONFLICT",
    operationIndex: 0,
  });
});

test("one that was wrapped twice is still found", () => {
  const { formatted } = format(thrown(thrown(new GatewayError("CONFLICT", "Taken."))));
  expect(formatted.extensions).toEqual({ code: "CONFLICT" });
});

test.each([
  ["an unexpected error", new TypeError("secret: token=abc")],
  [
    "a gateway error that is internal",
    new GatewayError("INTERNAL_SERVER_ERROR", "secret", { cause: new Error("x") }),
  ],
])("%s is hidden behind an id, and observed whole", (_name, original) => {
  const { formatted, observations } = format(thrown(original));
  const { code, errorId, ...rest } = formatted.extensions ?? {};
  expect(code).toBe("INTERNAL_SERVER_ERROR");
  expect(errorId).toMatch(/^[0-9a-f-]{36}$/);
  expect(rest).toEqual({});
  expect(JSON.stringify(formatted)).not.toContain("secret");
  expect(observations).toEqual([{ kind: "operation-failed", errorId, error: original }]);
});

test("no stack trace leaves, even where Apollo Server added one", () => {
  const error = thrown(new Error("x"));
  const formatError = createErrorFormatter({ observe: () => {} });
  const formatted = formatError(
    { ...error.toJSON(), extensions: { code: "INTERNAL_SERVER_ERROR", stacktrace: ["at x"] } },
    error,
  );
  expect(JSON.stringify(formatted)).not.toContain("at x");
});

test("errors about the operation keep Apollo Server's codes", () => {
  const schema = buildSchema("type Query { a: Int }");
  const [unknownField] = validate(schema, parse("{ b }"));
  if (unknownField === undefined) {
    throw new Error("The field should be unknown.");
  }
  const { formatted } = format(unknownField, "GRAPHQL_VALIDATION_FAILED");
  expect(formatted).toMatchObject({
    message: 'Cannot query field "b" on type "Query". Did you mean "a"?',
    locations: [{ line: 1, column: 3 }],
    extensions: { code: "GRAPHQL_VALIDATION_FAILED" },
  });
});

test("a team's own error with a code of its own passes", () => {
  const own = new GraphQLError("Closed today.", { extensions: { code: "SHOP_CLOSED" } });
  expect(format(own).formatted.extensions).toEqual({ code: "SHOP_CLOSED" });
});

describe("errors that execution finds", () => {
  const schema = buildSchema("type Query { a(x: Int! = 1): Int!  b: Int! }");
  const run = async (
    source: string,
    rootValue: object,
    variableValues?: Record<string, unknown>,
  ) => {
    const { errors } = await graphql({
      schema,
      source,
      rootValue,
      ...(variableValues === undefined ? {} : { variableValues }),
    });
    const [error] = errors ?? [];
    if (error === undefined) {
      throw new Error("It should fail.");
    }
    return format(error).formatted;
  };

  test("a null variable where none may be is BAD_USER_INPUT", async () => {
    const formatted = await run("query ($x: Int) { a(x: $x) }", { a: 1 }, { x: null });
    expect(formatted.extensions).toEqual({ code: "BAD_USER_INPUT" });
  });

  test.each([
    ["a stored value of another type", { b: "text" }],
    ["a missing value that the model needs", {}],
  ])("%s is the server's fault", async (_name, rootValue) => {
    expect((await run("{ b }", rootValue)).extensions?.code).toBe("INTERNAL_SERVER_ERROR");
  });
});
