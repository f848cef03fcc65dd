import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import type { SelfSignedCertificate } from "./self-signed-certificate.ts";

/** Answers one HTTP request, well-formed or not. Never rejects. */
export type RequestHandler = (message: IncomingMessage, response: ServerResponse) => Promise<void>;

export interface EmulatorServer {
  /** With scheme, host, port and a slash at the end. */
  readonly endpoint: string;
  /** Answers what is under way, for that long at most, and closes every connection. */
  stop(drainTimeoutMs?: number): Promise<void>;
}

export interface ServerOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly handle: RequestHandler;
  /** Serves HTTPS with it; absent: HTTP. */
  readonly certificate?: SelfSignedCertificate;
}

/**
 * Resource tokens, session and continuation tokens travel in headers: Node.js' default of 16 KB is
 * too small.
 */
const MAX_HEADER_BYTES = 64 * 1024;

/** Longer than clients keep an idle connection, so that none is closed under a request. */
const KEEP_ALIVE_MS = 120_000;

/** How long `stop` waits for requests under way where it isn't told, in milliseconds. */
const DRAIN_MS = 1_000;

/** Starts listening. Rejects if the address is taken. */
export async function startServer(options: ServerOptions): Promise<EmulatorServer> {
  const server = createHttpServer(options);
  const underWay = trackAnswers(server);
  server.on("clientError", (_error, socket) => {
    refuseMalformed(socket as Socket);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, options.host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  const host = options.host.includes(":") ? `[${options.host}]` : options.host;
  return {
    endpoint: `${options.certificate === undefined ? "http" : "https"}://${host}:${port}/`,
    stop: async (drainTimeoutMs = DRAIN_MS) => {
      const closed = new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
      server.closeIdleConnections();
      await underWay.end(drainTimeoutMs);
      // Those that are left wait for a request that may never come.
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Knows the answers under way, so that each can be the last of its connection. */
function trackAnswers(server: Server): { end(timeoutMs: number): Promise<void> } {
  const answers = new Set<ServerResponse>();
  let whenAnswered = (): void => {};
  server.on("request", (_message, response: ServerResponse) => {
    answers.add(response);
    response.once("close", () => {
      answers.delete(response);
      if (answers.size === 0) {
        whenAnswered();
      }
    });
  });
  return {
    end: (timeoutMs) =>
      new Promise((resolve) => {
        if (answers.size === 0) {
          resolve();
          return;
        }
        const timeout = setTimeout(resolve, timeoutMs);
        whenAnswered = () => {
          clearTimeout(timeout);
          resolve();
        };
        for (const response of answers) {
          response.shouldKeepAlive = false;
        }
      }),
  };
}

function createHttpServer({ handle, certificate }: ServerOptions): Server {
  const limits = { maxHeaderSize: MAX_HEADER_BYTES, keepAliveTimeout: KEEP_ALIVE_MS };
  const listener = (message: IncomingMessage, response: ServerResponse): void => {
    void handle(message, response);
  };
  return certificate === undefined
    ? createServer(limits, listener)
    : createTlsServer({ ...limits, key: certificate.key, cert: certificate.certificate }, listener);
}

/** Answers what is not HTTP: there is no request to hang the answer on. */
function refuseMalformed(socket: Socket): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const body = JSON.stringify({ code: "BadRequest", message: "Bad Request: malformed HTTP." });
  socket.end(
    `HTTP/1.1 400 Bad Request\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}
