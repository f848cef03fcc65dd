import type { MemorySample } from "./answer-parent.ts";
import { type SoakProcess, startProcess } from "./child-process.ts";

/** A replica's place: the process in it changes, and at times there is none. */
export interface SoakReplica {
  /** Of `/graphql`; undefined while no process takes requests. */
  readonly url: string | undefined;
  readonly startedAtMs: number;
  setClock(aheadMs: number): Promise<void>;
  readSecretsAgain(): Promise<void>;
  /** Undefined while there is no process. */
  memory(): Promise<MemorySample | undefined>;
  /** SIGTERM lets it finish what is under way; SIGKILL doesn't. Then starts another. */
  restart(signal: "SIGTERM" | "SIGKILL"): Promise<void>;
  stop(): Promise<void>;
}

export interface ReplicaPlace {
  /** With `gateway.yaml`, `issuer.json` and the key files. */
  readonly folder: string;
  readonly aheadMs: () => number;
  readonly onLogLine: (line: string) => void;
}

/** How long a replica may take to finish its requests after SIGTERM, in milliseconds. */
const DRAIN_MS = 20_000;

export async function startSoakReplica(place: ReplicaPlace): Promise<SoakReplica> {
  const { aheadMs, folder, onLogLine } = place;
  let running: { readonly process: SoakProcess; readonly url: string } | undefined;
  let startedAtMs = 0;

  const start = async () => {
    const process = startProcess("replica-process.ts", [folder, String(aheadMs())], {
      onOutput: linesTo(onLogLine),
      onNotice: () => {},
    });
    const url = String(await process.ask("url"));
    // The time may have gone on while it started
    await process.ask("clock", aheadMs());
    startedAtMs = Date.now();
    running = { process, url };
  };
  const ask = async (question: string, value?: unknown): Promise<unknown> => {
    try {
      return await running?.process.ask(question, value);
    } catch {
      // It was killed meanwhile, and the next one starts with what is asked for here
      return undefined;
    }
  };
  const end = async (signal: "SIGTERM" | "SIGKILL") => {
    const ending = running?.process;
    running = undefined;
    ending?.child.kill(signal);
    const timer = setTimeout(() => ending?.child.kill("SIGKILL"), DRAIN_MS);
    await ending?.ended;
    clearTimeout(timer);
  };

  await start();
  return {
    get url() {
      return running?.url;
    },
    get startedAtMs() {
      return startedAtMs;
    },
    setClock: async (ahead) => {
      await ask("clock", ahead);
    },
    readSecretsAgain: async () => {
      await ask("readSecretsAgain");
    },
    // The process measures so itself
    memory: async () => (await ask("memory")) as MemorySample | undefined,
    restart: async (signal) => {
      await end(signal);
      await start();
    },
    stop: () => end("SIGTERM"),
  };
}

/** Puts whole lines together from what a pipe gives. */
function linesTo(onLine: (line: string) => void): (text: string) => void {
  let rest = "";
  return (text) => {
    const lines = `${rest}${text}`.split("\n");
    rest = lines.pop() ?? "";
    lines.forEach(onLine);
  };
}
