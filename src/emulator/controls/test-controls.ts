import { CosmosError } from "../cosmos-error.ts";
import type { EmulatorClock } from "../emulator-clock.ts";
import type { CosmosRequest, CosmosResponse } from "../http/cosmos-request.ts";
import { readJsonObject } from "../http/request-body.ts";
import type { AccountKeys } from "../security/account-keys.ts";
import type { Throttle } from "../throttling/throttle.ts";
import { createFaults, type Faults } from "./faults.ts";
import { createRequestLog, type RequestLog } from "./request-log.ts";
import { setThroughputLimits } from "./throughput-control.ts";

/**
 * What tests may see and do, through the routes under `/_emulator`, which take no authorization.
 */
export interface TestControls {
  readonly log: RequestLog;
  readonly faults: Faults;
  /** The answer to a control request; undefined for a request of the service. */
  handle(request: CosmosRequest): CosmosResponse | undefined;
}

/** What the controls act on. */
export interface TestControlOptions {
  readonly clock: EmulatorClock;
  readonly throttle: Throttle;
  readonly accountKeys: AccountKeys;
}

export function createTestControls({
  clock,
  throttle,
  accountKeys,
}: TestControlOptions): TestControls {
  const log = createRequestLog();
  const faults = createFaults();
  const routes: Readonly<Record<string, (request: CosmosRequest) => CosmosResponse>> = {
    "POST clock": (request) => {
      const seconds = readJsonObject(request).advanceSeconds;
      if (typeof seconds !== "number") {
        throw new CosmosError(400, "BadRequest", "advanceSeconds must be a number.");
      }
      clock.advance(seconds);
      return { status: 200, body: { nowMs: clock.nowMs() } };
    },
    "POST throughput": (request) => setThroughputLimits(throttle, request),
    "POST keys": (request) => {
      const name = readJsonObject(request).regenerate;
      if (name !== "primary" && name !== "secondary") {
        throw new CosmosError(400, "BadRequest", "regenerate must be 'primary' or 'secondary'.");
      }
      return { status: 200, body: { key: accountKeys.regenerate(name) } };
    },
    "POST faults": (request) => {
      faults.add(readJsonObject(request));
      return { status: 201, body: {} };
    },
    "DELETE faults": () => {
      faults.clear();
      return { status: 204 };
    },
    "GET requests": () => ({ status: 200, body: { requests: log.entries() } }),
    "DELETE requests": () => {
      log.clear();
      return { status: 204 };
    },
  };
  return {
    log,
    faults,
    handle: (request) => {
      const [root, name, ...rest] = request.segments;
      if (root !== "_emulator") {
        return undefined;
      }
      const route = `${request.method} ${name}`;
      if (rest.length > 0 || !Object.hasOwn(routes, route)) {
        return { status: 404, body: { code: "NotFound", message: "No such test control." } };
      }
      try {
        return routes[route]?.(request);
      } catch (error) {
        const message = error instanceof CosmosError ? error.message : "Malformed control request.";
        return { status: 400, body: { code: "BadRequest", message } };
      }
    },
  };
}
