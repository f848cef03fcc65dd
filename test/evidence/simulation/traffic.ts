import type { Findings } from "./findings.ts";
import type { WireRequest, WireWatch } from "./wire.ts";

/** Requests since the last `restart`, for laws that count them. */
export interface Traffic extends WireWatch {
  restart(): void;
  sent(): readonly WireRequest[];
}

export function createTraffic(): Traffic {
  let sent: WireRequest[] = [];
  return {
    restart: () => {
      sent = [];
    },
    sent: () => sent,
    onSend: (request) => {
      sent.push(request);
    },
  };
}

export function isFeedRead({ method, path }: WireRequest): boolean {
  return method === "GET" && path.endsWith("/permissions");
}

/** At no time may one replica read one user's permission feed twice at once. */
export function createSingleFlightWatch(findings: Findings): WireWatch {
  const underWay = new Map<string, number>();
  const keyOf = ({ replica, path }: WireRequest) => `${replica} ${path}`;
  return {
    onSend: (request) => {
      if (isFeedRead(request)) {
        const key = keyOf(request);
        const other = underWay.get(key);
        if (other !== undefined) {
          findings.add("single flight", `#${request.number} beside #${other}: ${request.path}`);
        }
        underWay.set(key, request.number);
      }
    },
    onEnd: (request) => {
      if (underWay.get(keyOf(request)) === request.number) {
        underWay.delete(keyOf(request));
      }
    },
  };
}
