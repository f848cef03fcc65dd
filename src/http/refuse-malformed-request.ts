import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";

/** A fault that Node.js finds in what arrives, before there is a request to be answered. */
interface ReceivingFault extends Error {
  readonly code?: string;
}

/** How long a client may take to read that, in milliseconds. */
const CLOSE_TIMEOUT_MS = 1_000;

/**
 * Answers a request that is not HTTP, or did not arrive in time, in the shape of a GraphQL
 * response. It closes the connection, because the beginning of a next request can't be told.
 */
export function refuseMalformedRequest(fault: ReceivingFault, socket: Socket): void {
  if (fault.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const { status, code, message } = answerTo(fault);
  const body = JSON.stringify({ errors: [{ message, extensions: { code } }] });
  socket.setTimeout(CLOSE_TIMEOUT_MS, () => socket.destroy());
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      "connection: close",
      "content-type: application/json; charset=utf-8",
      `content-length: ${Buffer.byteLength(body)}`,
      "",
      body,
    ].join("\r\n"),
    // The rest of the request is not waited for.
    () => socket.destroy(),
  );
}

function answerTo({ code }: ReceivingFault) {
  switch (code) {
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return { status: 408, code: "TIMEOUT", message: "The request did not arrive in time." };
    case "HPE_HEADER_OVERFLOW":
      return { status: 431, code: "BAD_USER_INPUT", message: "The headers are too large." };
    default:
      return { status: 400, code: "BAD_USER_INPUT", message: "The request is not HTTP." };
  }
}
