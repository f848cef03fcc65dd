import type { Clock } from "../clock.ts";
import type { Observe } from "../observation.ts";

/** One thing that the gateway can't work without. `probe` throws if it is not to be had. */
export interface ReadinessProbe {
  readonly name: string;
  readonly probe: () => Promise<void>;
}

export interface Readiness {
  readonly ready: boolean;
  /** By name of the probe. Why one failed is for the log: whoever can reach the port may ask. */
  readonly checks: Readonly<Record<string, "ok" | "failed">>;
}

export interface ReadinessOptions {
  readonly probes: readonly ReadinessProbe[];
  readonly clock: Clock;
  readonly observe: Observe;
}

/**
 * How long an answer is kept, in milliseconds. Load balancers ask often, and Cosmos DB gives an
 * account only 240 RU/s for metadata.
 */
const KEEP_MS = 5_000;

/** Asks all probes at once, and once for all who ask within five seconds. */
export function createReadinessCheck(options: ReadinessOptions): () => Promise<Readiness> {
  let kept: { readonly answer: Promise<Readiness>; readonly askedAtMs: number } | undefined;
  return () => {
    const nowMs = options.clock.nowMs();
    if (kept === undefined || nowMs - kept.askedAtMs >= KEEP_MS) {
      kept = { answer: askAll(options), askedAtMs: nowMs };
    }
    return kept.answer;
  };
}

async function askAll({ probes, observe }: ReadinessOptions): Promise<Readiness> {
  const answers = await Promise.all(
    probes.map(async ({ name, probe }) => {
      try {
        await probe();
        return [name, "ok"] as const;
      } catch (error) {
        observe({ kind: "not-ready", probe: name, error });
        return [name, "failed"] as const;
      }
    }),
  );
  return {
    ready: answers.every(([, answer]) => answer === "ok"),
    checks: Object.fromEntries(answers),
  };
}
