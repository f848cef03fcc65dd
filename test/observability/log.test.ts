import { expect, test } from "vitest";
import { GatewayError } from "../../src/gateway-error.ts";
import { createLogger, createLogObserver } from "../../src/observability/log.ts";
import type { Observation } from "../../src/observability/observation.ts";

function logged(observation: Observation) {
  let text = "";
  createLogObserver(
    createLogger((line) => {
      text += line;
    }),
  )(observation);
  return { text, line: JSON.parse(text) };
}

test("an error is logged with its causes, and without what else hangs on it", () => {
  const cause = Object.assign(new Error("ECONNRESET"), {
    code: "ECONNRESET",
    request: { headers: { authorization: "type=resource&sig=abc" } },
  });
  const error = Object.assign(new Error("It broke.", { cause }), { headers: { key: "sig=abc" } });
  const { text, line } = logged({ kind: "operation-failed", errorId: "e1", error });
  expect(line).toMatchObject({
    level: "error",
    event: "operation-failed",
    errorId: "e1",
    error: { message: "It broke.", cause: { message: "ECONNRESET", code: "ECONNRESET" } },
  });
  expect(text).not.toContain("sig=abc");
});

test("what a client is not told is in the log", () => {
  const error = new GatewayError("UPSTREAM_UNAVAILABLE", "Not now.", {
    logReason: "cosmos.database: there is no such database",
  });
  expect(logged({ kind: "not-ready", probe: "cosmos", error }).line).toMatchObject({
    level: "warn",
    msg: "Not ready: cosmos.database: there is no such database",
  });
});

test("an error that is its own cause ends, and what is no error is not shown", () => {
  const circular = new Error("round");
  circular.cause = circular;
  expect(
    logged({ kind: "operation-failed", errorId: "e2", error: circular }).line.error,
  ).toMatchObject({
    message: "round",
  });
  const thrown = { authorization: "sig=abc" };
  const { text } = logged({ kind: "operation-failed", errorId: "e3", error: thrown });
  expect(text).not.toContain("sig=abc");
});

test("an item that does not fit the model is a warning that names it and its place", () => {
  const place = {
    type: "Order",
    container: "orders",
    field: "lines.0.sku",
    id: "order-4",
    partitionKey: ["contoso"],
    path: ["orders", "nodes", 3],
  };
  expect(logged({ kind: "item-misfit", ...place }).line).toMatchObject({
    level: "warn",
    event: "item-misfit",
    ...place,
    msg: 'An item of container "orders" does not fit type Order of the model.',
  });
});
