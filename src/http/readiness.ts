import type { Clock } from "../clock.ts";
import { GatewayError } from "../gateway-error.ts";
import type { Observe } from "../observability/observation.ts";

/** One thing that the gateway can't work without. `probe` throws an error if it can't be had. */
export interface ReadinessProbe {
  readonly name: string;
  readonly probe: () => Promise<void>;
  /** Name of an earlier probe: if that fails, this one can tell nothing and is not asked. */
  readonly needs?: string;
}

export interface Readiness {
  readonly ready: boolean;
  /** By name of the probe. */
  readonly checks: Readonly<Record<string, "ok" | "failed" | "unchecked">>;
  /**
   * By name of the probe, where one failed for a reason that clients may know, such as the
   * container that is missing. Any other is for the log alone, because everyone who reaches the
   * port may ask.
   */
  readonly reasons?: Readonly<Record<string, string>>;
}

export interface ReadinessOptions {
  readonly probes: readonly ReadinessProbe[];
  /** Whether the process is about to end. It is not ready then, even if all probes succeed. */
  readonly isDraining: () => boolean;
  readonly clock: Clock;
  readonly observe: Observe;
}

/**
 * How long an answer is kept, in milliseconds. Load balancers ask often, and Cosmos DB gives an
 * account only 240 RU/s for metadata.
 */
const KEEP_MS = 5_000;

const ABOUT_TO_END: Readiness = { ready: false, checks: { running: "failed" } };

/** Asks all probes at once, and once for all who ask within five seconds. */
export function createReadinessCheck(options: ReadinessOptions): () => Promise<Readiness> {
  let kept: { readonly answer: Promise<Readiness>; readonly askedAtMs: number } | undefined;
  return () => {
    if (options.isDraining()) {
      return Promise.resolve(ABOUT_TO_END);
    }
    const nowMs = options.clock.nowMs();
    if (kept === undefined || nowMs - kept.askedAtMs >= KEEP_MS) {
      kept = { answer: askAll(options), askedAtMs: nowMs };
    }
    return kept.answer;
  };
}

async function askAll({ probes, observe }: ReadinessOptions): Promise<Readiness> {
  const reasons: Record<string, string> = {};
  const answers = new Map<string, Promise<"ok" | "failed" | "unchecked">>();
  const ask = async ({ name, probe, needs }: ReadinessProbe) => {
    if (needs !== undefined && (await answers.get(needs)) !== "ok") {
      return "unchecked";
    }
    try {
      await probe();
      return "ok";
    } catch (error) {
      observe({ kind: "not-ready", probe: name, error });
      if (error instanceof GatewayError && error.code === "CONTAINER_MISSING") {
        reasons[name] = error.message;
      }
      return "failed";
    }
  };
  for (const each of probes) {
    answers.set(each.name, ask(each));
  }
  const checks = await Promise.all(
    [...answers].map(async ([name, answer]) => [name, await answer] as const),
  );
  return {
    ready: checks.every(([, answer]) => answer === "ok"),
    checks: Object.fromEntries(checks),
    ...(Object.keys(reasons).length === 0 ? {} : { reasons }),
  };
}
