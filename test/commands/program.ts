import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createConnection, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { ROOT } from "./run-command.ts";

/** The program as a process of its own, and what it has written so far. */
export interface Program {
  readonly child: ChildProcess;
  /** Standard output and standard error, together. */
  readonly log: () => string;
  /** Resolves when it has written the text; rejects if it ends before. */
  readonly hasWritten: (text: string | RegExp) => Promise<void>;
  /** Resolves with the exit code and the signal. */
  readonly ended: Promise<readonly unknown[]>;
}

export interface ProgramOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Where its standard output goes. Default: read here. */
  readonly stdout?: number | "pipe";
  readonly stderr?: number | "pipe";
}

/** Runs `cosmos-gateway` with a command line. */
export function startProgram(argv: readonly string[], options: ProgramOptions = {}): Program {
  const { env = {}, stdout = "pipe", stderr = "pipe" } = options;
  const child = spawn(process.execPath, ["src/main.ts", ...argv], {
    cwd: ROOT,
    stdio: ["ignore", stdout, stderr],
    env: { ...process.env, ...env },
  });
  let log = "";
  const more = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk) => {
      log += chunk;
      for (const look of more) {
        look();
      }
    });
  }
  const ended = once(child, "exit");
  return {
    child,
    log: () => log,
    ended,
    hasWritten: (text) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (typeof text === "string" ? log.includes(text) : text.test(log)) {
            more.delete(look);
            resolve();
          }
        };
        more.add(look);
        look();
        ended.then(() => reject(new Error(`It ended without writing ${text}:\n${log}`)));
      }),
  };
}

/** A folder with the sample shop's configuration for `serve`, and an issuer of its own. */
export async function createServeFolder(configure: (yaml: string) => string = (yaml) => yaml) {
  const folder = mkdtempSync(join(tmpdir(), "gateway-program-"));
  cpSync(join(ROOT, "schema"), join(folder, "schema"), { recursive: true });
  const { privateKey, publicKey } = await generateKeyPair("ES256");
  writeFileSync(join(folder, "keys.json"), JSON.stringify({ keys: [await exportJWK(publicKey)] }));
  const sample = readFileSync(join(ROOT, "gateway.yaml"), "utf8")
    .replace("jwksUri: https://login.example.com/keys", "jwksFile: ./keys.json")
    .replace("port: 4000", "port: 0");
  writeFileSync(join(folder, "gateway.yaml"), configure(sample));
  const bearerTokenOf = (subject: string, key = privateKey) =>
    new SignJWT({ tid: "contoso", roles: ["member"] })
      .setProtectedHeader({ alg: "ES256" })
      .setIssuer("https://login.example.com/")
      .setAudience("api://shop")
      .setSubject(subject)
      .setExpirationTime("10m")
      .sign(key);
  return {
    folder,
    config: join(folder, "gateway.yaml"),
    bearerTokenOf,
    write: (name: string, text: string) => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
}

/** Where `serve` listens, from its log. */
export function addressIn(log: string): string {
  return /"address":"([^"]+)"/.exec(log)?.[1] ?? "";
}

/** A connection of a client that keeps it, and never closes it. */
export interface KeptConnection {
  /** Sends a request, and resolves with the answer as far as it came in one go. */
  send(path: string, headers?: readonly string[]): Promise<string>;
  /**
   * Sends a request but for the last byte of its body. It is under way when this resolves; what it
   * resolves with sends that byte, and waits for the answer.
   */
  begin(path: string, headers: readonly string[], body: string): Promise<() => Promise<string>>;
  readonly socket: Socket;
  /** Resolves when the other side ended the connection. */
  readonly closed: Promise<unknown>;
}

export async function keepConnection(origin: string): Promise<KeptConnection> {
  const { hostname, port } = new URL(origin);
  const socket = createConnection({ host: hostname, port: Number(port), allowHalfOpen: true });
  await once(socket, "connect");
  socket.on("error", () => {});
  const closed = new Promise((resolve) => {
    socket.once("end", resolve).once("close", resolve);
  });
  return {
    socket,
    closed,
    send: async (path, headers = []) => {
      socket.write([`GET ${path} HTTP/1.1`, "host: localhost", ...headers, "", ""].join("\r\n"));
      return String(await once(socket, "data"));
    },
    begin: async (path, headers, body) => {
      const length = `content-length: ${Buffer.byteLength(body)}`;
      const head = [`POST ${path} HTTP/1.1`, "host: localhost", "expect: 100-continue", length];
      socket.write([...head, ...headers, "", ""].join("\r\n"));
      const [goOn] = await once(socket, "data");
      if (!String(goOn).startsWith("HTTP/1.1 100 ")) {
        throw new Error(`No request under way: ${goOn}`);
      }
      socket.write(body.slice(0, -1));
      return async () => {
        socket.write(body.slice(-1));
        return String(await once(socket, "data"));
      };
    },
  };
}
